// Where a user is told beside this page, and when not; and what a list gives its new tasks. What is wrong is said where it was typed.

import { h } from './dom.js';
import { addReminder, reminderChips } from './editor.js';
import { button } from './view.js';

const CHANNELS = [
  ['email', 'E-mail', { type: 'email', placeholder: 'you@example.com', autocomplete: 'email', maxlength: 254 }],
  ['ntfy', 'Push (ntfy)', { placeholder: 'a topic of your ntfy app', pattern: '[A-Za-z0-9_\\-]+', title: 'Letters, digits, _ and -', maxlength: 64 }],
  ['webhook', 'Webhook', { type: 'url', placeholder: 'https://', maxlength: 1000 }],
];
const KINDS = [['reminders', 'reminders'], ['overdue', 'what is overdue'], ['shared', 'lists shared with me'], ['completed', 'what others complete']];

const typed = (run) => (event) => { event.preventDefault(); run(event.target.elements, event.target); };
const wrong = (state, at) => state.trouble && state.troubleAt === at && h('p', { class: 'wrong', role: 'alert' }, state.trouble);

export function settings(state, act) {
  return h('section', { class: 'card share settings', 'aria-label': 'Settings' },
    h('h2', {}, 'Where else you are told'),
    CHANNELS.map(([name, label, input]) => h('div', { key: name, class: 'channel', role: 'group', 'aria-label': label },
      h('h3', {}, label), channel(state, act, name, input), wrong(state, name))),
    quiet(state, act),
    muted(state, act));
}

function channel(state, act, name, input) {
  const it = state.me.channels[name];
  const busy = state.telling;
  if (!it) {
    return h('form', { onsubmit: typed(({ address }, form) => act.channel(name, { address: address.value.trim() }, form)) },
      h('input', { name: 'address', 'aria-label': 'Address', required: true, ...input }), h('button', { disabled: busy }, 'Add'));
  }
  const remove = button('Remove', () => act.channel(name, null), { class: 'link', disabled: busy });
  if (!it.confirmed) {
    return [
      h('p', { class: 'at' }, h('span', { class: 'name' }, it.address), remove),
      h('p', { class: 'quiet', role: 'status' }, it.reason ? `The code was not sent: ${it.reason}.` : 'A code was sent there. Enter it within an hour: nothing else is sent before.'),
      h('form', { onsubmit: typed(({ code }, form) => act.channel(name, { code: code.value.trim() }, form)) },
        h('input', { name: 'code', 'aria-label': 'Code', placeholder: 'XXXX-XXXX-XXXX', required: true, maxlength: 20, autocomplete: 'one-time-code' }),
        h('button', { class: 'primary', disabled: busy }, 'Confirm'), button('Send another', () => act.channel(name, { address: it.address }), { disabled: busy })),
    ];
  }
  const kind = ([use, label]) => h('label', { key: use, class: 'kind' },
    h('input', {
      type: 'checkbox', checked: it.for.includes(use), disabled: busy,
      onclick: (event) => { event.preventDefault(); act.channel(name, { for: it.for.includes(use) ? it.for.filter((other) => other !== use) : [...it.for, use] }); },
    }), label);
  return [h('p', { class: 'at' }, h('span', { class: 'name' }, it.address), remove), h('div', { class: 'kinds' }, KINDS.map(kind))];
}

function quiet(state, act) {
  const hours = state.me.quiet;
  const time = (name, label) => h('label', {}, h('span', { class: 'quiet' }, label), h('input', { type: 'time', name, required: true, value: hours?.[name] ?? '' }));
  return h('div', { key: 'quiet', class: 'channel', role: 'group', 'aria-label': 'Quiet hours' },
    h('h3', {}, 'Quiet hours'),
    h('form', { onsubmit: typed(({ from, to }) => act.tell('quiet', { quiet: { from: from.value, to: to.value } })) },
      time('from', 'from'), time('to', 'to'), h('button', { disabled: state.telling }, 'Keep'),
      hours && button('None', () => act.tell('quiet', { quiet: null }), { class: 'link', disabled: state.telling })),
    h('p', { class: 'quiet' }, 'In these hours what would be sent waits. This page does not.'),
    wrong(state, 'quiet'));
}

function muted(state, act) {
  const lists = state.lists.filter((it) => state.me.muted.includes(it.id));
  return h('div', { key: 'muted', class: 'channel', role: 'group', 'aria-label': 'Muted lists' },
    h('h3', {}, 'Muted lists'),
    lists.length === 0 && h('p', { class: 'quiet' }, 'None. A list has a button for it.'),
    h('ul', {}, lists.map((it) => h('li', { key: it.id }, h('span', { class: 'name' }, it.name), button('Hear of it again', () => act.mute(it), { class: 'link' })))));
}

export function usualReminders(state, act) {
  const list = act.list();
  if (!list) return null;
  const reminders = list.reminders ?? [];
  return h('section', { class: 'card share', 'aria-label': 'Reminders of new tasks' },
    h('p', {}, 'A new task of this list that has a due date, and says nothing of reminders, gets these.'),
    h('fieldset', {},
      reminderChips(reminders, state.me.timeZone, (gone) => act.usual(list, reminders.filter((it) => it !== gone))),
      addReminder([], (added) => { if (!reminders.includes(added)) act.usual(list, [...reminders, added]); })));
}
