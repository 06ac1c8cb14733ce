// The line in which one says what is to be done, with what is understood of it while it is typed.

import { h, units } from './dom.js';
import { meanings, meaningWords, pieces, wordsOf } from './typed.js';
import { button } from './view.js';

export function entry(state, act) {
  return h('section', { class: 'entry', 'aria-label': 'Say it' },
    h('form', { onsubmit: (event) => { event.preventDefault(); act.say(event.target.message.value, event.target); } },
      h('div', { class: 'line' },
        h('div', { class: 'marks', 'aria-hidden': 'true' }, pieces(state.typed).map((it) => (it.as ? h('mark', { class: `as-${it.as}` }, it.text) : h('span', {}, it.text)))),
        h('input', {
          name: 'message', 'aria-label': 'Add, find or complete tasks in plain words', placeholder: 'buy milk tomorrow 9am #home !high', maxlength: units(2000), autocomplete: 'off', focus: matchMedia('(min-width: 48rem)').matches,
          oninput: ({ target }) => { act.type(target.value); follow(target); }, onscroll: ({ target }) => follow(target), onkeyup: ({ target }) => follow(target),
        })),
      h('button', { class: 'primary', disabled: state.saying }, 'Add')),
    understood(state, act),
    h('div', { class: 'reply', 'aria-live': 'polite' },
      state.reply && h('p', {}, state.reply),
      state.choices.map((it) => button(it.label, () => act.say(it.say), { key: it.say, class: 'chip' }))));
}

// The marks lie under the text, wherever a long line was scrolled to.
const follow = (input) => requestAnimationFrame(() => { input.previousElementSibling.scrollLeft = input.scrollLeft; });

function understood(state, act) {
  const { typed } = state;
  const due = typed.understood.find((it) => it.as === 'due')?.value;
  const all = meanings(typed).filter((it) => it.value !== 'add').map((it) => ({ ...it, says: meaningWords(it, due, state) }));
  const literal = typed.literal.map((it) => ({ it, words: wordsOf(typed.message, it) }));
  const toInput = (run) => ({ target }) => { const { message } = target.closest('.entry').querySelector('form'); run(); message.focus(); };
  return h('div', { class: 'understood' },
    h('p', { class: 'said', role: 'status' }, typed.question ? `It will ask: ${typed.question}` : all.length > 0 && `Understood: ${all.map((it) => it.says).join('; ')}`),
    (all.length > 0 || literal.length > 0) && h('ul', {},
      all.map((it) => h('li', { key: `${it.as} ${it.value}` }, button([h('span', { class: `dot as-${it.as}` }), it.says, h('span', { class: 'drop', 'aria-hidden': 'true' }, '✕')], toInput(() => act.literal(it.spans)), {
        class: 'chip', 'aria-label': `${it.says}: leave “${it.words}” in the title`, title: `Leave “${it.words}” in the title`,
      }))),
      literal.map(({ it, words }) => h('li', { key: `literal ${it.from}` }, button([`“${words}” as it is written`, h('span', { class: 'drop', 'aria-hidden': 'true' }, '✕')], toInput(() => act.notLiteral(it)), {
        class: 'chip quiet', 'aria-label': `“${words}” stays in the title: let it mean something again`,
      })))),
    typed.question && h('p', { class: 'quiet', 'aria-hidden': 'true' }, `Will ask: ${typed.question}`));
}
