// The live feed: one socket, kept open. What was seen is remembered by list and number, and asked for after every
// new start, so nothing is missed. A socket whose packets vanish looks open for ever: the server is asked whether it
// hears. tell.state gets 'live', 'connecting' or 'away'.

import { call } from './api.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
const LOOK_MS = 1_000;
const PING_MS = 4_000;
const SILENCE_MS = 10_000;
const SIGNED_OUT = 4401;

export function connect(tell) {
  const seen = {};
  let socket = null;
  let failures = 0;
  let timer = 0;
  let closed = false;
  let heard = 0;
  let pinged = 0;
  let opening = false;

  async function open() {
    if (opening) return;
    opening = true;
    tell.state('connecting');
    try {
      const { url } = await call('POST', '/api/live/ticket');
      if (closed) return;
      socket = new WebSocket(url);
    } catch (e) {
      again();
      return;
    } finally {
      opening = false;
    }
    heard = pinged = Date.now();
    socket.onmessage = ({ data }) => { heard = Date.now(); frame(JSON.parse(data)); };
    socket.onclose = ({ code }) => {
      socket = null;
      if (code === SIGNED_OUT) dispatchEvent(new Event('signed-out'));
      else again();
    };
  }

  function look() {
    if (!socket) return;
    const now = Date.now();
    if (now - heard > SILENCE_MS) {
      // Its own end would be told in minutes, if ever.
      socket.onmessage = socket.onclose = null;
      socket.close();
      socket = null;
      again();
    } else if (now - pinged >= PING_MS && socket.readyState === WebSocket.OPEN) {
      pinged = now;
      socket.send('{"type":"ping"}');
    }
  }

  function frame(it) {
    if (it.type === 'ready') {
      failures = 0;
      const lists = Object.fromEntries(Object.keys(it.lists).filter((list) => list in seen).map((list) => [list, seen[list]]));
      socket.send(JSON.stringify({ type: 'resume', lists }));
      // Lists we have not read, or that are not ours any more, are read anew.
      if (Object.keys(it.lists).some((list) => !(list in seen))) tell.reload(null);
      for (const [list, seq] of Object.entries(it.lists)) seen[list] ??= seq;
      for (const list of Object.keys(seen).filter((known) => !(known in it.lists))) frame({ type: 'gone', list });
      tell.state('live');
    } else if (it.type === 'change') {
      if (it.seq > (seen[it.list] ?? 0)) {
        seen[it.list] = it.seq;
        tell.change(it);
      }
    } else if (it.type === 'reminder') tell.reminder(it);
    else if (it.type === 'reload') tell.reload(it.list);
    else if (it.type === 'gone') {
      delete seen[it.list];
      tell.gone(it.list);
    }
  }

  // Jitter: a thousand pages do not come back in the same moment.
  function again() {
    if (closed) return;
    tell.state('away');
    clearTimeout(timer);
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++);
    timer = setTimeout(open, pause / 2 + Math.random() * pause / 2);
  }

  const now = () => { look(); if (!socket && !closed) { clearTimeout(timer); failures = 0; open(); } };
  addEventListener('online', now);
  const looking = setInterval(look, LOOK_MS);
  open();
  return {
    // What has been read from the API up to a number need not be sent.
    saw(list, seq) { seen[list] = Math.max(seen[list] ?? 0, seq); },
    now,
    close() { closed = true; clearTimeout(timer); clearInterval(looking); removeEventListener('online', now); socket?.close(); },
  };
}
