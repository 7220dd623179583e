"""Judges vendors' dates with Python's datetime: milliseconds since the epoch, or the name of the fault."""

import re
from datetime import datetime, timedelta, timezone

from batch import serve

IST = timezone(timedelta(hours=5, minutes=30))
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SHAPE = re.compile(r"\d\d/\d\d/\d\d\d\d( \d\d:\d\d:\d\d)?", re.ASCII)


def read(text):
    if not SHAPE.fullmatch(text):
        return "Malformed"
    full = text if len(text) > 10 else text + " 23:59:59"
    # strptime takes the second 61 (for leap seconds), this form does not.
    if int(full[-2:]) > 59:
        return "NoSuchDate"
    try:
        at = datetime.strptime(full, "%d/%m/%Y %H:%M:%S").replace(tzinfo=IST)
    except ValueError:
        return "NoSuchDate"
    return (at - EPOCH) // timedelta(milliseconds=1)


def write(ms):
    at = (EPOCH + timedelta(milliseconds=ms)).astimezone(IST)
    day, clock = at.isoformat(sep=" ", timespec="seconds")[:19].split(" ")
    year, month, date = day.split("-")
    return [f"{date}/{month}/{year} {clock}", f"{day} {clock}"]


def days(span):
    first, last = (((EPOCH + timedelta(milliseconds=ms)).astimezone(IST)).date() for ms in span)
    return (last - first).days


def answer(case):
    return {"read": read, "write": write, "days": days}[case["do"]](case["with"])


serve(answer)
