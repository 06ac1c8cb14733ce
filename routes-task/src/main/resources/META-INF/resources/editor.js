// One task, open for changes. Only the fields that were changed are sent, so that what others change meanwhile stays.

import { h, units } from './dom.js';
import { button } from './view.js';
import { nagWords, reminderWords, ruleWords } from './words.js';

const RULES = ['', 'daily', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'weekly', 'monthly', 'yearly'];
const REMINDERS = ['PT0S', '-PT10M', '-PT1H', '-P1D'];
const OF_A_DAY = ['PT9H', 'PT18H', '-PT15H'];
// For how long a reminder is put off, in the words of a button and of what is said then.
export const PUT_OFF = {
  PT10M: ['In 10 minutes', 'in 10 minutes'], PT1H: ['In 1 hour', 'in 1 hour'], tomorrow: ['Tomorrow 9:00', 'tomorrow at 9:00'],
};
const NAGS = ['PT10M', 'PT30M', 'PT1H'];

export const reminderChips = (reminders, zone, remove, allDay) => reminders.map((it) => {
  const words = reminderWords(it, zone, allDay);
  return h('span', { key: it, class: 'chip' }, words, button('✕', () => remove(it), { class: 'icon', 'aria-label': `Remove: ${words}` }));
});

export const addReminder = (more, add, allDay) => h('select', {
  'aria-label': 'Add a reminder', value: '', onchange: ({ target }) => { if (target.value) add(target.value); target.value = ''; },
}, [['', 'Add…'], ...(allDay ? OF_A_DAY : REMINDERS).map((it) => [it, reminderWords(it, null, allDay)]), ...more].map(([value, text]) => h('option', { value }, text)));

export const draftOf = (task) => ({
  title: task.title, description: task.description, list: task.list, priority: task.priority, tags: task.tags.join(' '), day: task.due?.slice(0, 10) ?? '',
  time: task.due?.slice(11, 16) ?? '', seconds: task.due?.slice(16, 19) || ':00', recurrence: task.recurrence ?? '', recurFrom: task.recurFrom, workdays: task.workdays ?? 'as-is', reminders: [...task.reminders], nag: task.nag ?? '', own: task.recurrence && !RULES.includes(task.recurrence),
});

// What a draft means, as the fields of a merge patch.
const fields = (it) => ({
  title: it.title.trim(), description: it.description, list: it.list, priority: it.priority, tags: it.tags.split(/[\s,]+/).map((tag) => tag.replace(/^#/, '')).filter(Boolean),
  due: it.day ? it.day + (it.time ? `T${it.time}${it.seconds}` : '') : null, recurrence: it.recurrence.trim() || null, recurFrom: it.recurFrom,
  workdays: it.recurrence.trim() ? it.workdays : 'as-is', reminders: it.reminders, nag: (it.reminders.length && it.nag) || null,
});

export function changes(before, after) {
  const old = fields(before);
  return Object.fromEntries(Object.entries(fields(after)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name])));
}

export function editor(state, act, task) {
  const { draft, problem } = state;
  const allDay = Boolean(draft.day) && !draft.time;
  const field = (name, label, tag, props, ...children) => h('label', { class: `field in-${name}` }, h('span', {}, label), control(name, tag, props, ...children), wrong(name === 'day' || name === 'time' ? 'due' : name));
  const control = (name, tag, props, ...children) => h(tag, { value: draft[name], [tag === 'select' ? 'onchange' : 'oninput']: (event) => act.draft({ [name]: event.target.value }), ...props }, ...children);
  const wrong = (name) => problem?.at(`/${name}`) && h('span', { class: 'wrong', role: 'alert' }, problem.at(`/${name}`));
  const known = ['title', 'description', 'list', 'priority', 'tags', 'due', 'recurrence', 'recurFrom', 'workdays', 'reminders', 'nag'];
  const elsewhere = problem && !known.some((it) => problem.at(`/${it}`)) && problem.message;
  const options = (pairs) => pairs.map(([value, text]) => h('option', { value }, text));
  const writable = state.lists.filter((it) => it.members[state.me.user] !== 'viewer');
  return h('form', {
    class: 'editor', 'aria-label': `Edit ${task.title}`, onsubmit: (event) => { event.preventDefault(); act.save(task); }, onkeydown: (event) => { if (event.key === 'Escape') act.cancel(); },
  },
  field('title', 'Title', 'input', { maxlength: units(500), required: true, focus: true }),
  h('div', { class: 'fields' },
    field('day', 'Due', 'input', { type: 'date', max: '9999-12-31' }),
    field('time', 'Time (none: all day)', 'input', { type: 'time', disabled: !draft.day }),
    field('priority', 'Priority', 'select', {}, options(['low', 'medium', 'high', 'urgent'].map((it) => [it, it]))),
    field('list', 'List', 'select', {}, options(writable.map((it) => [it.id, it.name]))),
    field('tags', 'Tags', 'input', { placeholder: 'home garden' }),
    h('label', { class: 'field in-recurrence' }, h('span', {}, 'Comes again'),
      h('select', {
        value: draft.own ? 'own' : draft.recurrence, onchange: ({ target: { value } }) => act.draft(value === 'own' ? { own: true } : { own: false, recurrence: value }),
      }, options([...RULES.map((it) => [it, it ? ruleWords(it) : 'never']), ['own', 'by a rule…']])),
      draft.own && control('recurrence', 'input', { 'aria-label': 'Rule (RFC 5545)', placeholder: 'FREQ=MONTHLY;BYDAY=-1FR' }), wrong('recurrence')),
    draft.recurrence && field('recurFrom', 'Counted from', 'select', {}, options([['schedule', 'the schedule'], ['completion', 'completion']])),
    draft.recurrence && field('workdays', 'On a day off', 'select', {}, options([['as-is', 'keep the day'], ['before', 'the working day before'], ['after', 'the working day after'], ['skip', 'leave it out']]))),
  h('fieldset', {}, h('legend', {}, 'Reminders'),
    reminderChips(draft.reminders, state.me.timeZone, (gone) => act.draft({ reminders: draft.reminders.filter((it) => it !== gone) }), allDay),
    addReminder([['at', 'at a time…']], act.remind, allDay),
    draft.reminderAt && h('input', {
      type: 'datetime-local', 'aria-label': 'Remind at', focus: true, onchange: ({ target: { value } }) => { if (value) act.remind(new Date(value).toISOString()); },
    }), wrong('reminders'),
    draft.reminders.length > 0 && control('nag', 'select', { 'aria-label': 'Again until it is done' }, options([['', 'once'], ...[...new Set([...NAGS, draft.nag])].filter(Boolean).map((it) => [it, nagWords(it)])])), wrong('nag'),
    task.reminders.length > 0 && task.status === 'open' && h('select', {
      'aria-label': 'Put the reminder off', value: '', onchange: ({ target }) => { if (target.value) act.putOff(task, target.value); target.value = ''; },
    }, options([['', 'Put off…'], ...Object.entries(PUT_OFF).map(([it, [label]]) => [it, label])]))),
  field('description', 'Notes', 'textarea', { rows: 2, maxlength: units(16000) }),
  elsewhere && h('p', { class: 'wrong', role: 'alert' }, elsewhere),
  h('div', { class: 'buttons' }, h('button', { class: 'primary', disabled: state.saving }, 'Save'), button('Cancel', act.cancel),
    h('span', { class: 'space' }), task.recurrence && task.status === 'open' && button('Skip this one', () => act.skip(task), { class: 'link' }), button('History', () => act.history(task), { class: 'link' }), button('Delete', () => act.remove(task), { class: 'danger' })));
}
