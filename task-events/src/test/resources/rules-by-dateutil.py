"""
Makes rules-by-dateutil.txt: random rules (RFC 5545, in days), a first date, and the dates that follow it as python-dateutil has them.

    pip install python-dateutil && python rules-by-dateutil.py 20261127 2000 > rules-by-dateutil.txt

Left out, as python-dateutil is known to differ from RFC 5545 there: BYSETPOS with FREQ=WEEKLY (it counts from the first date, not
from the beginning of its week), and weeks 52, 53, -1 (it mistakes the length of the year before for some WKST).
"""

import datetime
import random
import signal
import sys
import warnings

import dateutil
from dateutil.rrule import rrulestr

DAYS = "MO TU WE TH FR SA SU".split()
ENDS = ["2027-01-31", "2028-02-29", "2027-12-31", "2027-01-01", "2027-03-30", "2026-12-28"]
MOST_DATES, LAST_YEAR, SECONDS = 8, 2200, 2

chance = random.Random(int(sys.argv[1]))


def some(values, most):
    return sorted(chance.sample(values, chance.randint(1, most)))


def part(name, values):
    return name + "=" + ",".join(map(str, values))


def weekdays(frequency, numbered, of_months):
    days = chance.sample(DAYS, chance.randint(1, 4))
    if not numbered:
        return days
    most = 5 if frequency == "MONTHLY" or of_months else 53
    return [str(chance.choice([1, 2, 3, 4, 5, -1, -2, most, -most, chance.randint(1, most)])) + day for day in days]


def rule():
    frequency = chance.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts, by = ["FREQ=" + frequency], []
    if chance.random() < 0.4:
        parts.append(part("INTERVAL", [chance.choice([2, 2, 3, 4, 5, 6, 7, 10, 12, 18])]))
    of_months = chance.random() < 0.3
    if of_months:
        parts.append(part("BYMONTH", some(range(1, 13), 3)))
    of_weeks = frequency == "YEARLY" and chance.random() < 0.15
    if of_weeks:
        by.append(part("BYWEEKNO", some([*range(1, 52), *range(-51, -1)], 3)))
    if frequency == "YEARLY" and not of_weeks and chance.random() < 0.2:
        by.append(part("BYYEARDAY", some([*range(1, 367), *range(-366, 0)], 4)))
    if frequency != "WEEKLY" and chance.random() < 0.35:
        by.append(part("BYMONTHDAY", some([*range(1, 32), *range(-31, 0)], 4)))
    if of_weeks or chance.random() < 0.45:
        numbered = frequency in ("MONTHLY", "YEARLY") and not of_weeks and chance.random() < 0.5
        by.append(part("BYDAY", weekdays(frequency, numbered, of_months)))
    if by and frequency != "WEEKLY" and chance.random() < 0.25:
        by.append(part("BYSETPOS", some([1, 2, 3, 4, -1, -2, 5], 2)))
    if chance.random() < 0.2:
        by.append(part("WKST", [chance.choice(DAYS)]))
    return ";".join(parts + by)


def first_date():
    if chance.random() < 0.3:
        return datetime.date.fromisoformat(chance.choice(ENDS))
    return datetime.date(2024, 1, 1) + datetime.timedelta(days=chance.randint(0, 4 * 365))


def following(text, first):
    dates = []
    for date in rrulestr(text, dtstart=datetime.datetime.combine(first, datetime.time())):
        if date.date() > first:
            dates.append(date.date())
        if len(dates) == MOST_DATES or date.year > LAST_YEAR:
            break
    return dates


def too_long(*_):
    raise TimeoutError


warnings.simplefilter("ignore")
signal.signal(signal.SIGALRM, too_long)
rows = set()
while len(rows) < int(sys.argv[2]):
    text, first = rule(), first_date()
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        rows.add("%s %s %s" % (text, first, ",".join(map(str, following(text, first))) or "-"))
    except TimeoutError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
print("# python-dateutil %s, by rules-by-dateutil.py %s: rule, first date, those that follow" % (dateutil.__version__, " ".join(sys.argv[1:])))
print("\n".join(sorted(rows)))
