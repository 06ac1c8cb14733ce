"""What a Thunderbird does with the lists of a user: CalDavIT runs it, where a Thunderbird is there.

Thunderbird runs without a screen and is driven over Marionette, its own remote control, by the functions that its menus and check boxes
call. Between it and the server stands a relay that writes down what is said, and loses an answer where it is told to. After each step
Thunderbird holds what the server says.

Arguments: the server's address, a user, a token of theirs, the program, what makes tokens (a bearer token of the user); last, a folder for
all that was said.
"""

import collections
import http.client
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid

SETTLED = 30
STARTED = 90
ANSWERED = 120
WARSAW = "Europe/Warsaw"

PREFERENCES = {
    # It starts with nothing but itself, and asks nobody but the server.
    "app.donation.eoy.version.viewed": 999,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "app.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "extensions.autoDisableScopes": 15,
    "extensions.blocklist.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "mail.accounthub.enabled": False,
    "mail.accounthub.addressbook.enabled": False,
    "mail.chat.enabled": False,
    "mail.inappnotifications.enabled": False,
    "mail.provider.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mail.winsearch.firstRunDone": True,
    "mailnews.database.global.indexer.enabled": False,
    "mailnews.start_page.enabled": False,
    "mailnews.start_page_override.mstone": "ignore",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.manage-offline-status": False,
    "network.proxy.allow_hijacking_localhost": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
    "network.trr.mode": 5,
    "offline.autoDetect": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "data:,",
    # Its calendar.
    "calendar.alarms.playsound": False,
    "calendar.alarms.show": False,
    "calendar.alarms.showmissed": False,
    "calendar.caldav.multigetBatchSize": 10,
    "calendar.timezone.local": WARSAW,
    "calendar.timezone.useSystemTimezone": False,
    "marionette.port": 0,
}

# Runs within Thunderbird. What a user does by a menu or a check box is done by the function behind it (doTransaction and the like).
WITHIN = r"""
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const { CalTodo } = ChromeUtils.importESModule("resource:///modules/CalTodo.sys.mjs");
const { CalAlarm } = ChromeUtils.importESModule("resource:///modules/CalAlarm.sys.mjs");
const { CalRecurrenceInfo } = ChromeUtils.importESModule("resource:///modules/CalRecurrenceInfo.sys.mjs");
const { MsgAuthPrompt } = ChromeUtils.importESModule("resource:///modules/MsgAsyncPrompter.sys.mjs");
const { ConnectionNotifications } = ChromeUtils.importESModule("resource:///modules/ConnectionNotifications.sys.mjs");
const home = Services.wm.getMostRecentWindow("mail:3pane");
const state = (home.tried ??= { asked: 0, password: null, conflicts: [], overwrites: false, found: [] });
const sleep = milliseconds => new Promise(resolve => home.setTimeout(resolve, milliseconds));
const digits = (number, count = 2) => String(number).padStart(count, "0");

function calendar(part) {
  const its = cal.manager.getCalendars().find(one => one.type == "caldav" && one.uri.spec.includes(part));
  return its?.wrappedJSObject ?? its;
}

function moment([text, zone]) {
  const at = cal.createDateTime(text);
  if (!at.isDate) {
    at.timezone = zone == "floating" ? cal.dtz.floating : cal.timezoneService.getTimezone(zone);
  }
  return at;
}

function said(at) {
  if (!at) {
    return null;
  }
  const date = `${digits(at.year, 4)}-${digits(at.month + 1)}-${digits(at.day)}`;
  return at.isDate
    ? { at: date, zone: null }
    : { at: `${date}T${digits(at.hour)}:${digits(at.minute)}:${digits(at.second)}`, zone: at.timezone.tzid };
}

function alarm(item, one) {
  if (one.related == Ci.calIAlarm.ALARM_RELATED_ABSOLUTE) {
    return said(one.alarmDate.getInTimezone(cal.dtz.UTC)).at + "Z";
  }
  const both = one.related == Ci.calIAlarm.ALARM_RELATED_START && item.entryDate && item.dueDate;
  return one.offset.inSeconds + (both ? item.entryDate.subtractDate(item.dueDate).inSeconds : 0);
}

function held(its, item) {
  const known = its.mUncachedCalendar?.wrappedJSObject.mItemInfoCache[item.id] ?? {};
  return {
    id: item.id,
    path: known.locationPath,
    etag: known.etag,
    title: item.title,
    description: item.getProperty("DESCRIPTION") ?? "",
    priority: item.priority,
    categories: item.getCategories(),
    status: item.status,
    progress: item.percentComplete,
    completed: item.isCompleted,
    start: said(item.entryDate),
    due: said(item.dueDate),
    repeats: !!item.recurrenceInfo,
    alarms: item.getAlarms().map(one => alarm(item, one)),
    text: item.icalString,
  };
}

async function all(its) {
  const items = await its.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
  return items;
}

/** A task by its title, the open one if there are several; with a number, that of its dates to come. */
async function item(its, [title, date]) {
  const found = (await all(its)).filter(one => one.title == title);
  const one = found.find(it => !it.isCompleted) ?? found[0];
  if (!one) {
    throw new Error(`It does not hold "${title}"`);
  }
  if (date === undefined || date === null) {
    return one;
  }
  return dates(one, date + 1)[date];
}

function dates(one, count) {
  const end = one.recurrenceStartDate.clone();
  end.year += 60;
  return one.recurrenceInfo.getOccurrences(one.recurrenceStartDate, end, count);
}

const set = {
  title: (one, value) => (one.title = value),
  description: (one, value) => one.setProperty("DESCRIPTION", value),
  html: (one, value) => (one.descriptionHTML = value),
  priority: (one, value) => (one.priority = value),
  categories: (one, value) => one.setCategories(value),
  property: (one, [name, value]) => one.setProperty(name, value),
  start: (one, value) => (one.entryDate = value && moment(value)),
  due: (one, value) => (one.dueDate = value && moment(value)),
  rule: (one, value) => {
    const rules = new CalRecurrenceInfo(one);
    rules.appendRecurrenceItem(cal.createRecurrenceRule("RRULE:" + value));
    one.recurrenceInfo = rules;
  },
  alarms: (one, value) => {
    one.clearAlarms();
    for (const offset of value) {
      const its = new CalAlarm();
      its.action = "DISPLAY";
      its.related = one.entryDate ? Ci.calIAlarm.ALARM_RELATED_START : Ci.calIAlarm.ALARM_RELATED_END;
      its.offset = cal.createDuration(offset);
      one.addAlarm(its);
    }
  },
  completed: (one, value) => (one.isCompleted = value),
  progress: (one, value) => {
    one.percentComplete = value;
    one.status = "IN-PROCESS";
    one.completedDate = null;
  },
  postponed: (one, value) => cal.item.shiftOffset(one, cal.createDuration(value)),
};

function changed(one, changes) {
  for (const [name, value] of Object.entries(changes)) {
    set[name](one, value);
  }
  return one;
}

const steps = {
  async start() {
    for (let i = 0; i < 300 && !(home.document.readyState == "complete" && cal.manager.getCalendars().length); i++) {
      await sleep(100);
    }
    // Marionette takes that away from a user, as much else.
    Services.prefs.setBoolPref("signon.rememberSignons", true);
    // Without a desktop there is nothing to show it, and what waits for that would wait for ever.
    ConnectionNotifications.connectionFailed = () => {};
    cal.provider.promptOverwrite = (method, its) => {
      state.conflicts.push(method + " " + its.title);
      return state.overwrites;
    };
    MsgAuthPrompt.prototype.promptAuth = (channel, level, info, label, save) => {
      state.asked++;
      if (!state.password) {
        return false;
      }
      info.username = state.user;
      info.password = state.password;
      save.value = true;
      return true;
    };
    return Services.appinfo.name + " " + Services.appinfo.version;
  },

  async find(user, password, location) {
    state.user = user;
    const found = await cal.provider.detection.detect(user, password, location, true, [], {});
    state.found = [...found].filter(([provider]) => provider.type == "caldav").flatMap(([, calendars]) => calendars);
    return state.found.map(one => ({
      name: one.name,
      path: one.uri.pathQueryRef,
      readOnly: one.readOnly,
      color: one.getProperty("color"),
    }));
  },

  async subscribe(part) {
    const one = state.found.find(its => its.uri.spec.includes(part));
    one.setProperty("cache.enabled", true);
    cal.manager.registerCalendar(one);
    await steps.look(part);
  },

  async look(part) {
    const its = calendar(part);
    await its.refresh();
    return String(its.getProperty("currentStatus"));
  },

  about(part) {
    const its = calendar(part);
    return {
      readOnly: its.readOnly,
      disabled: !!its.getProperty("disabled"),
      status: Number(its.getProperty("currentStatus")),
      tasks: its.getProperty("capabilities.tasks.supported"),
      events: its.getProperty("capabilities.events.supported"),
    };
  },

  async items(part) {
    const its = calendar(part);
    return (await all(its)).map(one => held(its, one));
  },

  async dates(part, title, count) {
    const its = calendar(part);
    const one = await item(its, [title]);
    return dates(one, count).map(it => said(it.dueDate ?? it.entryDate).at);
  },

  async add(part, changes) {
    const its = calendar(part);
    const one = changed(new CalTodo(), changes);
    one.calendar = its;
    await home.doTransaction("add", one, its, null, null);
  },

  /** Several things a user does one after the other, before the first is answered for. */
  async change(part, which, changes) {
    const its = calendar(part);
    const one = await item(its, which);
    await home.doTransaction("modify", changed(one.clone(), changes), its, one, null);
  },

  async remove(part, which) {
    const its = calendar(part);
    const one = await item(its, which);
    if (one.parentItem == one) {
      await home.doTransaction("delete", one, its, null, null);
    } else {
      const series = one.parentItem.clone();
      series.recurrenceInfo.removeOccurrenceAt(one.recurrenceId);
      await home.doTransaction("modify", series, its, one.parentItem, null);
    }
  },

  async move(part, which, other) {
    const one = await item(calendar(part), which);
    const moved = one.clone();
    moved.calendar = calendar(other);
    await home.doTransaction("modify", moved, moved.calendar, one, null);
  },

  async undo() {
    await home.gCalTransactionMgr.undo();
  },

  async snooze(part, which, duration) {
    const one = await item(calendar(part), which);
    const service = Cc["@mozilla.org/calendar/alarm-service;1"].getService(Ci.calIAlarmService).wrappedJSObject;
    await service.snoozeAlarm(one, one.getAlarms()[0], cal.createDuration(duration));
  },

  async dismiss(part, which) {
    const one = await item(calendar(part), which);
    const service = Cc["@mozilla.org/calendar/alarm-service;1"].getService(Ci.calIAlarmService).wrappedJSObject;
    await service.dismissAlarm(one);
  },

  /** How many tasks wait until they can be put on the server. */
  async waiting(part) {
    const its = calendar(part);
    const flags = await Promise.all((await all(its)).map(one => its.mCachedCalendar.getItemOfflineFlag(one)));
    return flags.filter(Boolean).length;
  },

  async network(there) {
    Services.io.offline = !there;
  },

  overwrites(does) {
    state.overwrites = does;
    return state.conflicts.splice(0);
  },

  password(text) {
    state.password = text;
    return state.asked;
  },

  forgetToken(part, text) {
    calendar(part).mUncachedCalendar.wrappedJSObject.mWebdavSyncToken = text;
  },
};

const [name, given, done] = arguments;
(async () => steps[name](...given))().then(
  value => done(JSON.stringify({ value: value ?? null })),
  error => done(JSON.stringify({ error: `${error} ${error?.stack ?? ""}` }))
);
"""


class Different(Exception):
    """Thunderbird and the server do not have what they are to have."""


class Failed(Exception):
    """Thunderbird could not do it."""


# ---------------------------------------------------------------- Between the two


class Relay:
    """Carries what is said, writes it down, and loses an answer where it is told to."""

    def __init__(self, origin):
        self.to = urllib.parse.urlsplit(origin)
        self.said, self.lock = [], threading.Lock()
        self.losing, self.refusing, self.keeps = collections.Counter(), collections.Counter(), True
        relay = self

        class Carry(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (ConnectionError, TimeoutError):
                    self.close_connection = True

            def log_message(self, *args):
                pass

        for method in "GET HEAD OPTIONS PUT DELETE POST PROPFIND PROPPATCH REPORT MKCALENDAR MKCOL".split():
            setattr(Carry, "do_" + method, lambda its: relay.carry(its))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Carry)
        self.server.daemon_threads = True
        self.origin = "http://localhost:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def carry(self, asked):
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        one = {"method": asked.command, "path": asked.path, "headers": asked.headers.items(), "body": body.decode()}
        one["at"] = time.time()
        one["headers"] = [(name, value) for name, value in one["headers"] if name.lower() != "authorization"]
        with self.lock:
            self.said.append(one)
            refused = self.refusing[asked.command] > 0
            self.refusing[asked.command] -= refused
        if refused:
            one["lost"] = "request"
            self.cut(asked)
            return
        try:
            answer, text = self.ask(asked, body)
        except (OSError, http.client.HTTPException) as problem:
            one["lost"] = repr(problem)
            self.cut(asked)
            return
        one.update(status=answer.status, answer=answer.getheaders(), text=text.decode(errors="replace"))
        with self.lock:
            lost = self.losing[asked.command] > 0
            self.losing[asked.command] -= lost
        if lost:
            one["lost"] = "answer"
            self.cut(asked)
            return
        asked.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "content-length", "keep-alive", "transfer-encoding"):
                asked.send_header(name, value)
        if answer.status not in (204, 304):
            asked.send_header("Content-Length", answer.getheader("Content-Length") or str(len(text)))
        if not self.keeps:
            asked.send_header("Connection", "close")
            asked.close_connection = True
        asked.end_headers()
        if asked.command != "HEAD":
            asked.wfile.write(text)

    def ask(self, asked, body):
        headers = {name: value for name, value in asked.headers.items() if name.lower() != "accept-encoding"}
        connection = http.client.HTTPConnection(self.to.hostname, self.to.port, timeout=60)
        try:
            connection.request(asked.command, asked.path, body or None, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    @staticmethod
    def cut(asked):
        asked.close_connection = True
        try:
            asked.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def since(self, number):
        with self.lock:
            return self.said[number:]

    def number(self):
        with self.lock:
            return len(self.said)


def shown(one):
    lines = ["%(method)s %(path)s" % one] + ["%s: %s" % pair for pair in one["headers"]] + ["", one["body"], ""]
    if "lost" in one:
        lines.append("(lost: %s)" % one["lost"])
    if "status" in one:
        lines += [str(one["status"])] + ["%s: %s" % pair for pair in one["answer"]] + ["", one["text"]]
    return "\n".join(line.replace("\r\n", "\n") for line in lines)


# ---------------------------------------------------------------- Thunderbird, by Marionette


class Thunderbird:
    """One with a new profile, until it is closed."""

    def __init__(self, program, folder=None):
        self.program = program
        self.folder = folder or tempfile.mkdtemp(prefix="thunderbird-")
        os.makedirs(self.folder, exist_ok=True)
        self.begin()

    def begin(self):
        with open(os.path.join(self.folder, "user.js"), "w") as out:
            for name, value in PREFERENCES.items():
                out.write("user_pref(%s, %s);\n" % (json.dumps(name), json.dumps(value)))
        port = os.path.join(self.folder, "MarionetteActivePort")
        if os.path.exists(port):
            os.remove(port)
        self.log = open(os.path.join(self.folder, "said.txt"), "ab")
        self.process = subprocess.Popen(
            [self.program, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile", self.folder],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env=dict(os.environ, HOME=self.folder, MOZ_HEADLESS="1", MOZ_CRASHREPORTER_DISABLE="1", LC_ALL="C.UTF-8"),
        )
        self.count = 0
        try:
            self.socket = self.connected(port)
            self.received()
            self.call("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {}}})
            self.call("Marionette:SetContext", {"value": "chrome"})
            self.call("WebDriver:SetTimeouts", {"script": ANSWERED * 1000})
        except BaseException:
            self.close()
            raise

    def connected(self, port):
        end = time.monotonic() + STARTED
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with open(port) as its:
                    return socket.create_connection(("127.0.0.1", int(its.read())), timeout=ANSWERED + STARTED)
            except (OSError, ValueError):
                time.sleep(0.2)
        self.log.flush()
        with open(os.path.join(self.folder, "said.txt")) as its:
            raise Failed("Thunderbird does not start: " + its.read()[-2000:])

    def received(self):
        length = b""
        while not length.endswith(b":"):
            one = self.socket.recv(1)
            if not one:
                raise Failed("Thunderbird is gone")
            length += one
        text = b""
        while len(text) < int(length[:-1]):
            text += self.socket.recv(int(length[:-1]) - len(text))
        return json.loads(text)

    def call(self, command, parameters):
        self.count += 1
        text = json.dumps([0, self.count, command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        _, number, error, result = self.received()
        if error or number != self.count:
            raise Failed("%s: %s" % (command, error))
        return result

    def do(self, name, *given):
        """Does a step of those within. @throws Failed where Thunderbird says that it could not"""
        script = {"script": WITHIN, "args": [name, list(given)], "newSandbox": True, "sandbox": "system"}
        answer = json.loads(self.call("WebDriver:ExecuteAsyncScript", script)["value"])
        if "error" in answer:
            raise Failed("%s: %s" % (name, answer["error"]))
        return answer["value"]

    def close(self):
        """It writes what it has before it ends; one that does not answer is ended."""
        try:
            self.call("Marionette:Quit", {"flags": ["eForceQuit"]})
        except (Failed, OSError, AttributeError):
            self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def again(self):
        """Ends it and begins it again, with what it knows."""
        self.close()
        self.begin()
        self.do("start")

    def __enter__(self):
        return self

    def __exit__(self, *how):
        self.close()
        if how[0] is None:
            shutil.rmtree(self.folder, ignore_errors=True)


# ---------------------------------------------------------------- The server, by its API


class Api:
    def __init__(self, origin, token):
        self.to, self.token = urllib.parse.urlsplit(origin), token

    def call(self, method, path, body=None, status=None):
        """One that fails for want of a part that is just starting is repeated, with the same key."""
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        end = time.monotonic() + SETTLED
        while True:
            connection = http.client.HTTPConnection(self.to.hostname, self.to.port, timeout=60)
            try:
                connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
                answer = connection.getresponse()
                text, code = answer.read().decode(), answer.status
            except (OSError, http.client.HTTPException) as problem:
                text, code = repr(problem), 503
            finally:
                connection.close()
            if code not in (429, 503) or time.monotonic() > end:
                break
            time.sleep(1)
        if code // 100 != 2 if status is None else code != status:
            raise Different("%s %s %s: %d %s" % (method, path, body, code, text))
        return json.loads(text) if text else None

    def get(self, path, status=None):
        return self.call("GET", path, status=status)

    def post(self, path, body=None):
        return self.call("POST", path, body)

    def patch(self, path, body):
        return self.call("PATCH", path, body)

    def delete(self, path):
        return self.call("DELETE", path)

    def tasks(self, part):
        return self.get("/api/tasks?limit=500&list=" + part)["tasks"]

    def named(self, part, title):
        """The tasks of a title, by their dates."""
        return sorted((one for one in self.tasks(part) if one["title"] == title), key=lambda one: one["due"] or "")


# ---------------------------------------------------------------- The same?


def seconds(reminder):
    """A reminder as Thunderbird's are counted here: seconds, or an instant."""
    its = re.fullmatch(r"(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", reminder)
    if not its:
        return reminder
    weeks, days, hours, minutes, rest = (int(one or 0) for one in its.groups()[1:])
    return (-1 if its.group(1) else 1) * ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + rest)


def rings(alarms, timed):
    """Of all-day tasks, where a time of the day is written as an instant, only how many; what is done does not ring."""
    return tuple(sorted(map(str, alarms))) if timed else len(list(alarms))


def urgency(priority):
    return "medium" if priority in (0, 5) else "urgent" if priority == 1 else "high" if priority < 5 else "low"


def as_held(one):
    """A task as Thunderbird holds it, in what both know."""
    due = one["due"] or (one["repeats"] and one["start"]) or {"at": None, "zone": None}
    return (
        one["title"],
        due["at"] or "",
        due["zone"] or "",
        "completed" if one["completed"] else "open",
        urgency(one["priority"] or 0),
        one["repeats"],
        one["description"],
        tuple(sorted(one["categories"])),
        () if one["completed"] else rings(one["alarms"], due["zone"]),
    )


def as_said(task):
    """A task as the API says it, in what both know."""
    timed = task["due"] and "T" in task["due"]
    return (
        task["title"],
        task["due"] or "",
        (task["timeZone"] if timed else None) or "",
        task["status"],
        task["priority"],
        task["status"] == "open" and task["recurrence"] is not None,
        task["description"],
        tuple(sorted(task["tags"])),
        () if task["status"] == "completed" else rings(map(seconds, task["reminders"]), timed),
    )


class Tried:
    """A list that Thunderbird and the API both look at."""

    def __init__(self, thunderbird, api, relay, part):
        self.thunderbird, self.api, self.relay, self.part = thunderbird, api, relay, part

    def do(self, name, *given):
        return self.thunderbird.do(name, self.part, *given)

    def held(self):
        return sorted(as_held(one) for one in self.do("items"))

    def said(self):
        return sorted(as_said(one) for one in self.api.tasks(self.part))

    def same(self, step):
        """Thunderbird, once it has looked, holds what the server says."""
        end = time.monotonic() + SETTLED
        while True:
            self.do("look")
            held, said = self.held(), self.said()
            if held == said:
                print("%s: %d tasks" % (step, len(held)), flush=True)
                return
            if time.monotonic() > end:
                ours = [one for one in held if one not in said]
                theirs = [one for one in said if one not in held]
                raise Different("%s\nThunderbird alone has %s\nthe server alone has %s" % (step, ours, theirs))
            time.sleep(0.5)

    def one(self, title):
        """The task of this title, in Thunderbird."""
        return [one for one in self.do("items") if one["title"] == title][-1]


def check(holds, *told):
    if not holds:
        raise Different(" ".join(map(str, told)))


# ---------------------------------------------------------------- The steps


def begins(t):
    """What is there before it looks."""
    make = lambda **fields: t.api.post("/api/tasks", dict(fields, list=t.part))
    make(
        title="pay, the rent; ü é́ 日本 🙂 \\",
        due="2040-01-31T09:00:00",
        timeZone=WARSAW,
        priority="urgent",
        tags=["home", "Überall & more"],
        description="two\nlines, and; more\\",
        reminders=["-PT15M", "2040-01-30T18:00:00Z"],
    )
    make(title="all day", due="2040-02-01", reminders=["PT9H"])
    make(title="bare")
    make(title="elsewhere", due="2040-03-01T09:00:00", timeZone="America/New_York", priority="low")
    make(title="stand up", due="2040-01-01T09:00:00", timeZone="Asia/Kathmandu", recurrence="FREQ=DAILY", priority="high")
    t.api.post("/api/tasks/%s/complete" % make(title="done before")["id"])
    t.api.post("/api/tasks/%s/complete" % make(title="again", due="2040-01-01", recurrence="FREQ=WEEKLY")["id"])
    for number in range(15):
        make(title="one of many %d" % number)


def sees(t):
    t.same("it has all that is there")
    about = t.do("about")
    check(about["tasks"] and not about["events"] and not about["readOnly"] and not about["disabled"], about)


def adds(t):
    t.do(
        "add",
        dict(
            title="made, in; Thunderbird ü",
            description="a\nb, c; d\\",
            priority=1,
            categories=["Work", "at home; ü"],
            due=["20400131T090000", WARSAW],
            alarms=["-PT15M"],
        ),
    )
    (task,) = t.api.named(t.part, "made, in; Thunderbird ü")
    check(task["priority"] == "urgent" and task["tags"] == ["Work", "at home; ü"], task)
    check(task["due"] == "2040-01-31T09:00:00" and task["timeZone"] == WARSAW, task)
    check(task["reminders"] == ["-PT15M"] and task["description"] == "a\nb, c; d\\", task)
    t.do("add", dict(title="made bare"))
    t.do("add", dict(title="made all day", due=["20400201"]))
    t.do("add", dict(title="made floating", due=["20400201T120000", "floating"]))
    t.do("add", dict(title="made in UTC", due=["20400201T120000", "UTC"]))
    check(t.api.named(t.part, "made in UTC")[0]["dueAt"] == "2040-02-01T12:00:00Z", "UTC")
    t.do("add", dict(title="made elsewhere", start=["20400201T080000", "Australia/Lord_Howe"], due=["20400201T120000", "Australia/Lord_Howe"]))
    t.do("look")
    floating = t.one("made floating")
    check(floating["due"]["at"] == "2040-02-01T12:00:00", floating)
    t.do("remove", ["made floating"])
    t.same("what it adds is there")


def changes(t):
    t.do("add", dict(title="to change", priority=5, due=["20400131T090000", WARSAW], alarms=["-PT15M"], categories=["one"]))
    t.do("change", ["to change"], dict(priority=9, due=["20400201T100000", "America/New_York"]))
    t.do("change", ["to change"], dict(categories=["one", "two"], alarms=["-PT1H", "-P1D"]))
    t.do("change", ["to change"], dict(progress=50, description="half"))
    (task,) = t.api.named(t.part, "to change")
    check(task["priority"] == "low" and task["due"] == "2040-02-01T10:00:00" and task["timeZone"] == "America/New_York", task)
    check(task["tags"] == ["one", "two"] and task["reminders"] == ["-PT1H", "-P1D"] and task["status"] == "open", task)
    t.same("what it changes is there")
    kept = t.one("to change")
    check(kept["status"] == "IN-PROCESS" and kept["progress"] == 50, kept)
    t.do("change", ["to change"], dict(categories=[], alarms=[], due=None, priority=0, description=""))
    (task,) = t.api.named(t.part, "to change")
    check(not task["tags"] and not task["reminders"] and task["due"] is None and task["priority"] == "medium", task)
    t.same("what it takes away is away")


def keeps(t):
    t.do("add", dict(title="with more", html="<b>bold</b> &amp; plain", due=["20400131T090000", WARSAW], priority=3))
    for property_ in (["LOCATION", "desk 3"], ["URL", "https://example.org/a?b=c"], ["X-OWN", "kept"], ["CLASS", "PRIVATE"]):
        t.do("change", ["with more"], dict(property=property_))
    (task,) = t.api.named(t.part, "with more")
    t.api.patch("/api/tasks/" + task["id"], {"priority": "low"})
    t.same("what it knows more")
    text = re.sub(r"\r?\n[ \t]", "", t.one("with more")["text"])
    for line in ("LOCATION:desk 3", "URL:https://example.org/a?b=c", "X-OWN:kept", "CLASS:PRIVATE", "ALTREP=", "PRIORITY:7"):
        check(line in text, line, "is not in", text)


def completes(t):
    t.do("add", dict(title="to do", due=["20400131T090000", WARSAW]))
    for completed in (True, False, True):
        t.do("change", ["to do"], dict(completed=completed))
        (task,) = t.api.named(t.part, "to do")
        check(task["status"] == ("completed" if completed else "open"), task)
    t.same("what it completes is completed")


def series(t, title, rule="FREQ=DAILY", **more):
    """A series of Thunderbird's, which wants a start for one."""
    more = dict(dict(start=["20400101T090000", WARSAW], due=["20400101T100000", WARSAW]), **more)
    t.do("add", dict(title=title, **more, rule=rule))
    return t.api.named(t.part, title)[0]["series"]


def settled(t, title, done, open_):
    """The dates that are done, and the one that is open."""
    end = time.monotonic() + SETTLED
    while True:
        tasks = t.api.named(t.part, title)
        there = [one["due"][:16] for one in tasks if one["status"] == "completed"], [one["due"][:16] for one in tasks if one["status"] == "open"]
        if there == (done, [open_] if open_ else []):
            break
        check(time.monotonic() < end, title, "is", there, "and not", (done, open_))
        time.sleep(0.3)
    its = t.api.get("/api/series/" + tasks[0]["series"])
    check(sorted(one["due"][:16] for one in its["done"]) == done, its)
    check((its["open"] or {}).get("due", "")[:16] == (open_ or ""), its)
    t.same("%s: done %s, open %s" % (title, [one[5:10] for one in done], open_ and open_[5:]))


def completes_dates(t):
    """The check box of a date: an override of it beside the series."""
    series(t, "walk", "FREQ=DAILY;COUNT=3", alarms=["-PT15M"], categories=["out"], priority=1)
    settled(t, "walk", [], "2040-01-01T10:00")
    t.do("change", ["walk", 0], dict(completed=True))
    settled(t, "walk", ["2040-01-01T10:00"], "2040-01-02T10:00")
    (open_,) = (one for one in t.api.named(t.part, "walk") if one["status"] == "open")
    check(open_["reminders"] == ["-PT15M"] or open_["reminders"] == ["-PT1H15M"], open_)
    check(open_["tags"] == ["out"] and open_["priority"] == "urgent" and open_["occurrence"] == 2, open_)
    t.do("change", ["walk", 0], dict(completed=True))
    settled(t, "walk", ["2040-01-01T10:00", "2040-01-02T10:00"], "2040-01-03T10:00")
    last = t.one("walk")
    t.do("change", ["walk", 0] if last["repeats"] else ["walk"], dict(completed=True))
    settled(t, "walk", ["2040-01-01T10:00", "2040-01-02T10:00", "2040-01-03T10:00"], None)


def completes_date_by_date(t):
    """One that the server made: without a start, in another zone."""
    (task,) = t.api.named(t.part, "stand up")
    t.do("change", ["stand up", 0], dict(completed=True))
    settled(t, "stand up", ["2040-01-01T09:00"], "2040-01-02T09:00")
    check(t.api.get("/api/tasks/" + task["id"])["status"] == "completed", task)


def completes_all(t):
    """The task itself, rule and all: by its window, of which all dates were meant."""
    series(t, "swim")
    t.do("change", ["swim"], dict(completed=True))
    settled(t, "swim", ["2040-01-01T10:00"], "2040-01-02T10:00")


def undoes(t):
    """Ctrl+Z puts back what was before."""
    series(t, "run")
    t.do("change", ["run", 0], dict(completed=True))
    settled(t, "run", ["2040-01-01T10:00"], "2040-01-02T10:00")
    t.do("undo")
    settled(t, "run", [], "2040-01-01T10:00")
    t.do("change", ["run", 0], dict(completed=True))
    settled(t, "run", ["2040-01-01T10:00"], "2040-01-02T10:00")


def reopens(t):
    """The check box of a date that is done, once it is a task of its own."""
    series(t, "row")
    t.do("change", ["row", 0], dict(completed=True))
    settled(t, "row", ["2040-01-01T10:00"], "2040-01-02T10:00")
    t.api.delete("/api/tasks/" + [one["id"] for one in t.api.named(t.part, "row") if one["status"] == "open"][0])
    t.do("look")
    t.do("change", ["row"], dict(completed=False))
    t.do("look")
    check([one["status"] for one in t.api.named(t.part, "row")] == ["open"], t.api.named(t.part, "row"))
    t.same("what was done is open again")


def a_date_to_come(t):
    """While one before it is open, it is no task yet: it stays as it is here, and in Thunderbird."""
    series(t, "read")
    try:
        t.do("change", ["read", 2], dict(completed=True))
    except Failed as refused:
        check("403" in str(refused) or "Replied" in str(refused), refused)
    else:
        raise Different("a date to come is done")
    settled(t, "read", [], "2040-01-01T10:00")
    check(t.do("waiting") == 0, "it waits for ever")


def moves_dates(t):
    series(t, "eat", "FREQ=DAILY;COUNT=5")
    t.do("change", ["eat", 0], dict(start=["20400101T113000", WARSAW], due=["20400101T123000", WARSAW]))
    check(t.api.named(t.part, "eat")[0]["due"] == "2040-01-01T12:30:00", t.api.named(t.part, "eat"))
    t.do("look")
    held = [one for one in t.do("items") if one["title"] == "eat"]
    check(len(held) == 1, held)
    t.do("change", ["eat", 0] if held[0]["repeats"] else ["eat"], dict(completed=True))
    settled(t, "eat", ["2040-01-01T12:30"], "2040-01-02T10:00")
    t.do("change", ["eat"], dict(postponed="P1D"))
    settled(t, "eat", ["2040-01-01T12:30"], "2040-01-03T10:00")
    t.do("change", ["eat"], dict(postponed="PT2H"))
    settled(t, "eat", ["2040-01-01T12:30"], "2040-01-03T12:00")


def removes_dates(t):
    series(t, "cook", "FREQ=DAILY;COUNT=6")
    t.do("remove", ["cook", 2])
    settled(t, "cook", [], "2040-01-01T10:00")
    check([one[8:10] for one in t.do("dates", "cook", 9)] == ["01", "02", "04", "05", "06"], t.do("dates", "cook", 9))
    t.do("remove", ["cook", 0])
    settled(t, "cook", [], "2040-01-02T10:00")
    t.do("change", ["cook", 0], dict(completed=True))
    settled(t, "cook", ["2040-01-02T10:00"], "2040-01-04T10:00")


def removes(t):
    series(t, "to remove, often")
    t.do("add", dict(title="to remove"))
    for title in ("to remove", "to remove, often"):
        t.do("remove", [title])
        check(not t.api.named(t.part, title), title)
    t.same("what it removes is away")


def without_network(t):
    series(t, "train", "FREQ=DAILY;COUNT=9")
    for title in ("to change without", "to remove without", "to complete without"):
        t.do("add", dict(title=title))
    t.same("before it is without network")
    t.thunderbird.do("network", False)
    for number in (0, 1, 2):
        t.do("change", ["train", number], dict(completed=True))
    t.do("add", dict(title="made without", due=["20400131T090000", WARSAW], priority=1))
    t.do("change", ["to change without"], dict(title="changed without", priority=9))
    t.do("change", ["to complete without"], dict(completed=True))
    t.do("remove", ["to remove without"])
    check(t.do("waiting") == 5 or t.do("waiting") == 4, t.do("waiting"))
    t.thunderbird.do("network", True)
    end = time.monotonic() + SETTLED
    while t.do("waiting") > 1:
        check(time.monotonic() < end, t.do("waiting"), "still wait to be put")
        time.sleep(0.5)
    # Of what comes again it remembers that it waits only when it begins anew (153).
    t.thunderbird.again()
    t.do("look")
    check(t.do("waiting") == 0, "something still waits to be put")
    # It puts that again with each look until it begins anew, and never reads what became of it (153): each date is done once.
    for _ in range(2):
        t.do("look")
    t.thunderbird.again()
    (first,) = (one for one in t.api.named(t.part, "train") if one["due"] == "2040-01-01T10:00:00")
    t.api.patch("/api/tasks/" + first["id"], {"description": "seen"})
    settled(t, "train", ["2040-01-01T10:00", "2040-01-02T10:00", "2040-01-03T10:00"], "2040-01-04T10:00")
    check(t.api.named(t.part, "made without")[0]["priority"] == "urgent", t.api.named(t.part, "made without"))
    check(t.api.named(t.part, "changed without")[0]["priority"] == "low", t.api.named(t.part, "changed without"))
    check(t.api.named(t.part, "to complete without")[0]["status"] == "completed", t.api.named(t.part, "to complete without"))
    check(not t.api.named(t.part, "to remove without"), "it is still there")


def alarms(t):
    t.do("add", dict(title="to ring", due=["20400131T090000", WARSAW], alarms=["-PT15M"]))
    t.do("snooze", ["to ring"], "PT1H")
    t.same("snoozed")
    text = t.one("to ring")["text"]
    check("X-MOZ-SNOOZE-TIME" in text and "X-MOZ-LASTACK" in text, text)
    t.do("dismiss", ["to ring"])
    text = t.one("to ring")["text"]
    check("X-MOZ-SNOOZE-TIME" not in text and "X-MOZ-LASTACK" in text, text)
    series(t, "to ring often", alarms=["-PT15M"])
    t.do("snooze", ["to ring often", 0], "PT1H")
    check("X-MOZ-SNOOZE-TIME-" in t.one("to ring often")["text"], t.one("to ring often")["text"])
    settled(t, "to ring often", [], "2040-01-01T10:00")
    t.do("dismiss", ["to ring often", 0])
    settled(t, "to ring often", [], "2040-01-01T10:00")
    t.do("change", ["to ring often", 0], dict(completed=True))
    settled(t, "to ring often", ["2040-01-01T10:00"], "2040-01-02T10:00")


def notices(t):
    """What is done on the page."""
    task = t.api.post("/api/tasks", {"list": t.part, "title": "on the page", "due": "2040-01-31T09:00:00", "timeZone": WARSAW})
    path = "/api/tasks/" + task["id"]
    t.same("made on the page")
    t.api.patch(path, {"title": "changed on the page", "tags": ["x"], "due": "2040-02-01", "reminders": ["PT9H"], "priority": "high"})
    t.same("changed on the page")
    t.api.post(path + "/complete")
    t.same("completed on the page")
    t.api.post(path + "/reopen")
    t.same("opened on the page")
    t.api.patch(path, {"recurrence": "FREQ=WEEKLY;COUNT=4"})
    t.same("comes again, by the page")
    t.api.post(path + "/skip")
    t.same("skipped on the page")
    t.api.post(path + "/complete")
    settled(t, "changed on the page", ["2040-02-08"], "2040-02-15")
    for one in t.api.named(t.part, "changed on the page"):
        t.api.delete("/api/tasks/" + one["id"])
    t.same("deleted on the page")


def at_once(t):
    """Both change one task: Thunderbird asks its user."""
    t.thunderbird.do("overwrites", False)
    t.do("add", dict(title="of both"))
    (task,) = t.api.named(t.part, "of both")
    t.api.patch("/api/tasks/" + task["id"], {"description": "there"})
    t.do("change", ["of both"], dict(priority=9))
    check(t.thunderbird.do("overwrites", True) == ["modify of both"], "it asked otherwise")
    check(t.api.named(t.part, "of both")[0]["priority"] == "medium", t.api.named(t.part, "of both"))
    t.same("what was there stays")
    t.api.patch("/api/tasks/" + task["id"], {"title": "of both, renamed"})
    t.do("change", ["of both"], dict(priority=1))
    check(t.thunderbird.do("overwrites", False) == ["modify of both"], "it asked otherwise")
    check(t.api.named(t.part, "of both")[0]["priority"] == "urgent", t.api.tasks(t.part))
    t.same("what is here goes there")
    series(t, "of both, often")
    (task,) = t.api.named(t.part, "of both, often")
    t.api.post("/api/tasks/%s/complete" % task["id"])
    t.thunderbird.do("overwrites", True)
    t.do("change", ["of both, often", 0], dict(completed=True))
    t.thunderbird.do("overwrites", False)
    settled(t, "of both, often", ["2040-01-01T10:00"], "2040-01-02T10:00")


def lost(t):
    """Answers that do not come: it is done once."""
    for keeps, how in ((True, "kept"), (False, "new")):
        t.relay.keeps = keeps
        for what in ("losing", "refusing"):
            counter, refused = getattr(t.relay, what), what == "refusing"
            title = "%s on a %s line" % (what, how)
            t.thunderbird.do("overwrites", True)
            t.do("add", dict(title="warm"))
            counter["PUT"] = 1
            attempt(t, refused, "add", dict(title=title, priority=1))
            calm(t)
            check(len(t.api.named(t.part, title)) == 1, t.api.named(t.part, title))
            counter["PUT"] = 1
            attempt(t, refused, "change", [title], dict(priority=9))
            calm(t)
            check([one["priority"] for one in t.api.named(t.part, title)] == ["low"], t.api.named(t.part, title))
            series(t, title + ", often")
            t.do("look")
            counter["PUT"] = 1
            attempt(t, refused, "change", [title + ", often", 0], dict(completed=True))
            calm(t)
            settled(t, title + ", often", ["2040-01-01T10:00"], "2040-01-02T10:00")
            counter["DELETE"] = 1
            attempt(t, refused, "remove", [title])
            calm(t)
            check(not t.api.named(t.part, title), t.api.named(t.part, title))
            t.do("remove", ["warm"])
            t.same(title)
    t.relay.keeps = True
    t.thunderbird.do("overwrites", False)


def attempt(t, refused, *what):
    """What did not go out at all, and Thunderbird says so, its user does again."""
    try:
        t.do(*what)
    except Failed:
        if refused:
            t.do(*what)


def calm(t):
    """What waits is put, or what is there already is read."""
    for _ in range(3):
        t.do("look")
        if not t.do("waiting"):
            break
    t.relay.losing.clear()
    t.relay.refusing.clear()


def forgets(t):
    """A sync token that the server does not know (any more): all is read anew."""
    for text in ("nonsense", "http://sabre.io/ns/sync/1"):
        t.do("forgetToken", text)
        t.api.post("/api/tasks", {"list": t.part, "title": "after " + text[:4]})
        t.same("after a token that is no good")


def moves(t, other):
    t.do("add", dict(title="to move", due=["20400131T090000", WARSAW], priority=1))
    series(t, "to move, often")
    for title in ("to move", "to move, often"):
        t.do("move", [title], other.part)
        check(not t.api.named(t.part, title) and len(t.api.named(other.part, title)) == 1, title, other.api.tasks(other.part))
    t.same("moved away")
    other.same("moved to the other list")


def withdrawn(t, maker, token):
    """A token that is withdrawn: Thunderbird asks for another, and loses nothing."""
    before = t.held()
    t.api.post("/api/tasks", {"list": t.part, "title": "while it may not look"})
    maker.delete("/api/tokens/" + token["id"])
    time.sleep(5)
    asked = t.thunderbird.do("password", None)
    t.do("look")
    check(t.thunderbird.do("password", None) > asked, "it was not asked for another token")
    check(t.held() == before, "it holds something else without a token")
    t.thunderbird.do("password", maker.post("/api/tokens", {"name": "Thunderbird, again", "scopes": ["read", "write"]})["token"])
    t.same("with another token")


STEPS = [
    sees,
    without_network,
    adds,
    changes,
    keeps,
    completes,
    completes_dates,
    completes_date_by_date,
    completes_all,
    undoes,
    reopens,
    a_date_to_come,
    moves_dates,
    removes,
    removes_dates,
    alarms,
    notices,
    at_once,
    lost,
    forgets,
]


def main(origin, user, token, program, bearer, folder=None):
    api, maker, relay = Api(origin, token), Api(origin, bearer), Relay(origin)
    made = maker.post("/api/tokens", {"name": "Thunderbird", "scopes": ["read", "write"]})
    with Thunderbird(program) as thunderbird:
        t = None

        def begun(name):
            one = Tried(thunderbird, api, relay, api.post("/api/lists", {"name": name})["id"])
            begins(one)
            found = thunderbird.do("find", user, made["token"], relay.origin + "/dav/")
            check(sorted(its["name"] for its in found) == sorted(its["name"] for its in api.get("/api/lists")["lists"]), found)
            one.do("subscribe")
            return one

        try:
            print(thunderbird.do("start"), flush=True)
            try:
                raise Different("found with a wrong password", thunderbird.do("find", user, "sg_wrong", relay.origin + "/dav/"))
            except Failed as refused:
                check("AuthFailed" in str(refused), refused)
            for step in STEPS:
                t = begun(step.__name__)
                step(t)
            moves(t, begun("moves"))
            withdrawn(t, maker, made)
        except (Different, Failed):
            print("\n".join(map(shown, relay.since(0)[-6:])))
            raise
        finally:
            for number, one in enumerate(relay.since(0) if folder else []):
                with open(os.path.join(folder, "%04d-%s.txt" % (number, one["method"])), "w") as out:
                    out.write(shown(one))
    print("all is well")


if __name__ == "__main__":
    main(*sys.argv[1:])
