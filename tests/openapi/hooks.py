"""Who calls: a member whose session comes from the environment, and guests, each with the cookie of what is theirs.

Our cookies are `Secure`, which browsers send over plain HTTP to this machine and HTTP clients do not.
"""

import itertools
import os
from http.cookies import SimpleCookie

import schemathesis
from schemathesis.specs.openapi import stateful

SESSION = os.environ.get("HELLOMAPPER_SESSION")
# The version of the notice that a guest agrees to: with it, holds are followed to their appointments.
NOTICE = os.environ.get("HELLOMAPPER_NOTICE")
# How often they were followed already: whoever booked then is not asked for again.
ROUND = int(os.environ.get("HELLOMAPPER_ROUND", "0"))
# The file that names what was done, an operation on each line.
DONE = os.environ.get("HELLOMAPPER_DONE")
HELD = ("__Host-guest", "__Host-manage")
THEIRS = ("hold_id", "appointment_id")

newest = {}
# By the ids of holds and appointments: the cookies of whose they are.
owners = {}
done = set()
guests = itertools.count(ROUND * 10_000)

if NOTICE:
    # A booking begins with somebody's types. They have a role in their path, and schemathesis begins only with what has no
    # id in its path, so by itself it never comes to a time that is free. It has no setting for that.
    stateful.is_likely_root_transition = lambda operation, *_: name_of(operation) == "list_appointment_types"


def name_of(operation):
    return operation.definition.raw.get("operationId")


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw
    cookies = {"__Host-session": SESSION} if SESSION else {}
    # Who makes a hold is a new guest each time, since a guest keeps two at once.
    if operation.get("x-policy") == "Holder":
        cookies.update(owner_of(case))
    if cookies:
        case.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
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


def owner_of(case):
    """The cookies of whose hold or appointment is asked about, or else the newest."""
    ids = [str((case.path_parameters or {}).get(name)) for name in THEIRS]
    return next((owners[one] for one in ids if one in owners), dict(newest))


def made_by(response):
    """The holds and appointments that a reply tells of at its top."""
    if not response.headers.get("content-type", [""])[0].startswith("application/json"):
        return []
    reply = response.json()
    return [reply[name] for name in THEIRS if name in reply] if isinstance(reply, dict) else []


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
