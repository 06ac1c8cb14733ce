"""What a program written with python's caldav does on a list: CalDavIT runs it."""

import sys

import caldav

origin, user, token, list_id = sys.argv[1:]


def todo(uid, *lines):
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "BEGIN:VTODO", "UID:" + uid, "DTSTAMP:20300101T000000Z"]
        + list(lines)
        + ["END:VTODO", "END:VCALENDAR", ""]
    )


client = caldav.DAVClient(url=origin + "/dav/", username=user, password=token)
principal = client.principal()
calendars = principal.calendars()
mine = [one for one in calendars if list_id in str(one.url)]
assert len(mine) == 1 and len(calendars) == 2, calendars
calendar = mine[0]

calendar.save_todo(todo("first", "SUMMARY:first", "PRIORITY:2", "X-OWN:kept"))
calendar.save_todo(todo("daily", "SUMMARY:daily", "DTSTART:20400101T090000Z", "DUE:20400101T090000Z", "RRULE:FREQ=DAILY"))
assert len(calendar.todos()) == 2, calendar.todos()
first = calendar.todo_by_uid("first") if hasattr(calendar, "todo_by_uid") else calendar.object_by_uid("first")
assert "PRIORITY:2" in first.data and "X-OWN:kept" in first.data, first.data

seen = calendar.objects_by_sync_token()
first.complete()
news = calendar.objects_by_sync_token(sync_token=seen.sync_token)
assert len(list(news)) == 1, list(news)
assert "STATUS:COMPLETED" in calendar.object_by_uid("first").data

daily = calendar.object_by_uid("daily")
daily.data = daily.data.replace("END:VTODO", "STATUS:COMPLETED\r\nEND:VTODO")
daily.save()
assert "RRULE" not in calendar.object_by_uid("daily").data

made = principal.make_calendar(name="Made by a program", supported_calendar_component_set=["VTODO"])
made.save_todo(todo("other", "SUMMARY:other"))
assert len(made.todos()) == 1
made.delete()
assert len(principal.calendars()) == 2
print("all is well")
