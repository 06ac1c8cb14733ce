// What is on the page for a state. Nothing here changes anything: it calls act.

import { h, units } from './dom.js';
import { dueWords, eventWords, instantWords, nagWords, reminderWords, ruleWords, today, valueWords } from './words.js';
import { editor } from './editor.js';
import { entry } from './entry.js';
import { settings, usualReminders } from './settings.js';

const PRIORITIES = ['low', 'medium', 'high', 'urgent'];
const CONNECTION = { live: 'Live', connecting: 'Connecting…', away: 'Offline, trying again…' };

export const button = (label, onclick, props = {}) => h('button', { type: 'button', onclick, ...props }, label);

export function view(state, act) {
  if (!state.me) return [state.offer && offer(state, act), state.signedIn ? h('p', { key: 'wait', class: 'empty', role: 'status' }, state.trouble ?? 'One moment…') : signIn(state, act)].filter(Boolean);
  return [
    h('div', { key: 'shell', class: state.menu ? 'shell menu' : 'shell' },
      side(state, act),
      h('main', {}, head(state, act), state.dialog === 'share' && share(state, act), state.dialog === 'holidays' && holidays(state, act), state.dialog === 'reminders' && usualReminders(state, act), state.dialog === 'settings' && settings(state, act), entry(state, act), filters(state, act), groups(state, act)),
      state.drawer && drawer(state, act)),
    state.offer && offer(state, act),
  ].filter(Boolean);
}

function signIn(state, act) {
  const enter = (event) => { event.preventDefault(); act.signIn(new FormData(event.target).get('user').trim()); };
  return h('form', { key: 'sign-in', class: 'sign-in card', onsubmit: enter },
    h('img', { src: 'icon.svg', alt: '', width: 48, height: 48 }),
    h('h1', {}, 'Sandglass'),
    h('p', {}, 'Tasks that come back on time, for you and those you share them with.'),
    h('label', {}, 'Your name', h('input', {
      name: 'user', required: true, maxlength: 64, pattern: '[A-Za-z0-9._@\\-]+', title: 'Letters, digits and . _ @ -', autocomplete: 'username', focus: true,
    })),
    state.trouble && h('p', { class: 'wrong', role: 'alert' }, state.trouble),
    h('button', { class: 'primary' }, 'Sign in'),
    h('p', { class: 'quiet' }, 'Or as ', button('alice', () => act.signIn('alice'), { class: 'link' }), ' or ', button('bob', () => act.signIn('bob'), { class: 'link' }), '. Each window can be another user.'));
}

// Somebody else's link may be meant to have one's tasks written under their name.
function offer({ offer: { user, present, token } }, act) {
  return h('div', { key: 'offer', class: 'offer card', role: 'alertdialog', 'aria-label': 'Sign in as another user?' },
    h('p', {}, 'This link signs in as ', h('strong', {}, user), '. You are signed in as ', h('strong', {}, present), '.'),
    h('div', { class: 'buttons' },
      button(`Stay ${present}`, act.refuseOffer, { class: 'primary', focus: true }),
      button(`Sign in as ${user}`, () => act.signInBy(token))));
}

function side(state, act) {
  const open = [...state.tasks.values()].filter((it) => it.status === 'open');
  const item = (id, name, shared) => {
    const count = id === null ? open.length : open.filter((it) => it.list === id).length;
    return h('li', { key: id ?? 'all' }, h('button', {
      type: 'button', onclick: () => act.select(id), 'aria-current': state.selected === id ? 'page' : null,
    }, h('span', { class: 'name' }, name), shared && h('span', { class: 'shared', title: 'Shared' }, 'shared'), h('span', { class: 'count' }, count || '')));
  };
  return h('nav', { class: 'side', 'aria-label': 'Lists', id: 'side' },
    h('div', { class: 'brand' }, h('img', { src: 'icon.svg', alt: '', width: 28, height: 28 }), 'Sandglass'),
    h('ul', {}, item(null, 'All tasks'), state.lists.map((it) => item(it.id, it.name, Object.keys(it.members).length > 1))),
    h('form', { class: 'new-list', onsubmit: (event) => { event.preventDefault(); act.addList(event.target); } },
      h('input', { name: 'name', 'aria-label': 'Name of a new list', placeholder: 'New list', required: true, maxlength: units(200) }),
      h('button', { 'aria-label': 'Create list' }, '+')),
    h('div', { class: 'me' },
      h('span', { class: 'avatar', 'aria-hidden': 'true' }, state.me.user[0].toUpperCase()),
      h('span', { class: 'name', title: state.me.timeZone }, state.me.user, h('small', {}, state.me.timeZone)),
      button('Sign out', act.signOut, { class: 'link' })),
    button('Settings', act.settings, { class: 'link notify', 'aria-expanded': String(state.dialog === 'settings') }),
    state.notify === 'default' && button('Allow notifications', act.allowNotifications, { class: 'link notify' }));
}

function head(state, act) {
  const list = act.list();
  const role = list?.members[state.me.user];
  const inbox = list?.id === state.me.inbox;
  return h('header', {},
    button('☰', act.menu, { class: 'icon burger', 'aria-label': 'Lists', 'aria-controls': 'side', 'aria-expanded': String(Boolean(state.menu)) }),
    list && role === 'owner' && !inbox
      ? h('input', { class: 'title', 'aria-label': 'Name of the list', value: list.name, maxlength: units(200), onchange: (event) => act.renameList(list, event.target), onkeydown: blurOnEnter })
      : h('h1', { class: 'title' }, list?.name ?? 'All tasks'),
    h('span', { class: `connection ${state.connection}`, role: 'status' }, CONNECTION[state.connection]),
    list && h('div', { class: 'list-tools' },
      audit(state.audit),
      button('Mute', () => act.mute(list), { 'aria-pressed': String(state.me.muted.includes(list.id)), title: 'Reminders of this list do not reach you' }),
      role !== 'viewer' && button('Reminders', () => act.dialog('reminders'), { 'aria-expanded': String(state.dialog === 'reminders') }),
      role === 'owner' && button('Holidays', () => act.holidays(list), { 'aria-expanded': String(state.dialog === 'holidays') }),
      !inbox && button(role === 'owner' ? 'Share' : 'Members', () => act.dialog('share'), { 'aria-expanded': String(state.dialog === 'share') }),
      !inbox && (role === 'owner' ? button('Delete list', () => act.deleteList(list), { class: 'danger' }) : button('Leave', () => act.leave(list, state.me.user)))));
}

const blurOnEnter = (event) => { if (event.key === 'Enter') event.target.blur(); };

function audit(it) {
  if (!it) return h('span', { class: 'audit' }, 'Checking history…');
  if (it.complete) return h('span', { class: 'audit good', title: `All ${it.entries} changes of this list are recorded and unaltered; the last has the hash ${it.hash}` }, `Verified ✓ ${it.entries}`);
  if (it.away) return h('span', { class: 'audit', title: it.away }, 'History is away');
  return it.first?.why === 'not yet' ? h('span', { class: 'audit' }, 'Recording…') : h('span', { class: 'audit bad', role: 'alert' }, `History ${it.first?.why} at ${it.first?.seq}`);
}

function share(state, act) {
  const list = act.list();
  if (!list) return null;
  const mine = list.owner === state.me.user;
  const role = (value, props) => h('select', { 'aria-label': 'Role', value, ...props }, h('option', { value: 'editor' }, 'can edit'), h('option', { value: 'viewer' }, 'can look'));
  return h('section', { class: 'card share', 'aria-label': 'Members' },
    h('ul', {}, Object.entries(list.members).map(([user, is]) => h('li', { key: user },
      h('span', { class: 'avatar', 'aria-hidden': 'true' }, user[0].toUpperCase()), h('span', { class: 'name' }, user),
      is === 'owner' ? h('span', { class: 'quiet' }, 'owner') : mine ? [role(is, { onchange: (event) => act.share(list, user, event.target.value) }), button('Remove', () => act.leave(list, user), { class: 'link' })]
        : h('span', { class: 'quiet' }, is === 'editor' ? 'can edit' : 'can look')))),
    mine && h('form', { onsubmit: (event) => { event.preventDefault(); const form = new FormData(event.target); act.share(list, form.get('user').trim(), form.get('role'), event.target); } },
      h('input', { name: 'user', 'aria-label': 'Share with', placeholder: 'Name of a user', required: true, maxlength: 64 }),
      role('editor', { name: 'role' }), h('button', { class: 'primary' }, 'Share')),
    state.trouble && h('p', { class: 'wrong', role: 'alert' }, state.trouble));
}

function holidays(state, act) {
  const list = act.list();
  if (!list) return null;
  const days = state.calendar?.days;
  return h('section', { class: 'card share', 'aria-label': 'Holidays' },
    h('p', { role: 'status' }, !days ? (state.trouble ? '' : 'One moment…') : days.length ? `${days.length} holidays, from ${days[0]} to ${days.at(-1)}.` : 'No holidays: only Saturdays and Sundays are days off.'),
    h('label', { class: 'field' }, h('span', {}, 'Holidays file (.ics)'), h('input', {
      type: 'file', accept: '.ics,text/calendar', onchange: ({ target }) => act.putHolidays(list, target),
    })),
    days?.length > 0 && h('div', { class: 'buttons' }, button('Remove the holidays', () => act.dropHolidays(list), { class: 'danger' })),
    state.trouble && h('p', { class: 'wrong', role: 'alert' }, state.trouble));
}

function filters(state, act) {
  const choose = (name, label, options) => h('select', {
    'aria-label': label, value: state.filter[name], onchange: (event) => act.filter({ [name]: event.target.value }), class: state.filter[name] ? 'set' : null,
  }, options.map(([value, text]) => h('option', { value }, text)));
  const tags = [...new Set([...state.tasks.values()].flatMap((it) => it.tags))].sort();
  const active = Object.values(state.filter).some(Boolean);
  return h('section', { class: 'filters', role: 'search', 'aria-label': 'Find' },
    h('input', { type: 'search', 'aria-label': 'Search', placeholder: 'Search', value: state.filter.q, oninput: (event) => act.filter({ q: event.target.value }) }),
    choose('status', 'Status', [['', 'Any status'], ['open', 'Open'], ['completed', 'Completed']]),
    choose('priority', 'Priority', [['', 'Any priority'], ...PRIORITIES.map((it) => [it, it])]),
    choose('tag', 'Tag', [['', 'Any tag'], ...tags.map((it) => [it, `#${it}`])]),
    choose('overdue', 'Overdue', [['', 'Any date'], ['true', 'Overdue'], ['false', 'Not overdue']]),
    choose('sort', 'Sort', [['', 'By day'], ['due', 'By due date'], ['-priority,due', 'By priority'], ['title', 'By title'], ['-created', 'Newest first'], ['-updated', 'Last changed']]),
    active && button('Clear', act.clearFilter, { class: 'link' }));
}

function groups(state, act) {
  const now = Date.now();
  const found = state.found ? state.found.map((id) => state.tasks.get(id)).filter(Boolean) : [...state.tasks.values()];
  const shown = found.filter((it) => (state.selected === null || it.list === state.selected) && (!state.filter.status || it.status === state.filter.status));
  if (shown.length === 0) {
    return h('p', { class: 'empty' }, state.loading ? 'One moment…' : state.found ? 'Nothing matches.' : 'Nothing to do here. Write what comes to your mind above.');
  }
  const group = (name, tasks, kind) => tasks.length > 0 && (kind === 'done'
    ? h('details', { key: name, class: 'group', open: state.found !== null }, h('summary', {}, name, h('span', { class: 'count' }, tasks.length)), h('ul', {}, tasks.map((it) => row(state, act, it))))
    : h('section', { key: name, class: `group ${kind ?? ''}` }, h('h2', {}, name, h('span', { class: 'count' }, tasks.length)), h('ul', {}, tasks.map((it) => row(state, act, it)))));
  if (state.filter.sort) return h('div', {}, group('Sorted', shown));
  const open = shown.filter((it) => it.status === 'open').sort((a, b) => (a.dueAt ?? '~').localeCompare(b.dueAt ?? '~') || PRIORITIES.indexOf(b.priority) - PRIORITIES.indexOf(a.priority) || a.createdAt.localeCompare(b.createdAt));
  const overdue = (it) => it.dueAt && Date.parse(it.dueAt) <= now;
  const isToday = (it) => it.due && it.due.slice(0, 10) === today(it.timeZone);
  return h('div', {},
    group('Overdue', open.filter(overdue), 'overdue'),
    group('Today', open.filter((it) => !overdue(it) && isToday(it))),
    group('Upcoming', open.filter((it) => it.due && !overdue(it) && !isToday(it))),
    group('No date', open.filter((it) => !it.due)),
    group('Completed', shown.filter((it) => it.status === 'completed').sort((a, b) => b.completedAt.localeCompare(a.completedAt)), 'done'));
}

function row(state, act, task) {
  const list = state.lists.find((it) => it.id === task.list);
  const mayWrite = list?.members[state.me.user] !== 'viewer';
  const done = task.status === 'completed';
  const editing = state.editing === task.id;
  const late = !done && task.dueAt && Date.parse(task.dueAt) <= Date.now();
  const reminders = task.reminders.map((it) => reminderWords(it, state.me.timeZone, task.due?.length === 10));
  return h('li', { key: task.id, id: `task-${task.id}`, class: `task ${task.priority}${done ? ' done' : ''}${editing ? ' editing' : ''}` },
    h('input', {
      type: 'checkbox', class: 'check', checked: done, disabled: !mayWrite, 'aria-label': `${done ? 'Open again' : 'Complete'}: ${task.title}`,
      onclick: (event) => { event.preventDefault(); act.toggle(task); },
    }),
    editing ? editor(state, act, task) : h('div', { class: 'what' },
      mayWrite ? button(task.title, () => act.edit(task), { class: 'task-title', 'aria-label': `Edit: ${task.title}` }) : h('span', { class: 'task-title' }, task.title),
      h('div', { class: 'facts' },
        task.due && h('span', { class: late ? 'late' : null }, dueWords(task, state.me.timeZone)),
        task.recurrence && h('span', {}, `↻ ${ruleWords(task.recurrence)}${task.recurFrom === 'completion' ? ', counted from completion' : ''}`),
        task.priority !== 'medium' && h('span', { class: 'priority' }, task.priority),
        reminders.length > 0 && h('span', { title: reminders.join(', ') }, `reminder ${reminders.slice(0, 2).join(', ')}${reminders.length > 2 ? ' …' : ''}${task.nag ? `, ${nagWords(task.nag)}` : ''}`),
        task.tags.map((it) => button(`#${it}`, () => act.filter({ tag: it }), { key: it, class: 'tag' })),
        state.selected === null && list && h('span', { class: 'quiet' }, list.name),
        task.description && h('span', { class: 'quiet notes' }, task.description))),
    !editing && button('⋯', () => act.history(task), { class: 'icon', 'aria-label': `History: ${task.title}`, title: 'History' }));
}

function drawer(state, act) {
  const { task, entries, older, trouble } = state.drawer;
  return h('aside', { class: 'drawer', 'aria-label': 'History', onkeydown: (event) => { if (event.key === 'Escape') act.closeDrawer(); } },
    h('div', { class: 'drawer-head' }, h('h2', {}, task.title), button('✕', act.closeDrawer, { class: 'icon', 'aria-label': 'Close', focus: true })),
    trouble && h('p', { class: 'wrong', role: 'alert' }, trouble),
    !trouble && !entries && h('p', { class: 'quiet' }, 'One moment…'),
    entries && entries.length === 0 && h('p', { class: 'quiet' }, 'Nothing recorded yet.'),
    entries && h('ol', {}, [...entries].reverse().map((it) => h('li', { key: `${it.list}/${it.seq}` },
      h('p', {}, h('strong', {}, it.actor), ` ${eventWords(it)}`),
      it.event !== 'task.created' && h('ul', {}, Object.entries(it.changed ?? {}).filter(([field]) => !['status', 'completedAt', 'dueAt', 'successor'].includes(field)).map(([field, [old, now]]) => h('li', { key: field },
        `${field}: `, h('del', {}, valueWords(field, old, state.me.timeZone)), ' → ', h('ins', {}, valueWords(field, now, state.me.timeZone))))),
      h('time', { datetime: it.at }, instantWords(it.at, state.me.timeZone))))),
    older && h('p', { class: 'quiet' }, 'Older changes are not shown here.'));
}

export const toasts = (state, act) => state.toasts.map((it) => h('div', { key: it.key, class: `toast ${it.kind ?? ''}`, role: it.kind ? 'alert' : 'status' },
  h('div', { class: 'words' }, it.head && h('strong', {}, it.head), h('span', {}, it.text)),
  it.actions?.map(([label, run, name]) => button(label, () => { act.dismiss(it.key); run(); }, { key: label, 'aria-label': name })),
  button('✕', () => act.dismiss(it.key), { class: 'icon', 'aria-label': 'Dismiss' })));
