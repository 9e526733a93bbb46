"""Who calls: as an operation's policy asks, a member, a practice's owner or an administrator, whose sessions come from the
environment; and guests, each with the cookie of what is theirs.

Our cookies are `Secure`, which browsers send over plain HTTP to this machine and HTTP clients do not.
"""

import itertools
import os
from http.cookies import SimpleCookie

import schemathesis
from schemathesis.specs.openapi import stateful

import staff

# By the kind of policy, who works here. All else is the member's.
STAFF = {
    kind: session
    for kind, name in (("Practice", "HELLOMAPPER_OWNER"), ("Platform", "HELLOMAPPER_ADMINISTRATOR"))
    if (session := os.environ.get(name))
}
SESSION = os.environ.get("HELLOMAPPER_SESSION")
# The version of the notice that a guest agrees to: with it, holds are followed to their appointments.
NOTICE = os.environ.get("HELLOMAPPER_NOTICE")
# How often they were followed already: whoever booked then is not asked for again.
ROUND = int(os.environ.get("HELLOMAPPER_ROUND", "0"))
# The file that names what was done, an operation on each line.
DONE = os.environ.get("HELLOMAPPER_DONE")
# The file that says how each operation was answered: its name, a status, and of one that was called rightly in vain why.
ANSWERS = os.environ.get("HELLOMAPPER_ANSWERS")
HELD = ("__Host-guest", "__Host-manage")
THEIRS = ("hold_id", "appointment_id")

newest = {}
# By the ids of holds and appointments: the cookies of whose they are.
owners = {}
done = set()
answered = set()
# The calls of staff that are made rightly now: there is one at a time.
rightly = set()
guests = itertools.count(ROUND * 10_000)

if NOTICE:
    # A booking begins with somebody's types. They have a role in their path, and schemathesis begins only with what has no
    # id in its path, so by itself it never comes to a time that is free. It has no setting for that.
    stateful.is_likely_root_transition = lambda operation, *_: name_of(operation) == "list_appointment_types"


def name_of(operation):
    return operation.definition.raw.get("operationId")


def policy_of(operation):
    """Its kind: `Practice`, of `Practice([Manager, Owner])`."""
    return operation.definition.raw.get("x-policy", "").split("(")[0]


def is_the_operation(case):
    """A path is tried by other methods too, in the name of an operation that it has."""
    return case.method.upper() == case.operation.method.upper()


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw
    session = STAFF.get(policy_of(case.operation), SESSION)
    cookies = {"__Host-session": session} if session else {}
    # Who makes a hold is a new guest each time, since a guest keeps two at once.
    if operation.get("x-policy") == "Holder":
        cookies.update(owner_of(case))
    if cookies:
        case.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    rightly.clear()
    if policy_of(case.operation) in STAFF and is_the_operation(case):
        if staff.prepare(case, name_of(case.operation)):
            rightly.add(name_of(case.operation))
    if NOTICE and name_of(case.operation) == "list_free_times":
        # From today on, rather than on some day between the years 1 and 9999.
        for bound in ("from", "to"):
            case.query.pop(bound, None)
    if NOTICE and name_of(case.operation) == "confirm_hold":
        case.body = details(next(guests))


@schemathesis.hook
def after_call(context, case, response):
    told = {}
    for line in response.headers.get("set-cookie", []):
        for name, morsel in SimpleCookie(line).items():
            if name in HELD:
                told[name] = morsel.value
    newest.update(told)
    if NOTICE and response.status_code < 300:
        note(name_of(case.operation))
        owner = told or owner_of(case)
        owners.update({made: owner for made in made_by(response)})
    if is_the_operation(case):
        answer(case, response)


def owner_of(case):
    """The cookies of whose hold or appointment is asked about, or else the newest."""
    ids = [str((case.path_parameters or {}).get(name)) for name in THEIRS]
    return next((owners[one] for one in ids if one in owners), dict(newest))


def made_by(response):
    """The holds and appointments that a reply tells of at its top."""
    reply = read(response, "application/json")
    return [reply[name] for name in THEIRS if name in reply] if isinstance(reply, dict) else []


def read(response, media_type):
    """A reply of that type, or nothing."""
    is_it = response.headers.get("content-type", [""])[0].startswith(media_type)
    return response.json() if is_it and response.content else None


def answer(case, response):
    """Writes down how the operation was answered, each way once."""
    name, why = name_of(case.operation), ""
    if policy_of(case.operation) in STAFF and response.status_code < 300:
        staff.listen(case, read(response, "application/json"))
    elif name in rightly:
        problem = read(response, "application/problem+json") or {}
        why = " ".join(str(problem[part]) for part in ("type", "detail", "errors") if part in problem)
    if ANSWERS and (name, response.status_code, why) not in answered:
        answered.add((name, response.status_code, why))
        with open(ANSWERS, "a", encoding="utf-8") as file:
            print(name, response.status_code, " ".join(why.split()), file=file)


def note(operation):
    if DONE and operation not in done:
        done.add(operation)
        with open(DONE, "a", encoding="utf-8") as file:
            print(operation, file=file)


def details(guest):
    """What somebody tells about themselves; each is somebody else, since nobody may have many bookings to come."""
    return {
        "name": "Ada Nguyen",
        "date_of_birth": "1985-03-27",
        "email": f"guest{guest}@example.org",
        "mobile": f"04{guest:08}",
        "consent": {"text": "booking-collection", "version": int(NOTICE)},
    }
