"""caldav-server-tester on a server that has tasks alone: CalDavIT runs it. It prints what it found, feature by feature, as JSON.

It looks at most with appointments, so each is a task on its way there, with a mark, and an appointment on its way back.
"""

import inspect
import json
import logging
import re
import sys

import caldav
from caldav_server_tester import checks
from caldav_server_tester.checker import ServerQuirkChecker

origin, user, token = sys.argv[1:]
logging.disable(logging.CRITICAL)
MARK = "X-APPOINTMENT"


def there(body):
    text = body.decode() if isinstance(body, bytes) else body
    text = text.replace("BEGIN:VEVENT", "BEGIN:VTODO\n" + MARK + ":1").replace("END:VEVENT", "END:VTODO")
    text = re.sub(r"(?m)^DTEND(?=[;:])", "DUE", text).replace('name="DTEND"', 'name="DUE"')
    prefix = re.search(r"<(\w+:|)comp-filter", text)
    if prefix:
        marked = '<%sprop-filter name="%s">' % (prefix.group(1), MARK) + "%s" + "</%sprop-filter>" % prefix.group(1)
        for name, how in (("VTODO", marked % ("<%sis-not-defined/>" % prefix.group(1))), ("VEVENT", marked % "")):
            one = r'<(\w+:|)comp-filter name="%s"' % name
            text = re.sub(one + r"\s*/>", r'<\1comp-filter name="VTODO" >%s</\1comp-filter>' % how, text)
            text = re.sub(one + ">", r'<\1comp-filter name="VTODO" >' + how, text)
    return text.replace('comp name="VEVENT"', 'comp name="VTODO"').encode()


def back(body):
    def appointment(todo):
        text = todo.group(0)
        if MARK + ":1" not in text:
            return text
        text = re.sub(MARK + r":1(&#13;|\r)?\n", "", text.replace("BEGIN:VTODO", "BEGIN:VEVENT").replace("END:VTODO", "END:VEVENT"))
        return re.sub(r"(?m)^DUE(?=[;:])", "DTEND", text)

    return re.sub(r"(?s)BEGIN:VTODO.*?END:VTODO", appointment, body.decode()).encode()


client = caldav.DAVClient(url=origin + "/dav/", username=user, password=token)
sends = client.session.request


def translated(method, url, data=None, **more):
    answer = sends(method, url, data=there(data) if data else data, **more)
    answer._content = back(answer.content)
    return answer


client.session.request = translated
checker = ServerQuirkChecker(client)
ended = {}
names = [name for name, one in inspect.getmembers(checks, inspect.isclass) if issubclass(one, checks.Check) and one.__module__ == checks.__name__]
for name in sorted(set(names) - {"Check"}):
    try:
        checker.check_one(name)
    except BaseException as fault:
        ended[name] = "%s: %s" % (type(fault).__name__, str(fault)[:200])
checker.cleanup(force=True)
report = checker.report(verbose=True, show_diff=False, return_what="json")
report = json.loads(report) if isinstance(report, str) else report
print(json.dumps({"features": report["features"], "ended": ended}))
