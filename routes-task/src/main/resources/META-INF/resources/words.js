// Dates, rules and reminders in words.

const DAY_MS = 86_400_000;
const WEEKDAYS = { MO: 'Monday', TU: 'Tuesday', WE: 'Wednesday', TH: 'Thursday', FR: 'Friday', SA: 'Saturday', SU: 'Sunday' };
const NTH = { '-1': 'last ', 1: 'first ', 2: 'second ', 3: 'third ', 4: 'fourth ' };

// The calendar day in a zone, yyyy-mm-dd.
export const today = (zone, at = new Date()) => new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

const utc = (day) => new Date(`${day}T00:00:00Z`);
const format = (day, options) => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(utc(day));

export function dayWords(day, now) {
  const away = Math.round((utc(day) - utc(now)) / DAY_MS);
  if (Math.abs(away) < 2) return ['Yesterday', 'Today', 'Tomorrow'][away + 1];
  if (away > 0 && away < 7) return format(day, { weekday: 'long' });
  return format(day, { weekday: 'short', day: 'numeric', month: 'short', ...(day.slice(0, 4) === now.slice(0, 4) ? {} : { year: 'numeric' }) });
}

export function dueWords(task, zone) {
  const words = dayWords(task.due.slice(0, 10), today(task.timeZone));
  const time = task.due.length > 10 ? ` ${task.due.slice(11, 16)}` : '';
  return words + time + (time && task.timeZone !== zone ? ` (${task.timeZone.split('/').pop().replaceAll('_', ' ')})` : '');
}

// Inside a sentence; weekdays keep their capital.
export const lower = (words) => words.replace(/^(Today|Tomorrow|Yesterday)/, (it) => it.toLowerCase());

export const instantWords = (instant, zone) => `${dayWords(today(zone, new Date(instant)), today(zone))} ${new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(instant))}`;

// Nine o'clock of the next day in a zone, as an instant.
export function tomorrowAt9(zone) {
  const wanted = Date.parse(`${today(zone)}T09:00:00Z`) + DAY_MS;
  const wall = (at) => Date.parse(`${new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at).replace(' ', 'T')}Z`);
  const near = 2 * wanted - wall(wanted);
  return new Date(near + wanted - wall(near)).toISOString();
}

export function ruleWords(rule) {
  const word = { daily: 'every day', weekly: 'every week', monthly: 'every month', yearly: 'every year' }[rule];
  if (word) return word;
  const part = Object.fromEntries(rule.toUpperCase().split(';').map((it) => it.split('=')));
  const unit = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' }[part.FREQ];
  if (!unit) return rule;
  let words = part.INTERVAL > 1 ? `every ${part.INTERVAL} ${unit}s` : `every ${unit}`;
  if (part.BYDAY === 'MO,TU,WE,TH,FR' && !(part.INTERVAL > 1)) words = 'every weekday';
  else if (part.BYDAY) words += ` on ${part.BYDAY.split(',').map((it) => (NTH[it.slice(0, -2)] ? `the ${NTH[it.slice(0, -2)]}` : it.slice(0, -2)) + (WEEKDAYS[it.slice(-2)] ?? it)).join(', ')}`;
  if (part.BYMONTHDAY) words += part.BYMONTHDAY === '-1' ? ' on the last day' : ` on day ${part.BYMONTHDAY}`;
  if (part.COUNT) words += `, ${part.COUNT} times`;
  if (part.UNTIL) words += `, until ${part.UNTIL.slice(0, 8).replace(/(....)(..)(..)/, '$1-$2-$3')}`;
  return words;
}

// Of an all-day task what counts from its beginning is a time of that day.
export function reminderWords(reminder, zone, allDay) {
  if (/Z$/.test(reminder)) return instantWords(reminder, zone);
  const clock = allDay && /^([+-]?)PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(reminder);
  const minutes = clock && (clock[1] === '-' ? -1 : 1) * (60 * Number(clock[2] ?? 0) + Number(clock[3] ?? 0));
  if (clock && minutes >= -1440 && minutes < 1440) {
    const of = (minutes + 1440) % 1440;
    return `at ${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}${minutes < 0 ? ' the day before' : ''}`;
  }
  const [, sign, ...numbers] = /^([+-]?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(reminder) ?? [];
  const parts = numbers.map((it, i) => Number(it) > 0 && `${it} ${['year', 'month', 'week', 'day', 'hour', 'minute', 'second'][i]}${it === '1' ? '' : 's'}`).filter(Boolean);
  return parts.length ? `${parts.join(' ')} ${sign === '-' ? 'before' : 'after'}` : 'when due';
}

export const nagWords = (nag) => `again every ${reminderWords(nag).replace(/ after$/, '').replace(/^1 (?=\w+$)/, '')} until done`;

const EVENTS = {
  'task.created': 'created this task', 'task.completed': 'completed it', 'task.reopened': 'opened it again', 'task.deleted': 'deleted it', 'task.updated': 'changed it',
};

export const eventWords = (entry) => EVENTS[entry.event] ?? entry.event;

// A value as it was before or after a change.
export function valueWords(field, value, zone) {
  if (value == null || value === '' || value.length === 0) return 'nothing';
  if (field === 'recurrence') return ruleWords(value);
  if (field === 'nag') return nagWords(value);
  if (field === 'due') return `${dayWords(value.slice(0, 10), today(zone))} ${value.slice(11, 16)}`.trim();
  if (Array.isArray(value)) return value.map((it) => (field === 'reminders' ? reminderWords(it, zone) : it)).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
