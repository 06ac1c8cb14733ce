// The sentence that is being typed, and which of its words were understood. Places count characters, as the server does.

import { dueWords, nagWords, reminderWords, ruleWords } from './words.js';

export const NOTHING_TYPED = { message: '', understood: [], literal: [], question: null };

// The same after the sentence was changed in one place: what is known of the words before and behind it still holds.
export function retyped(typed, message) {
  const [was, now] = [[...typed.message], [...message]];
  let before = 0;
  while (before < Math.min(was.length, now.length) && was[before] === now[before]) before++;
  let behind = 0;
  while (behind < Math.min(was.length, now.length) - before && was.at(-1 - behind) === now.at(-1 - behind)) behind++;
  const more = now.length - was.length;
  const apart = (at) => now[at] === undefined || now[at] === ' ';
  const still = (words) => words.flatMap((it) => {
    if (it.to <= before && apart(it.to)) return [it];
    return it.from >= was.length - behind && apart(it.from + more - 1) ? [{ ...it, from: it.from + more, to: it.to + more }] : [];
  });
  return { message, understood: still(typed.understood), literal: still(typed.literal), question: null };
}

// The text in pieces; a piece that was understood has its field.
export function pieces({ message, understood }) {
  const text = [...message];
  let at = 0;
  const cut = (to, as) => ({ text: text.slice(at, (at = to)).join(''), as });
  const all = understood.filter((it, i) => it.from >= (understood[i - 1]?.to ?? 0)).flatMap((it) => [cut(it.from), cut(it.to, it.as)]);
  return [...all, cut(text.length)].filter((it) => it.text);
}

export const wordsOf = (message, { from, to }) => [...message].slice(from, to).join('').trim();

// What says the same is one: “tomorrow”, “at 9”.
export function meanings({ message, understood }) {
  const all = [];
  for (const it of understood) {
    const same = all.find((other) => other.as === it.as && other.value === it.value);
    const words = wordsOf(message, it);
    if (same) same.words.push(words), same.spans.push(it);
    else all.push({ as: it.as, value: it.value, words: [words], spans: [it] });
  }
  return all.map((it) => ({ ...it, words: it.words.join(' … ') }));
}

export function meaningWords({ as, value }, due, { me, lists }) {
  const zone = me.timeZone;
  switch (as) {
    case 'due': return /\//.test(value) ? value.replace('/', ' – ') : dueWords({ due: value, timeZone: zone }, zone);
    case 'recurrence': return ruleWords(value);
    case 'reminders': return `reminder ${reminderWords(value, zone, due?.length === 10)}`;
    case 'nag': return nagWords(value);
    case 'tags': return `#${value}`;
    case 'list': return `in ${lists.find((it) => it.id === value)?.name ?? 'a list'}`;
    default: return value;
  }
}
