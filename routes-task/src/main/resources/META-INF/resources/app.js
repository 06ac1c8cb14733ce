// The state of the page, and everything that changes it.

import { call, id, keepToken, Problem, query, signedIn, signIn, signOut, takeToken, tasks as read } from './api.js';
import { patch } from './dom.js';
import { changes, draftOf, PUT_OFF } from './editor.js';
import { connect } from './live.js';
import { NOTHING_TYPED, retyped } from './typed.js';
import { toasts, view } from './view.js';
import { dueWords, lower, tomorrowAt9 } from './words.js';

const NO_FILTER = { q: '', status: '', priority: '', tag: '', overdue: '', sort: '' };
const RECENTLY_COMPLETED = 50;
const TYPING_MS = 200;
const AUDIT_MS = 1_500;
const AGAIN_MS = 3_000;
const TOAST_MS = 8_000;

const fresh = () => ({
  signedIn: signedIn(), me: null, trouble: null, lists: [], tasks: new Map(), selected: null, filter: NO_FILTER, found: null, loading: true, editing: null, draft: null, problem: null,
  saving: false, saying: false, typed: NOTHING_TYPED, reply: null, choices: [], conversation: null, drawer: null, dialog: null, calendar: null, troubleAt: null, telling: false, menu: false, audit: null, connection: 'connecting', toasts: [], offer: null, notify: globalThis.Notification?.permission,
});

let state = fresh();
let feed = null;
let drawing = false;
const timers = {};
const reminded = new Set();
const deleting = new Set();

function change(part) {
  Object.assign(state, part);
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    patch(document.getElementById('app'), view(state, act));
    patch(document.getElementById('toasts'), toasts(state, act));
    document.title = state.me ? `${act.list()?.name ?? 'All tasks'} · Sandglass` : 'Sandglass';
  });
}

function later(name, ms, run) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(run, ms);
}

function toast(it, ms = TOAST_MS) {
  const key = it.key ?? `t${Math.random()}`;
  const shown = { ...it, key };
  change({ toasts: [...state.toasts.filter((other) => other.key !== key), shown] });
  if (ms) setTimeout(() => state.toasts.includes(shown) && act.dismiss(key), ms);
}

// One at a time: the server takes back what was done last.
const undoable = (text) => toast({ key: 'undo', text, actions: [['Undo', act.undo]] });

const sentence = (e) => [...new Set([e.message, ...(e.errors ?? []).map((it) => it.detail)])].join(' ');

// What goes wrong is said; what is under way is given up.
const guarded = (run) => async (...given) => {
  try {
    return await run(...given);
  } catch (e) {
    if (!(e instanceof Problem)) console.error(e);
    if (state.me) toast({ key: `wrong ${sentence(e)}`, kind: 'wrong', text: sentence(e) });
    else change({ trouble: e.message });
    return undefined;
  }
};

// --- Reading --------------------------------------------------------------------------------------------------------

// Tried until it is there: the server may be starting.
async function start() {
  await begin();
  if (signedIn() && !state.me) later('start', AGAIN_MS, start);
}

// A link with a token signs in. Where somebody else is signed in, they are asked first.
const arrive = guarded(async () => {
  const token = takeToken();
  if (!token) return;
  if (signedIn()) {
    const { user } = await call('GET', '/api/me', undefined, token);
    const present = state.me ?? await call('GET', '/api/me').catch(() => null);
    if (present && present.user !== user) {
      change({ offer: { user, token, present: present.user } });
      return;
    }
  }
  await act.signInBy(token);
});

const begin = guarded(async () => {
  change({ signedIn: signedIn() });
  if (!signedIn()) return;
  const here = state;
  const me = await call('GET', '/api/me');
  if (state !== here) return;
  await reload(null, me);
  if (!state.me || state !== here) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && zone !== me.timeZone && !localStorage.getItem(`sandglass.zone.${me.user}`)) {
    toast({ key: 'zone', text: `Your time zone is ${me.timeZone}, this device is in ${zone}.`, actions: [[`Use ${zone}`, () => act.zone(zone)], ['Keep', () => localStorage.setItem(`sandglass.zone.${me.user}`, 'kept')]] }, 0);
  }
  feed?.close();
  feed = connect({ state: (connection) => change({ connection }), change: changed, reminder, reload: (list) => reload(list), gone });
  for (const it of state.lists) feed.saw(it.id, it.seq);
});

// A list, or with null everything. The numbers of the lists are read first: changes made meanwhile come by the feed.
const reload = guarded(async (list, me = state.me) => {
  const here = state;
  const { lists } = await call('GET', '/api/lists');
  const of = list ? { list } : {};
  const [open, completed] = await Promise.all([read({ ...of, status: 'open' }), read({ ...of, status: 'completed', sort: '-updated' }, RECENTLY_COMPLETED)]);
  // Who has signed out meanwhile is not shown it any more, and neither is who came after.
  if (state !== here) return;
  const kept = list ? [...state.tasks.values()].filter((it) => it.list !== list) : [];
  lists.sort((a, b) => (b.id === me.inbox) - (a.id === me.inbox) || a.name.localeCompare(b.name));
  change({ me, trouble: null, lists, tasks: new Map([...kept, ...open, ...completed].map((it) => [it.id, it])), loading: false });
  if (state.selected && !act.list()) act.select(null);
  verify(0);
});

const find = guarded(async () => {
  const filter = state.filter;
  if (!Object.values(filter).some(Boolean)) {
    change({ found: null });
    return;
  }
  const found = await read({ ...filter, list: state.selected });
  if (filter !== state.filter) return;
  const tasks = new Map(state.tasks);
  for (const it of found) if (!(tasks.get(it.id)?.version > it.version)) tasks.set(it.id, it);
  change({ tasks, found: found.map((it) => it.id) });
});

// The marks help: where they are away, all else works. The last sentence wins, whichever answer comes last.
async function parse() {
  const { message, literal } = state.typed;
  if (!message.trim()) return;
  try {
    const { understood, question } = await call('POST', '/api/chat/parse', { message, literal });
    if (state.typed.message === message && state.typed.literal === literal) change({ typed: { message, literal, understood, question } });
  } catch (e) {
    if (!(e instanceof Problem)) throw e;
  }
}

function verify(ms) {
  const list = state.selected;
  later('audit', ms, async () => {
    if (list === null) return;
    let audit;
    try {
      audit = await call('GET', `/api/audit/verify?${query({ list })}`);
    } catch (e) {
      audit = { away: e.message };
    }
    if (list === state.selected) change({ audit });
    if (audit.away || audit.first?.why === 'not yet') verify(AUDIT_MS * 2);
  });
}

// --- The feed -------------------------------------------------------------------------------------------------------

function changed(it) {
  if (it.of) {
    if (it.event === 'list.deleted') gone(it.list);
    else change({ lists: state.lists.map((list) => (list.id === it.list && !(list.seq > it.seq) ? { ...it.of, seq: it.seq } : list)) });
  } else if (it.event === 'task.deleted') {
    if (state.tasks.get(it.task.id)?.list === it.list) forget(it.task.id);
  } else put(it.task);
  if (state.found) later('find', TYPING_MS, find);
  if (it.list === state.selected) verify(AUDIT_MS);
  if (state.drawer && it.task?.id === state.drawer.task.id) later('history', AUDIT_MS, () => state.drawer && act.history(state.drawer.task));
}

// A reminder has nothing more to say of a task that is done or gone.
const unreminded = (task) => state.toasts.filter((it) => it.task !== task);

function put(task) {
  if (state.tasks.get(task.id)?.version > task.version) return;
  change({ tasks: new Map(state.tasks).set(task.id, task), toasts: task.status === 'completed' ? unreminded(task.id) : state.toasts });
}

function forget(gone) {
  const tasks = new Map(state.tasks);
  tasks.delete(gone);
  change({ tasks, toasts: unreminded(gone), ...(state.editing === gone ? { editing: null } : {}) });
}

function gone(list) {
  change({ lists: state.lists.filter((it) => it.id !== list), tasks: new Map([...state.tasks].filter(([, it]) => it.list !== list)) });
  if (state.selected === list) act.select(null);
}

function reminder(it) {
  if (reminded.has(it.id)) return;
  reminded.add(it.id);
  if (state.tasks.get(it.task.id)?.status === 'completed') return;
  const due = it.task.due ? `Due ${lower(dueWords(it.task, state.me.timeZone))}` : 'Reminder';
  const done = () => act.toggle(state.tasks.get(it.task.id) ?? it.task);
  const again = ([until, [label]]) => [label, () => act.snooze(shown, until), `${label}: ${it.task.title}`];
  const mayWrite = state.lists.find((list) => list.id === it.task.list)?.members[state.me.user] !== 'viewer';
  const stop = it.task.nag ? [['Stop', () => act.stopNagging(it.task), `Remind no more: ${it.task.title}`]] : [];
  const shown = { key: it.id, kind: 'reminder', task: it.task.id, head: it.task.title, text: it.late ? `${due} (late)` : due, actions: mayWrite ? [
    ['Done', done],
    ...Object.entries(PUT_OFF).map(again),
    ...stop,
  ] : [] };
  // What comes again and again is there once.
  change({ toasts: unreminded(it.task.id) });
  toast(shown, 0);
  if (state.notify === 'granted') new Notification(it.task.title, { body: due, tag: it.task.id, renotify: true, icon: 'icon.svg' });
}

// --- What a person does ---------------------------------------------------------------------------------------------

const act = {
  list: () => state.lists.find((it) => it.id === state.selected),
  signIn: guarded(async (user) => { await signIn(user); await start(); }),
  async signInBy(token) {
    act.signOut();
    keepToken(token);
    await start();
  },
  refuseOffer: () => change({ offer: null }),
  signOut() { signOut(); feed?.close(); feed = null; state = fresh(); change({}); },
  menu: () => change({ menu: !state.menu }),
  dialog: (name) => change({ dialog: state.dialog === name ? null : name, trouble: null }),
  dismiss: (key) => change({ toasts: state.toasts.filter((it) => it.key !== key) }),
  allowNotifications: async () => change({ notify: await Notification.requestPermission() }),
  zone: guarded(async (timeZone) => change({ me: await call('PATCH', '/api/me', { timeZone }) })),

  undo: guarded(async () => {
    if (state.undoing) return;
    change({ undoing: true });
    act.dismiss('undo');
    try {
      const { tasks } = await call('POST', '/api/undo');
      tasks.forEach(put);
      const more = tasks.length > 1 ? ` and ${tasks.length - 1} more` : '';
      toast({ key: 'undo', text: tasks.length ? `Undone: “${tasks[0].title}”${more}.` : 'Undone.' });
    } finally {
      change({ undoing: false });
    }
  }),
  snooze: guarded(async (shown, until) => {
    try {
      await putOff(shown.key, shown.head, until);
    } catch (e) {
      if (state.me) toast(shown, 0);
      throw e;
    }
  }),
  // The one that came last, else the next to come.
  putOff: guarded(async (task, until) => {
    const reminders = (await call('GET', `/api/reminders?${query({ task: task.id })}`)).reminders
      // One that tells at a channel that the task is overdue goes to no feed, and is no reminder.
      .filter((it) => !it.kind && it.status !== 'cancelled' && (!it.firedAt || it.deliveries?.live));
    const by = (field) => (a, b) => a[field].localeCompare(b[field]);
    const one = reminders.filter((it) => it.firedAt).sort(by('firedAt')).at(-1) ?? reminders.filter((it) => it.status === 'scheduled').sort(by('at'))[0];
    if (!one) { toast({ text: `“${task.title}” has no reminder to come.` }); return; }
    await putOff(one.id, task.title, until);
  }),
  stopNagging: guarded(async (task) => {
    put(await call('PATCH', `/api/tasks/${id(task.id)}`, { nag: null }));
    undoable(`“${task.title}” does not remind again.`);
  }),
  // Read first: another window may have muted another list.
  mute: guarded(async (list) => {
    const mute = !state.me.muted.includes(list.id);
    const others = (await call('GET', '/api/me')).muted.filter((it) => it !== list.id);
    change({ me: await call('PATCH', '/api/me', { muted: mute ? [...others, list.id] : others }) });
  }),

  settings() {
    act.dialog('settings');
    change({ menu: false });
  },
  // What users say of themselves.
  async tell(at, patch, form) {
    if (state.telling) return;
    const here = state;
    change({ telling: true, trouble: null, troubleAt: at });
    let part;
    try {
      part = { me: await call('PATCH', '/api/me', patch) };
      form?.reset();
    } catch (e) {
      part = { trouble: (e.errors ?? []).map((it) => it.detail).join(' ') || e.message };
    }
    if (state === here && state.me) change({ telling: false, ...part });
  },
  channel: (name, part, form) => act.tell(name, { channels: { [name]: part } }, form),
  usual: guarded(async (list, reminders) => listChanged(await call('PATCH', `/api/lists/${id(list.id)}`, { reminders }))),

  async holidays(list) {
    act.dialog('holidays');
    change({ calendar: null });
    if (state.dialog) await calendar(list, () => call('GET', `/api/lists/${id(list.id)}/calendar`));
  },
  async putHolidays(list, input) {
    if (input.files[0]) await calendar(list, async () => call('PUT', `/api/lists/${id(list.id)}/calendar`, await input.files[0].text()));
    input.value = '';
  },
  dropHolidays: (list) => calendar(list, async () => {
    await call('DELETE', `/api/lists/${id(list.id)}/calendar`);
    return { days: [] };
  }),

  select(list) {
    change({ selected: list, menu: false, dialog: null, audit: null, editing: null, trouble: null });
    verify(0);
    find();
  },
  filter(part) {
    change({ filter: { ...state.filter, ...part } });
    later('find', TYPING_MS, find);
  },
  clearFilter: () => change({ filter: NO_FILTER, found: null }),

  type(message) {
    change({ typed: message.trim() ? retyped(state.typed, message) : NOTHING_TYPED });
    later('parse', TYPING_MS, parse);
  },
  // Words that were understood otherwise than they are meant stay in the title.
  literal(spans) {
    const { typed } = state;
    change({ typed: { ...typed, literal: [...typed.literal, ...spans.map(({ from, to }) => ({ from, to }))], understood: typed.understood.filter((it) => !spans.includes(it)) } });
    parse();
  },
  notLiteral(words) {
    change({ typed: { ...state.typed, literal: state.typed.literal.filter((it) => it !== words) } });
    parse();
  },

  // Plain words go to the chat; what it makes belongs to the list one is looking at.
  say: guarded(async (message, form) => {
    if (!message.trim() || state.saying) return;
    const known = new Set(state.tasks.keys());
    const literal = form && message === state.typed.message && state.typed.literal.length > 0 ? state.typed.literal : undefined;
    change({ saying: true });
    try {
      const ask = (conversation) => call('POST', '/api/chat', { message, literal, ...(conversation ? { conversation } : {}) });
      const answer = await ask(state.conversation).catch((e) => {
        if (!state.conversation || ![404, 410, 422].includes(e.status)) throw e;
        return ask(null); // the question has expired
      });
      form?.reset();
      if (form) act.type('');
      // A question offers choices, or has found nothing; only its answer belongs to the conversation.
      const asked = answer.choices?.length > 0 || !answer.tasks?.length;
      change({ reply: answer.reply, choices: answer.choices ?? [], conversation: asked ? answer.conversation : null });
      const list = act.list();
      act.dismiss('undo');
      for (const task of answer.tasks ?? []) {
        const made = !known.has(task.id) && task.version === 1 && task.list === state.me.inbox;
        const moved = made && list && list.id !== task.list && list.members[state.me.user] !== 'viewer';
        put(moved ? await call('PATCH', `/api/tasks/${id(task.id)}`, { list: list.id }) : task);
        if (made) undoable(moved ? `Moved “${task.title}” to “${list.name}”.` : `Added “${task.title}”.`);
      }
    } finally {
      change({ saying: false });
    }
  }),

  toggle: guarded(async (task) => {
    const done = task.status === 'completed';
    const after = await call('POST', `/api/tasks/${id(task.id)}/${done ? 'reopen' : 'complete'}`);
    const { next, ...rest } = after;
    put(rest);
    if (done) {
      undoable(`Opened “${task.title}” again.`);
      return;
    }
    const again = next ? ` The next one is due ${lower(dueWords({ ...rest, due: next }, state.me.timeZone))}.` : '';
    undoable(`Completed “${task.title}”.${again}`);
  }),

  skip: guarded(async (task) => {
    const { skipped, ...rest } = await call('POST', `/api/tasks/${id(task.id)}/skip`);
    put(rest);
    act.cancel();
    const due = (day) => lower(dueWords({ ...rest, due: day }, state.me.timeZone));
    undoable(`Left out ${due(skipped)}. “${task.title}” is now due ${due(rest.due)}.`);
  }),

  edit: (task) => change({ editing: task.id, draft: draftOf(task), before: draftOf(task), problem: null }),
  draft: (part) => change({ draft: { ...state.draft, ...part }, problem: null }),
  cancel() {
    const task = state.editing;
    change({ editing: null, problem: null });
    focusTask(task);
  },
  remind(what) {
    if (what === 'at') act.draft({ reminderAt: true });
    else if (what && !state.draft.reminders.includes(what)) act.draft({ reminders: [...state.draft.reminders, what], reminderAt: false });
  },
  save: guarded(async (task) => {
    const body = changes(state.before, state.draft);
    change({ saving: true, problem: null });
    try {
      if (Object.keys(body).length > 0) {
        const saved = await call('PATCH', `/api/tasks/${id(task.id)}`, body);
        put(saved);
        undoable(`Changed “${saved.title}”.`);
      }
      act.cancel();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      change({ problem: e });
    } finally {
      change({ saving: false });
    }
  }),
  remove: guarded(async (task) => {
    if (deleting.has(task.id)) return;
    deleting.add(task.id);
    try {
      await call('DELETE', `/api/tasks/${id(task.id)}`);
    } finally {
      deleting.delete(task.id);
    }
    forget(task.id);
    undoable(`Deleted “${task.title}”.`);
  }),

  history: async (task) => {
    change({ drawer: { task, entries: state.drawer?.task.id === task.id ? state.drawer.entries : null } });
    try {
      const { entries, older } = await call('GET', `/api/tasks/${id(task.id)}/history`);
      if (state.drawer) change({ drawer: { task, entries, older } });
    } catch (e) {
      if (state.drawer) change({ drawer: { task, trouble: e.message } });
    }
  },
  closeDrawer() {
    const { task } = state.drawer;
    change({ drawer: null });
    focusTask(task.id);
  },

  addList: guarded(async (form) => {
    const list = await call('POST', '/api/lists', { name: form.elements.name.value.trim() });
    form.reset();
    listChanged(list);
    act.select(list.id);
  }),
  renameList: guarded(async (list, input) => {
    const name = input.value.trim();
    if (!name || name === list.name) { input.value = list.name; return; }
    try {
      listChanged(await call('PATCH', `/api/lists/${id(list.id)}`, { name }));
    } catch (e) {
      input.value = list.name;
      throw e;
    }
  }),
  deleteList: guarded(async (list) => {
    if (!confirm(`Delete “${list.name}” with all its tasks, for everybody?`)) return;
    await call('DELETE', `/api/lists/${id(list.id)}`);
    gone(list.id);
  }),
  async share(list, user, role, form) {
    change({ trouble: null });
    try {
      await call('PUT', `/api/lists/${id(list.id)}/members/${id(user)}`, { role });
      form?.reset();
      listChanged(await call('GET', `/api/lists/${id(list.id)}`));
    } catch (e) {
      change({ trouble: sentence(e) });
    }
  },
  leave: guarded(async (list, user) => {
    await call('DELETE', `/api/lists/${id(list.id)}/members/${id(user)}`);
    if (user === state.me.user) gone(list.id);
    else listChanged(await call('GET', `/api/lists/${id(list.id)}`));
  }),
};

// What is said of the holidays belongs to the list one is looking at.
async function calendar(list, ask) {
  change({ trouble: null });
  let part;
  try {
    part = { calendar: await ask() };
  } catch (e) {
    part = { trouble: sentence(e) };
  }
  if (state.selected === list.id && state.dialog === 'holidays') change(part);
}

async function putOff(reminder, title, until) {
  await call('POST', `/api/reminders/${id(reminder)}/snooze`, until === 'tomorrow' ? { until: tomorrowAt9(state.me.timeZone) } : { for: until });
  toast({ text: `“${title}” comes again ${PUT_OFF[until][1]}.` });
}

// The keyboard goes on where it was.
const focusTask = (task) => queueMicrotask(() => document.getElementById(`task-${task}`)?.querySelector('button.task-title')?.focus());

function listChanged(list) {
  change({ lists: state.lists.some((it) => it.id === list.id) ? state.lists.map((it) => (it.id === list.id ? list : it)) : [...state.lists, list] });
}

addEventListener('signed-out', () => { act.signOut(); change({ trouble: 'You are signed out. Sign in again.' }); });
addEventListener('visibilitychange', () => { if (!document.hidden) feed?.now(); });
// “/” goes to the search, as people expect.
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && state.menu) change({ menu: false });
  const typing = event.target.matches?.('input:not([type=checkbox], [type=file]), textarea');
  if (event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && !event.repeat && !typing && state.me) {
    event.preventDefault();
    act.undo();
  }
  if (event.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
    event.preventDefault();
    document.querySelector('input[type=search]')?.focus();
  }
});
// What is due becomes overdue by itself.
setInterval(() => change({}), 15_000);
addEventListener('hashchange', arrive);
arrive().then(() => state.me || start());
