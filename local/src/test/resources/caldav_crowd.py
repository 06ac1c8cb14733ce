"""Three at once on one list, at random: python's caldav with tokens, a program that compares tags, and the API. CalDavIT runs it.

In the end all three have the same, whatever was answered as done is there, and each date of a series was done once.
"""

import base64
import collections
import datetime
import http.client
import json
import random
import re
import sys
import threading
import time
import urllib.parse
import xml.etree.ElementTree

import caldav
from caldav.elements import dav
from caldav.lib import error

origin, user, token, bearer, list_id, other_id, seconds, seed = sys.argv[1:]
HOME = "/dav/calendars/%s/%s/" % (user, list_id)
STOP = time.monotonic() + float(seconds)
SETTLED = 120
WORDS = ["milk", "Ærø", "a, b; c\\d", "日本", "é́", "x" * 90, "🙂", "tab\there", '"quoted"', "50%"]
CONFLICTS = (404, 412)
# Somebody else has the machine: it may have been done.
LATER = (429, 503)
ONE_DAY = datetime.timedelta(days=1)
MOST_MARKS = 40


class Refused(Exception):
    """The server knows another version, or nothing of that name."""


class Log:
    """What was answered as done, and what may have been; all names are first words of titles."""

    def __init__(self):
        self.lock = threading.Lock()
        self.made, self.gone, self.maybe = set(), set(), set()
        self.marks = collections.defaultdict(set)
        self.done = collections.Counter()
        self.counts = collections.Counter()
        self.faults = []

    def note(self, what, *words):
        with self.lock:
            self.counts[what] += 1
            if what == "make":
                self.made.add(words[0])
            elif what == "delete":
                self.gone.add(words[0])
            elif what == "mark":
                self.marks[words[0]].add(words[1])
            elif what == "finish":
                self.done[words[0]] += 1
            elif what == "maybe":
                self.maybe.add(words[0])


log = Log()


def call(method, path, body=None, headers=(), auth=None):
    where = urllib.parse.urlsplit(origin)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
    basic = "Basic " + base64.b64encode((user + ":" + token).encode()).decode()
    all_headers = {"Authorization": auth or basic}
    all_headers.update(headers)
    connection.request(method, path, None if body is None else body.encode(), all_headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, answer


# ---------------------------------------------------------------- iCalendar, as lines


def unfolded(text):
    return re.sub(r"\r?\n[ \t]", "", text).replace("\r\n", "\n").strip().split("\n")


def values(text, name):
    """The values of a line of the VTODO itself."""
    found, within = [], []
    for line in unfolded(text):
        if line.startswith("BEGIN:"):
            within.append(line[6:])
        elif line.startswith("END:"):
            within.pop()
        elif within[-1:] == ["VTODO"] and re.match(name + "[;:]", line):
            found.append(line.split(":", 1)[1])
    return found


def value(text, name):
    return (values(text, name) or [""])[0]


def with_line(text, name, line):
    """The text with this line in place of those of the name; None: with none."""
    lines, within = [], []
    for one in unfolded(text):
        if one.startswith("END:VTODO") and line:
            lines.append(line)
        if one.startswith("BEGIN:"):
            within.append(one[6:])
        elif one.startswith("END:"):
            within.pop()
        elif within[-1:] == ["VTODO"] and re.match(name + "[;:]", one):
            continue
        lines.append(one)
    return "\r\n".join(lines) + "\r\n"


def escaped(text):
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def plain(text):
    return re.sub(r"\\(.)", lambda it: "\n" if it.group(1) in "nN" else it.group(1), text)


def listed(text):
    return [plain(one) for one in re.split(r"(?<!\\),", text)] if text else []


def new_todo(uid, title, *lines):
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//crowd//EN", "BEGIN:VTODO", "UID:" + uid, "DTSTAMP:20300101T000000Z"]
        + ["SUMMARY:" + escaped(title)]
        + list(lines)
        + ["END:VTODO", "END:VCALENDAR", ""]
    )


# ---------------------------------------------------------------- The three


class Program:
    """What both programs do; how they read and write is their own."""

    def __init__(self, name, chance):
        self.name, self.chance, self.count = name, chance, 0

    def title(self, word):
        return word + " " + self.chance.choice(WORDS) + " " + str(self.chance.randrange(1000))

    def act(self):
        self.count += 1
        kind = self.chance.choices(
            ["make", "series", "mark", "title", "fields", "line", "done", "open", "delete", "finish", "sync"],
            [10, 2, 14, 8, 10, 6, 6, 4, 3, 8, 12],
        )[0]
        if kind == "sync":
            return self.sync()
        if kind in ("make", "series"):
            return self.make(kind == "series")
        there = [one for one in self.there() if self.fits(kind, one[2])]
        if not there:
            return self.sync()
        self.change(kind, *self.chance.choice(there))

    def fits(self, kind, text):
        series, done = bool(value(text, "RRULE")), value(text, "STATUS") == "COMPLETED"
        of_series = value(text, "SUMMARY").startswith("s-")
        return {
            "finish": series and not done,
            "done": not of_series and not done,
            "open": not of_series and done,
            "delete": not of_series,
            "mark": len(listed(value(text, "CATEGORIES"))) < MOST_MARKS,
        }.get(kind, True)

    def make(self, series):
        word = "%s-%s-%d" % ("s" if series else "t", self.name, self.count)
        lines = ["CATEGORIES:first", "X-MADE-BY:" + self.name]
        if series:
            lines += ["DTSTART;TZID=Europe/Warsaw:20400101T090000", "DUE;TZID=Europe/Warsaw:20400101T090000", "RRULE:FREQ=DAILY"]
        elif self.chance.random() < 0.5:
            lines += ["DUE;VALUE=DATE:2040%02d%02d" % (self.chance.randrange(1, 13), self.chance.randrange(1, 29))]
        if self.write(HOME + word + ".ics", None, new_todo(word, self.title(word), *lines), word):
            log.note("make", word)

    def change(self, kind, path, tag, text):
        word = plain(value(text, "SUMMARY")).split(" ")[0]
        mark = "%s-%d" % (self.name, self.count)
        if kind == "delete":
            if self.delete(path, tag, word):
                log.note("delete", word)
            return
        if kind == "mark":
            text = with_line(text, "CATEGORIES", "CATEGORIES:" + ",".join(escaped(one) for one in listed(value(text, "CATEGORIES")) + [mark]))
        elif kind == "title":
            text = with_line(text, "SUMMARY", "SUMMARY:" + escaped(self.title(word)))
        elif kind == "line":
            text = with_line(text, "X-" + self.name.upper(), "X-%s:%s" % (self.name.upper(), mark))
        elif kind == "fields":
            text = with_line(text, "PRIORITY", "PRIORITY:%d" % self.chance.randrange(10))
            text = with_line(text, "DESCRIPTION", self.chance.choice([None, "DESCRIPTION:" + escaped("one\ntwo, " + mark)]))
            if not word.startswith("s-"):
                text = with_line(text, "DUE", self.chance.choice([None, "DUE:204%d0615T080000Z" % self.chance.randrange(10)]))
        elif kind == "done":
            text = with_line(with_line(text, "STATUS", "STATUS:COMPLETED"), "PERCENT-COMPLETE", "PERCENT-COMPLETE:100")
        elif kind == "open":
            text = with_line(with_line(text, "STATUS", "STATUS:NEEDS-ACTION"), "PERCENT-COMPLETE", None)
            text = with_line(text, "COMPLETED", None)
        elif kind == "finish":
            text = self.finished(text)
        if self.write(path, tag, text, word):
            log.note({"mark": "mark", "finish": "finish"}.get(kind, kind), word, mark)

    def finished(self, text):
        """The habit of most, of Tasks.org, or of Thunderbird."""
        habit = self.chance.randrange(3)
        due = value(text, "DUE")
        if habit == 0:
            return with_line(text, "STATUS", "STATUS:COMPLETED")
        if habit == 1:
            form = "%Y%m%dT%H%M%S"
            later = (datetime.datetime.strptime(due, form) + ONE_DAY).strftime(form)
            for name in ("DTSTART", "DUE"):
                text = with_line(text, name, "%s;TZID=Europe/Warsaw:%s" % (name, later))
            return text
        one = ["BEGIN:VTODO", "UID:" + value(text, "UID"), "DTSTAMP:20300101T000000Z", "SUMMARY:" + value(text, "SUMMARY")]
        one += ["RECURRENCE-ID;TZID=Europe/Warsaw:" + due, "STATUS:COMPLETED", "END:VTODO", "END:VCALENDAR"]
        return text.replace("END:VCALENDAR", "\r\n".join(one))


class Keeping(Program):
    """python's caldav: it keeps up by tokens, and never reads the list anew."""

    def __init__(self, chance):
        super().__init__("a", chance)
        client = caldav.DAVClient(url=origin + "/dav/", username=user, password=token)
        self.calendar = client.calendar(url=origin + HOME)
        self.kept = self.calendar.objects(load_objects=True)
        self.sync()

    def sync(self):
        before = self.kept.sync_token
        self.kept.sync()
        assert not str(self.kept.sync_token).startswith("fake-"), "it read the list anew: %s" % before

    def there(self):
        return [(str(url), one, one.data) for url, one in self.kept.objects_by_url().items() if one.data]

    def write(self, path, known, text, word):
        def send():
            if known is None:
                self.calendar.add_todo(text, no_overwrite=True)
            else:
                known.data = text
                known.save(increase_seqno=False)

        return self.sent(send, known, word)

    def delete(self, path, known, word):
        return self.sent(lambda: known.delete(if_match=True), known, word)

    def sent(self, send, known, word):
        try:
            # Without a tag it was written by this program since, and not read.
            if known is not None and not known.etag:
                raise Refused()
            send()
            return True
        except (error.ETagMismatchError, error.NotFoundError, Refused):
            self.reload(known)
            return False
        except error.DAVError as refused:
            return later(refused, getattr(refused, "status", 0), word)

    def reload(self, known):
        try:
            known.load()
        except (error.NotFoundError, error.DAVError):
            pass

    def copy(self):
        return {urllib.parse.urlsplit(path).path: (one.etag, unfolded(text)) for path, one, text in self.there()}


def later(refused, status, word):
    if status not in LATER:
        raise refused
    log.note("maybe", word)
    return False


class Comparing(Program):
    """As DAVx5 has it for tasks: it lists the tags of all, reads what has another, by tens."""

    LIST = (
        '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/></D:prop>'
        '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"/></C:comp-filter></C:filter></C:calendar-query>'
    )
    MANY = '<C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop>%s</C:calendar-multiget>'

    def __init__(self, chance):
        super().__init__("b", chance)
        self.kept = {}
        self.sync()

    @staticmethod
    def report(body):
        status, text, _ = call("REPORT", HOME, body, {"Depth": "1", "Content-Type": "application/xml"})
        if status in LATER:
            raise Refused()
        assert status == 207, (status, text)
        found = {}
        for response in xml.etree.ElementTree.fromstring(text).findall("{DAV:}response"):
            path = response.find("{DAV:}href").text
            tag = response.find(".//{DAV:}getetag")
            data = response.find(".//{urn:ietf:params:xml:ns:caldav}calendar-data")
            if tag is not None:
                found[path] = (tag.text, None if data is None else data.text)
        return found

    def sync(self):
        try:
            tags = self.report(self.LIST)
            self.kept = {path: one for path, one in self.kept.items() if path in tags}
            news = [path for path, (tag, _) in tags.items() if self.kept.get(path, ("",))[0] != tag]
            for start in range(0, len(news), 10):
                ten = "".join("<D:href>%s</D:href>" % path for path in news[start : start + 10])
                self.kept.update(self.report(self.MANY % ten))
        except Refused:
            pass

    def there(self):
        return [(path, tag, text) for path, (tag, text) in self.kept.items()]

    def write(self, path, tag, text, word):
        condition = {"If-None-Match": "*"} if tag is None else {"If-Match": tag}
        condition["Content-Type"] = "text/calendar; charset=utf-8"
        return self.sent(path, call("PUT", path, text, condition), word)

    def delete(self, path, tag, word):
        return self.sent(path, call("DELETE", path, None, {"If-Match": tag}), word)

    def sent(self, path, answer, word):
        status, text, _ = answer
        self.kept.pop(path, None)
        if status in CONFLICTS:
            return False
        if status not in (201, 204):
            return later(AssertionError("%s %s" % (status, text)), status, word)
        return True

    def copy(self):
        return {path: (tag, unfolded(text)) for path, (tag, text) in self.kept.items()}


class Page:
    """The API, as the page calls it; it also takes tasks to another list, and back."""

    FIELDS = [
        {"priority": "urgent"},
        {"priority": "low", "description": "by the page"},
        {"description": None},
        {"due": "2041-01-05T08:00:00", "timeZone": "Europe/Warsaw"},
        {"due": None},
    ]

    def __init__(self, chance):
        self.chance, self.count, self.name = chance, 0, "c"

    def api(self, method, path, body=None, version=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if version is not None:
            headers["If-Match"] = '"%d"' % version
        status, text, _ = call(method, path, None if body is None else json.dumps(body), headers, "Bearer " + bearer)
        return status, json.loads(text) if text else None

    def tasks(self, where=list_id):
        found, cursor = [], ""
        while True:
            status, page = self.api("GET", "/api/tasks?limit=500&list=%s%s" % (where, cursor))
            if status in LATER:
                time.sleep(0.2)
                continue
            assert status == 200, page
            found += page["tasks"]
            if not page.get("next"):
                return found
            cursor = "&cursor=" + page["next"]

    def act(self):
        self.count += 1
        kind = self.chance.choices(["make", "mark", "title", "fields", "turn", "delete", "finish", "away", "back"], [8, 12, 6, 8, 6, 3, 6, 3, 3])[0]
        mark = "%s-%d" % (self.name, self.count)
        if kind == "make":
            word = "t-c-%d" % self.count
            wanted = {"list": list_id, "title": word + " " + self.chance.choice(WORDS).replace("\t", " "), "tags": ["first"]}
            return self.answered("make", word, mark, self.api("POST", "/api/tasks", wanted), 201)
        tasks = self.tasks(other_id if kind == "back" else list_id)
        fits = {
            "finish": lambda task: task["title"].startswith("s-") and task["status"] == "open",
            "mark": lambda task: len(task["tags"]) < MOST_MARKS,
            "title": lambda task: True,
        }.get(kind, lambda task: not task["title"].startswith("s-"))
        tasks = [task for task in tasks if fits(task)]
        if not tasks:
            return
        task = self.chance.choice(tasks)
        word, path, version = task["title"].split(" ")[0], "/api/tasks/" + task["id"], task["version"]
        if kind == "delete":
            self.answered("delete", word, mark, self.api("DELETE", path, None, version), 204)
        elif kind == "finish":
            self.answered("finish", word, mark, self.api("POST", path + "/complete", None, version), 200)
        elif kind == "turn":
            verb = "/complete" if task["status"] == "open" else "/reopen"
            self.answered("turn", word, mark, self.api("POST", path + verb, None, version), 200)
        else:
            patch = {
                "mark": {"tags": task["tags"] + [mark]},
                "title": {"title": word + " by the page " + mark},
                "fields": self.chance.choice(self.FIELDS),
                "away": {"list": other_id},
                "back": {"list": list_id},
            }[kind]
            self.answered(kind, word, mark, self.api("PATCH", path, patch, version), 200)

    def answered(self, kind, word, mark, answer, good):
        status, body = answer
        if status == good:
            log.note(kind, word, mark)
        elif status not in CONFLICTS:
            later(AssertionError("%s %s: %s %s" % (kind, word, status, body)), status, word)

    def bring_back(self):
        for task in self.tasks(other_id):
            status, body = self.api("PATCH", "/api/tasks/" + task["id"], {"list": list_id})
            assert status == 200, body

    def seq(self):
        return self.api("GET", "/api/lists/" + list_id)[1]["seq"]


# ---------------------------------------------------------------- All at once, and what is there then

PRIORITIES = {"1": "urgent", "2": "high", "3": "high", "4": "high", "6": "low", "7": "low", "8": "low", "9": "low"}


def seen_by_program(text):
    due = re.sub(r"[-:Z]", "", value(text, "DUE"))
    return (
        plain(value(text, "SUMMARY")).replace("\t", " "),
        value(text, "STATUS") == "COMPLETED",
        due[:8],
        PRIORITIES.get(value(text, "PRIORITY") or "0", "medium"),
        tuple(listed(value(text, "CATEGORIES"))),
        plain(value(text, "DESCRIPTION")),
    )


def seen_by_page(task):
    return (
        task["title"],
        task["status"] == "completed",
        (task["due"] or "")[:10].replace("-", ""),
        task["priority"],
        tuple(task["tags"]),
        task["description"],
    )


def run(one):
    try:
        while time.monotonic() < STOP and not log.faults:
            one.act()
            time.sleep(one.chance.random() * 0.03)
    except BaseException as fault:
        log.faults.append("%s: %s: %s" % (type(one).__name__, type(fault).__name__, fault))
        raise


print("seed", seed, flush=True)
page = Page(random.Random(seed + "c"))
keeping, comparing = Keeping(random.Random(seed + "a")), Comparing(random.Random(seed + "b"))
threads = [threading.Thread(target=run, args=(one,)) for one in (keeping, comparing, page)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not log.faults, log.faults

page.bring_back()
end = time.monotonic() + SETTLED
while True:
    open_series = collections.Counter(task["title"].split(" ")[0] for task in page.tasks() if task["title"].startswith("s-") and task["status"] == "open")
    series = {word for word in log.made if word.startswith("s-")}
    if all(open_series[word] == 1 for word in series) or time.monotonic() > end:
        break
    time.sleep(0.5)

keeping.sync()
comparing.sync()
one, two, fresh = keeping.copy(), comparing.copy(), Comparing(random.Random(seed)).copy()
tasks = page.tasks()
differ = [path for path in set(one) | set(two) | set(fresh) if not one.get(path) == two.get(path) == fresh.get(path)]
assert not differ, ("the programs differ", [(path, one.get(path), two.get(path), fresh.get(path)) for path in differ[:3]])
ours, theirs = collections.Counter(map(seen_by_page, tasks)), collections.Counter(seen_by_program("\n".join(lines)) for _, lines in fresh.values())
assert ours == theirs, ("the page differs", list((ours - theirs).items())[:3], list((theirs - ours).items())[:3])

words = collections.defaultdict(list)
for task in tasks:
    words[task["title"].split(" ")[0]].append(task)
sure = log.maybe.union()
lost, more = log.made - log.gone - set(words) - sure, set(words) - (log.made - log.gone) - sure
assert not lost and not more, ("lost", lost, "there though deleted, or never made", more)
for word, marks in log.marks.items():
    if word in words:
        missing = marks - {tag for task in words[word] for tag in task["tags"]}
        assert not missing, ("marks are lost", word, missing, words[word])
for word in series - sure:
    done = [task["due"] for task in words[word] if task["status"] == "completed"]
    assert len(done) == len(set(done)) == log.done[word], ("done", word, sorted(done), log.done[word])
    assert open_series[word] == 1, (word, words[word])
print(dict(log.counts), len(tasks), "tasks, may have been done:", len(log.maybe))
assert sum(log.counts.values()) > 50, log.counts
print("all is well")
