"""Reads a calendar, a feed or a mailed file, with two independent libraries and says what each understood, as JSON.

Asked with {"file": "BEGIN:VCALENDAR…"} on standard input, or with {"mail": "From: …"}, whose only calendar file it then takes out as mail
programs do. Zones are read twice: by their names, which the libraries know, and
under names that nobody knows, so that they have to go by the file's own VTIMEZONE.
"""

import email
import email.policy
import json
import sys
from datetime import timezone

import icalendar
import vobject


def utc(time):
    assert time.tzinfo is not None and time.utcoffset() is not None, f"{time!r} is nowhere"
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def by_icalendar(text):
    calendar = icalendar.Calendar.from_ical(text)
    assert not calendar.errors, calendar.errors
    events = []
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        events.append({
            "uid": str(event["UID"]),
            "sequence": int(event["SEQUENCE"]),
            "status": str(event["STATUS"]),
            "summary": str(event["SUMMARY"]),
            "location": str(event["LOCATION"]) if "LOCATION" in event else None,
            "stamp": utc(event["DTSTAMP"].dt),
            "start": utc(event["DTSTART"].dt),
            "end": utc(event["DTEND"].dt),
        })
    return {
        "name": str(calendar["X-WR-CALNAME"]) if "X-WR-CALNAME" in calendar else None,
        "method": str(calendar["METHOD"]),
        "zones": [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")],
        "events": events,
    }


def by_vobject(text):
    calendar = vobject.readOne(text)
    calendar.validate(raiseException=True)
    contents = calendar.contents
    name = contents.get("x-wr-calname")
    events = []
    for event in contents.get("vevent", []):
        location = event.contents.get("location")
        events.append({
            "uid": event.uid.value,
            "sequence": int(event.sequence.value),
            "status": event.status.value,
            "summary": event.summary.value,
            "location": location[0].value if location else None,
            "stamp": utc(event.dtstamp.value),
            "start": utc(event.dtstart.value),
            "end": utc(event.dtend.value),
        })
    return {
        "name": name[0].value if name else None,
        "method": calendar.method.value,
        "zones": [zone.tzid.value for zone in contents.get("vtimezone", [])],
        "events": events,
    }


def attached(mail):
    message = email.message_from_string(mail, policy=email.policy.default)
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return part.get_content(), {"name": part.get_filename(), "method": part.get_param("method")}


def main():
    asked = json.load(sys.stdin)
    answers = {}
    if "mail" in asked:
        text, answers["attachment"] = attached(asked["mail"])
    else:
        text = asked["file"]
    unknown = text.replace("Australia/", "Nirgendwo/")
    for name, read in {"icalendar": by_icalendar, "vobject": by_vobject}.items():
        answers[name] = read(text)
        elsewhere = read(unknown)
        assert elsewhere["events"] == answers[name]["events"], f"{name}: {elsewhere} by the file's own zones"
    print(json.dumps(answers))


main()
