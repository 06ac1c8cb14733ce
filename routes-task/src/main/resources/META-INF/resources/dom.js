// The page is a function of the state: h() says what should be there, patch() makes the document so and touches
// nothing else, so that focus, selection and what is half typed stay. Text only ever becomes text nodes.

// HTML counts UTF-16 units, of which a character has two at most; the server counts characters, and says what is too long.
export const units = (characters) => 2 * characters;

export const h = (tag, props, ...children) => ({
  tag, props: props ?? {}, children: children.flat(Infinity).filter((it) => it != null && it !== false && it !== ''),
});

export function patch(parent, wanted) {
  const keys = new Set(wanted.map((it) => it.props?.key));
  const keyed = new Map();
  const others = [];
  for (const node of [...parent.childNodes]) {
    if (node.key === undefined) others.push(node);
    else if (keys.has(node.key)) keyed.set(node.key, node);
    else node.remove();
  }
  let place = parent.firstChild;
  for (const it of wanted) {
    const tag = it.tag ?? '#text';
    const key = it.props?.key;
    let node = keyed.get(key);
    if (key === undefined) {
      const at = others.findIndex((other) => other.tag === tag);
      if (at >= 0) {
        // Those passed over go first: what follows need not move, and what moves loses its focus.
        for (const passed of others.splice(0, at)) {
          if (passed === place) place = passed.nextSibling;
          passed.remove();
        }
        node = others.shift();
      }
    }
    if (node && node.tag !== tag) {
      if (node === place) place = node.nextSibling;
      node.remove();
      node = undefined;
    }
    if (!node) {
      node = it.tag ? document.createElement(it.tag) : document.createTextNode('');
      Object.assign(node, { tag, key, props: {} });
    }
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
    if (it.tag) {
      set(node, it.props);
      patch(node, it.children);
      if ('value' in it.props) setValue(node, it.props.value); // a select needs its options first
      node.props = it.props;
    } else if (node.data !== String(it)) node.data = String(it);
  }
  for (const node of others) node.remove();
}

function set(node, props) {
  for (const name of new Set([...Object.keys(node.props), ...Object.keys(props)])) {
    const value = props[name];
    if (name === 'key' || name === 'value' || value === node.props[name]) continue;
    if (name.startsWith('on')) node[name] = value ?? null;
    else if (name === 'checked') node.checked = value;
    else if (name === 'focus') value && queueMicrotask(() => node.focus());
    else if (value == null || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? '' : value);
  }
}

// Only when what is wanted changes, so that a half typed value stays.
function setValue(node, value) {
  if (value !== node.props.value && node.value !== value) node.value = value ?? '';
}
