"""Who calls: a member whose session comes from the environment, and a guest with the cookies of the newest replies.

Our cookies are `Secure`, which browsers send over plain HTTP to this machine and HTTP clients do not.
"""

import itertools
import os
from http.cookies import SimpleCookie

import schemathesis

SESSION = os.environ.get("HELLOMAPPER_SESSION")
# The version of the notice that a guest agrees to: with it, holds are followed to their appointments.
NOTICE = os.environ.get("HELLOMAPPER_NOTICE")
HELD = ("__Host-guest", "__Host-manage")

kept = {}
guests = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw
    cookies = {"__Host-session": SESSION} if SESSION else {}
    # Who makes a hold is a new guest each time, since a guest keeps two at once.
    if operation.get("x-policy") == "Holder":
        cookies.update(kept)
    if cookies:
        case.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if NOTICE and operation.get("operationId") == "list_free_times":
        # From today on, rather than on some day between the years 1 and 9999.
        for bound in ("from", "to"):
            case.query.pop(bound, None)
    if NOTICE and operation.get("operationId") == "confirm_hold":
        case.body = details(next(guests))


@schemathesis.hook
def after_call(context, case, response):
    for line in response.headers.get("set-cookie", []):
        for name, morsel in SimpleCookie(line).items():
            if name in HELD:
                kept[name] = morsel.value


def details(guest):
    """What somebody tells about themselves; each is somebody else, since nobody may have many bookings to come."""
    return {
        "name": "Ada Nguyen",
        "date_of_birth": "1985-03-27",
        "email": f"guest{guest}@example.org",
        "mobile": f"0491570{guest % 1000:03}",
        "consent": {"text": "booking-collection", "version": int(NOTICE)},
    }
