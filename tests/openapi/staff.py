"""What a practice's owner and an administrator of the platform ask: of things that are there, and often enough rightly.

What is generated knows no id that is there, no version that was seen and no day of this year, so nearly all of it would end at
404, 409 or 422. Of the calls of each operation the first and every fourth from there on are made rightly, as far as is known here
how; one in four stays as it was generated, but for whose it is; in the others what is well-formed is put in place: ids of what is
there, and versions as last seen.
"""

import datetime
import itertools
import json
import os
import re
import uuid
from collections import defaultdict

# By the names of ids, what is there; and what is for one operation alone, as `delete_webhook.webhook_id`, so that it takes from no
# other what that one is called with.
GROUND = json.loads(os.environ.get("HELLOMAPPER_GROUND", "{}"))
# These are never left to chance: elsewhere a call ends at the door, and their own roles and sessions would end by their own hands.
WHOSE = ("organization_id", "account_id", "patient_id")

calls = defaultdict(itertools.count)
numbers = itertools.count(1)
# What replies told: the newest id of each name, every id, and versions by path and by id.
newest = {}
told = set()
versions = {}
# What these paths name is one row of a practice, with one version.
ONE_ROW = re.compile(r"(/practices/[^/]+)/(?:account|bulk-billing|medicare)$")


def prepare(case, name):
    """Puts in place what is known. Says whether the call is made rightly now."""
    turn = next(calls[name]) % 4
    rightly, generated = turn == 0, turn == 3
    case.path_parameters = {
        place: known(name, place) or value if rightly or should_be_there(place, value, generated) else value
        for place, value in (case.path_parameters or {}).items()
    }
    if rightly:
        case.query = dict(QUERIES.get(name, dict)())
        case.headers.pop("Content-Type", None)
    # What has no chance in it repeats itself, and a key that was used gets the reply of then.
    if takes_key(case) and (rightly or is_id(case.headers.get("Idempotency-Key"))):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if rightly and name in BODIES:
        case.body = BODIES[name](case)
        case.media_type = "application/json"
    elif isinstance(case.body, dict):
        case.body = {key: filled(case, name, key, value, generated) for key, value in case.body.items()}
    return rightly


def listen(case, reply):
    """Keeps what a reply tells of ids and versions."""
    path = row_of(case)
    # The first of them, in order of depth, is that of what the path names.
    around, found = [reply], None
    while around:
        within = []
        for one in around:
            if isinstance(one, dict):
                version = one.get("version")
                if type(version) is int:
                    found = version if found is None else found
                for key, value in one.items():
                    if key.endswith("_id") and is_id(value):
                        told.add(value)
                        newest[key] = value
                        # A practice is named by much that has a version of its own.
                        if type(version) is int and key != "organization_id":
                            versions[value] = version
                within.extend(one.values())
            elif isinstance(one, list):
                # Reversed, so that of a list the first is the newest, as lists are ordered here.
                within.extend(reversed(one))
        around = within
    if found is not None:
        versions[path] = found


def known(name, key):
    """The id of what is there."""
    return GROUND.get(f"{name}.{key}") or GROUND.get(key) or (None if key in WHOSE else newest.get(key))


def seen_version(case, otherwise):
    """The version as last seen of what the path names, or else of the last thing in it."""
    places = re.findall(r"{(\w+)}", case.operation.path)
    last = (case.path_parameters or {}).get(places[-1]) if places else None
    return versions.get(row_of(case), versions.get(last, otherwise))


def filled(case, name, key, value, generated):
    if isinstance(value, dict):
        return {inner: filled(case, name, inner, one, generated) for inner, one in value.items()}
    if isinstance(value, list):
        return [filled(case, name, key, one, generated) for one in value]
    if key == "version" and type(value) is int and not generated:
        return seen_version(case, value)
    if should_be_there(key, value, generated):
        return known(name, key) or value
    return value


def should_be_there(key, value, generated):
    """Whether an id is well-formed and yet of nothing that a reply told of."""
    if not key.endswith("_id") or not is_id(value):
        return False
    return key in WHOSE or not (generated or value in told)


def is_id(value):
    try:
        return isinstance(value, str) and bool(uuid.UUID(value))
    except ValueError:
        return False


def path_of(case):
    path = case.operation.path
    for place, value in (case.path_parameters or {}).items():
        path = path.replace(f"{{{place}}}", str(value))
    return path


def row_of(case):
    return ONE_ROW.sub(r"\1/account", path_of(case))


def takes_key(case):
    parameters = case.operation.definition.raw.get("parameters", [])
    return any(one.get("name") == "Idempotency-Key" for one in parameters)


def today(days=0):
    return str(datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=days))


def start():
    """Some minute of the coming weeks, another one each time."""
    from_now = datetime.timedelta(days=2, minutes=7 * next(numbers))
    return (datetime.datetime.now(datetime.timezone.utc) + from_now).strftime("%Y-%m-%dT%H:%M:00Z")


def who(of_what):
    return {name: GROUND.get(name) for name in of_what}


def patient():
    return {"name": "Ada Nguyen", "date_of_birth": "1985-03-27"}


def visit():
    return who(["practitioner_role_id", "appointment_type_id"])


def email():
    return f"invited{next(numbers)}@example.org"


def schedule(case):
    return {**GROUND["schedule"], "version": seen_version(case, GROUND["schedule"]["version"])}


def appointment_type():
    return {
        "name": f"Review {next(numbers)}",
        "position": 90,
        "duration_minutes": 15,
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 0,
        "price_cents": 0,
        "bulk_billed": True,
        "telehealth": False,
        "audience": "all",
    }


def price():
    """What anybody pays, at the practice, for something that has no Medicare item: that may be said where all else is bulk billed."""
    return {
        "cohort": "anyone",
        "mode": "private",
        "item_numbers": [],
        "fee_cents": 8500,
        "collection": "at_practice",
        "deposit_cents": 0,
        "no_show_fee_cents": 0,
        "tax_code": "free_health",
    }


# What an operation's query has when it is called rightly; nothing for those that are not here.
QUERIES = {
    "find_calendar": lambda: {"from": today(), "to": today(6)},
    "list_practice_appointments": lambda: {"from": today(), "to": today(6)},
    "list_practice_bookings": lambda: {"ids": GROUND["booking_id"]},
}

# The bodies of operations that are called rightly; those that are not here keep what was generated, with ids and versions in place.
BODIES = {
    # bookings
    "act_on_appointment": lambda case: {"action": "check_in", "version": seen_version(case, 1)},
    "check_outside": schedule,
    "check_series": lambda _: {**visit(), "date": today(7), "time": "09:00:00", "every": "week", "visits": 3},
    "create_appointment": lambda _: {**visit(), "start": start(), "fit_in": True, "patient": patient()},
    "create_appointment_type": lambda _: appointment_type(),
    "create_resource": lambda _: {"kind": "room", "name": f"Room {next(numbers)}"},
    "create_role_feed": lambda _: {"detail": "times"},
    "create_series": lambda _: {**visit(), "starts": [start(), start()], "agreed": True, "patient": patient()},
    # A name that no resolver knows (RFC 2606): nobody is called.
    "create_webhook": lambda _: {"address": f"https://hooks.invalid/{next(numbers)}"},
    "put_external_calendar": lambda _: {"address": f"https://calendars.invalid/{next(numbers)}.ics"},
    "put_keeper": lambda _: who(["account_id"]),
    "put_schedule": schedule,
    "set_webhook_active": lambda _: {"active": True},
    # payments
    "hold_payouts": lambda _: {**who(["organization_id"]), "reason": "Somebody has to look at this practice."},
    "put_bulk_billing": lambda case: {"everything": False, "version": seen_version(case, 0)},
    "put_funding": lambda case: {"rules": [price()], "no_item": True, "version": seen_version(case, 0)},
    "put_medicare_setup": lambda case: {"location_id": "AAA00000", "version": seen_version(case, 0)},
    "put_practice_account": lambda case: {
        "legal_name": "Harbour Health Pty Ltd",
        "abn": "51824753556",
        "gst_registered": True,
        "version": seen_version(case, 0),
    },
    "put_role_setup": lambda case: {
        "provider_number": "2447781L",
        "modified_monash": 1,
        "version": seen_version(case, 0),
    },
    "search_platform_payments": lambda _: {"by": "day", **who(["organization_id"]), "day": today()},
    "start_reconciliation": lambda _: {},
    # providers
    "suspend_listing": lambda _: {"listing": {"kind": "role", "id": GROUND["suspended_role_id"]}, "reason": "other"},
    # users
    "change_staff_roles": lambda case: {"roles": ["reception"], "version": seen_version(case, 1)},
    "grant_access": lambda _: {
        **who(["patient_id"]),
        "category": "person_asked",
        "reason": "They asked us to find out why nothing is shown.",
        "minutes": 60,
    },
    "invite_owner": lambda _: {"email": email()},
    "invite_staff": lambda _: {"email": email(), "roles": ["reception"]},
    "name_platform_staff": lambda _: {**who(["account_id"]), "roles": ["support"]},
}
