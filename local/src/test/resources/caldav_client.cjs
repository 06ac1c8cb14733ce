// What a program written with tsdav does on a list: CalDavIT runs it.
const assert = require('node:assert/strict');
const { DAVClient } = require('tsdav');

const [origin, user, token, list] = process.argv.slice(2);
const todo = (uid, title) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//tsdav//EN', 'BEGIN:VTODO', 'UID:' + uid, 'DTSTAMP:20300101T000000Z', 'SUMMARY:' + title, 'X-OWN:kept', 'END:VTODO', 'END:VCALENDAR', ''].join('\r\n');
const filters = { 'comp-filter': { _attributes: { name: 'VCALENDAR' }, 'comp-filter': { _attributes: { name: 'VTODO' } } } };

(async () => {
  // The server's name alone: it is led to the rest.
  const client = new DAVClient({ serverUrl: origin, credentials: { username: user, password: token }, authMethod: 'Basic', defaultAccountType: 'caldav' });
  await client.login();
  assert.equal(new URL(client.account.homeUrl).pathname, `/dav/calendars/${user}/`);
  const calendars = await client.fetchCalendars();
  assert.ok(calendars.length >= 2, JSON.stringify(calendars));
  const calendar = calendars.find((one) => one.url.endsWith(`/${list}/`));
  assert.deepEqual(calendar.components, ['VTODO']);
  assert.ok(calendar.reports.includes('syncCollection'), JSON.stringify(calendar.reports));

  const objects = (before) => client.fetchCalendarObjects({ calendar, filters, ...before });
  assert.equal((await client.createCalendarObject({ calendar, filename: 'one.ics', iCalString: todo('one', 'one') })).status, 201);
  assert.equal((await client.createCalendarObject({ calendar, filename: 'one.ics', iCalString: todo('one', 'again') })).status, 412);
  await client.createCalendarObject({ calendar, filename: 'zwei ä.ics', iCalString: todo('two', 'two') });
  const there = await objects();
  assert.deepEqual(there.map((one) => /SUMMARY:(.*)\r/.exec(one.data)[1]).sort(), ['one', 'two']);

  const known = { ...calendar, objects: there, syncToken: (await client.fetchCalendars()).find((one) => one.url === calendar.url).syncToken };
  const one = there.find((it) => it.url.endsWith('/one.ics'));
  const changed = { ...one, data: one.data.replace('SUMMARY:one', 'SUMMARY:first') };
  assert.equal((await client.updateCalendarObject({ calendarObject: changed })).status, 204);
  assert.equal((await client.updateCalendarObject({ calendarObject: changed })).status, 412);
  assert.equal((await client.deleteCalendarObject({ calendarObject: there.find((it) => it !== one) })).status, 204);
  await client.createCalendarObject({ calendar, filename: 'three.ics', iCalString: todo('three', 'three') });
  const synced = await client.smartCollectionSync({ collection: { ...known, objectMultiGet: client.calendarMultiGet.bind(client) }, method: 'webdav', account: client.account, detailedResult: true });
  const names = (urls) => urls.map((it) => it.url.split('/').pop()).sort();
  assert.deepEqual(names(synced.objects.created), ['three.ics']);
  assert.deepEqual(names(synced.objects.updated), ['one.ics']);
  assert.deepEqual(names(synced.objects.deleted), ['zwei%20%C3%A4.ics']);
  const after = await objects({ objectUrls: [one.url] });
  assert.match(after[0].data, /SUMMARY:first\r\n/);
  assert.match(after[0].data, /X-OWN:kept\r\n/);

  const made = await client.makeCalendar({ url: `${client.account.homeUrl}made-by-tsdav/`, props: { displayname: 'Made' } });
  assert.equal(made[0].status, 201, JSON.stringify(made));
  assert.equal((await client.fetchCalendars()).length, calendars.length + 1);
  await client.deleteObject({ url: `${client.account.homeUrl}made-by-tsdav/` });
  console.log('all is well');
})().catch((fault) => {
  console.error(fault);
  process.exit(1);
});
