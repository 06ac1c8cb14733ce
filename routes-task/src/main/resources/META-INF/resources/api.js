// Calls to /api: the token, problem documents, and repeating what was not answered, once, under the same key.

const STORE = 'sandglass.token';
const LIMIT_MS = 15_000;

export class Problem extends Error {
  constructor(status, document) {
    super(document.detail ?? document.title ?? `The server answered ${status}.`);
    this.status = status;
    this.errors = document.errors ?? [];
  }

  // The sentence for one field, by its JSON pointer.
  at(pointer) {
    return this.errors.filter((it) => it.pointer === pointer || it.pointer?.startsWith(`${pointer}/`)).map((it) => it.detail).join(' ');
  }
}

// A token in the address (#token=…) does not stay there. Null where there is none.
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) history.replaceState(null, '', location.pathname + location.search);
  return given;
}

// sessionStorage: two windows can be two users.
export const keepToken = (token) => sessionStorage.setItem(STORE, token);
export const signedIn = () => sessionStorage.getItem(STORE) !== null;
export const signOut = () => sessionStorage.removeItem(STORE);

export async function signIn(user) {
  const { token } = await call('POST', '/api/dev/token', { user });
  keepToken(token);
}

// With another token than the one kept, to find out whose it is.
export async function call(method, path, body, other) {
  // What is only read needs no key, and is not remembered under one.
  const key = method === 'GET' || path.endsWith('/parse') ? undefined : newKey();
  for (let tried = 1; ; tried++) {
    let answer;
    try {
      answer = await send(method, path, body, key, other ?? sessionStorage.getItem(STORE));
    } catch (e) {
      if (tried > 1) throw new Problem(0, { detail: 'The server cannot be reached.' });
      await pause(500);
      continue;
    }
    if (answer.status === 503 && tried < 3) {
      await pause(Math.min(3, Number(answer.headers.get('Retry-After')) || 1) * 1000);
      continue;
    }
    const text = await answer.text();
    const json = text && (answer.headers.get('Content-Type') ?? '').includes('json') ? JSON.parse(text) : {};
    if (answer.ok) return json;
    if (answer.status === 401 && !other && signedIn()) {
      signOut();
      dispatchEvent(new Event('signed-out'));
    }
    throw new Problem(answer.status, json);
  }
}

function send(method, path, body, key, token) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers['Idempotency-Key'] = key;
  const text = typeof body === 'string'; // a calendar
  if (body !== undefined) headers['Content-Type'] = text ? 'text/calendar' : method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return fetch(path, {
    method, headers, cache: 'no-store', signal: AbortSignal.timeout(LIMIT_MS), body: body === undefined || text ? body : JSON.stringify(body),
  });
}

// crypto.randomUUID is not there on a plain http address other than localhost.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((it) => it.toString(16).padStart(2, '0')).join('');

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export const query = (parameters) => new URLSearchParams(
  Object.entries(parameters).filter(([, value]) => value !== '' && value != null),
).toString();

// Every page, up to a number nobody scrolls through.
export async function tasks(parameters, most = 2_000) {
  const found = [];
  let cursor = null;
  do {
    const page = await call('GET', `/api/tasks?${query({ ...parameters, limit: Math.min(most, 500), cursor })}`);
    found.push(...page.tasks);
    cursor = page.next;
  } while (cursor && found.length < most);
  return found;
}

export const id = encodeURIComponent;
