#!/usr/bin/env python3
"""Writes backend/bookings/data/holidays.csv and holiday_regions.csv.

Needs the packages of requirements.txt. Usage: python3 holidays.py [repository root]
Sources, rules and what is approximate: backend/bookings/data/SOURCES.md.
"""
import calendar
import csv
import pathlib
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta

# This file has the package's name: keep the script's own folder off the import path.
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:] = [p for p in sys.path if pathlib.Path(p or ".").resolve() != HERE]
import holidays  # noqa: E402

YEARS = (2026, 2027, 2028)
STATES = ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA")
PACKAGE = f"PyPI holidays {holidays.__version__}"
MON, TUE, WED, THU, FRI, SAT = range(6)

# What the package calls state-wide and the law or practice ties to a region.
NOT_STATEWIDE = {("QLD", "The Royal Queensland Show"), ("VIC", "Melbourne Cup Day")}


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th such weekday of a month; n = -1 is the last."""
    days = [d for d in calendar.Calendar().itermonthdates(year, month) if d.month == month and d.weekday() == weekday]
    return days[n - 1 if n > 0 else n]


def brisbane_show(year: int) -> date:
    fifth = len([d for d in calendar.Calendar().itermonthdates(year, 8) if d.month == 8 and d.weekday() == WED]) == 5
    return nth(year, 8, WED, 3 if fifth else 2)


def devonport_show(year: int) -> date:
    """The Friday nearest the last day of November, at the latest 1 December."""
    near = [date(year, 11, 30) + timedelta(days=n) for n in range(-6, 2)]
    return [d for d in near if d.weekday() == FRI][-1]


HOLIDAYS_ACT_QLD = "Holidays Act 1983 (Qld) schedule: second Wednesday in August, the third if August has five"
CUP_VIC = "Public Holidays Act 1993 (Vic) s 6: first Tuesday in November"
TAS_ACT = "Statutory Holidays Act 2000 (Tas): "
NT_ACT = "Public Holidays Act 1981 (NT), show days as gazetted each year: "

# region, name, rule, source
REGIONAL = [
    ("qld-brisbane", "Royal Queensland Show", brisbane_show, HOLIDAYS_ACT_QLD),
    ("vic-melbourne", "Melbourne Cup Day", lambda y: nth(y, 11, TUE, 1), CUP_VIC),
    ("nt-alice-springs", "Alice Springs Show Day", lambda y: nth(y, 7, FRI, 1), NT_ACT + "first Friday in July"),
    ("nt-tennant-creek", "Tennant Creek Show Day", lambda y: nth(y, 7, FRI, 2), NT_ACT + "second Friday in July"),
    ("nt-katherine", "Katherine Show Day", lambda y: nth(y, 7, FRI, 3), NT_ACT + "third Friday in July"),
    ("nt-darwin", "Darwin Show Day", lambda y: nth(y, 7, FRI, 4), NT_ACT + "fourth Friday in July"),
    ("tas-south", "Royal Hobart Regatta", lambda y: nth(y, 2, MON, 2), TAS_ACT + "second Monday in February"),
    ("tas-south", "Royal Hobart Show", lambda y: nth(y, 10, SAT, 4) - timedelta(days=2),
     TAS_ACT + "Thursday before the fourth Saturday in October"),
    ("tas-north", "Recreation Day", lambda y: nth(y, 11, MON, 1), TAS_ACT + "first Monday in November"),
    ("tas-launceston", "Launceston Cup", lambda y: nth(y, 2, WED, -1), TAS_ACT + "last Wednesday in February"),
    ("tas-launceston", "Royal Launceston Show", lambda y: nth(y, 10, SAT, 2) - timedelta(days=2),
     TAS_ACT + "Thursday before the second Saturday in October"),
    ("tas-burnie", "Burnie Show", lambda y: nth(y, 10, SAT, 1) - timedelta(days=1),
     TAS_ACT + "Friday before the first Saturday in October"),
    ("tas-devonport", "Devonport Show", devonport_show,
     TAS_ACT + "Friday nearest the last day in November, not later than 1 December"),
    ("tas-king-island", "King Island Show", lambda y: nth(y, 3, TUE, 1), TAS_ACT + "first Tuesday in March"),
    ("tas-flinders-island", "Flinders Island Show", lambda y: nth(y, 10, SAT, 3) - timedelta(days=1),
     TAS_ACT + "Friday before the third Saturday in October"),
]

# region, state, lat, lon, radius_km, name; several circles of one region add up.
REGIONS = [
    ("nt-alice-springs", "NT", -23.698, 133.881, 360, "Alice Springs and the south"),
    ("nt-darwin", "NT", -12.463, 130.842, 150, "Darwin and Palmerston"),
    ("nt-katherine", "NT", -14.465, 132.264, 130, "Katherine"),
    ("nt-tennant-creek", "NT", -19.648, 134.190, 200, "Tennant Creek and Barkly"),
    ("qld-brisbane", "QLD", -27.470, 153.025, 20, "Brisbane City"),
    ("tas-burnie", "TAS", -41.055, 145.905, 18, "Burnie and Wynyard"),
    ("tas-devonport", "TAS", -41.180, 146.350, 20, "Devonport, Latrobe and Kentish"),
    ("tas-flinders-island", "TAS", -40.100, 148.050, 55, "Flinders Island"),
    ("tas-king-island", "TAS", -39.900, 143.950, 45, "King Island"),
    ("tas-launceston", "TAS", -41.437, 147.138, 30, "Launceston and surrounds"),
    ("tas-north", "TAS", -39.900, 143.950, 45, "Northern Tasmania: King Island"),
    ("tas-north", "TAS", -40.100, 148.050, 55, "Northern Tasmania: Flinders Island"),
    ("tas-north", "TAS", -41.000, 145.000, 65, "Northern Tasmania: Circular Head"),
    ("tas-north", "TAS", -41.100, 146.000, 70, "Northern Tasmania: Burnie and Devonport"),
    ("tas-north", "TAS", -41.200, 148.100, 50, "Northern Tasmania: St Helens"),
    ("tas-north", "TAS", -41.350, 147.100, 75, "Northern Tasmania: Launceston and Midlands"),
    ("tas-north", "TAS", -42.000, 145.500, 50, "Northern Tasmania: West Coast"),
    ("tas-south", "TAS", -42.100, 148.150, 35, "Southern Tasmania: Swansea and Bicheno"),
    ("tas-south", "TAS", -43.000, 147.200, 85, "Southern Tasmania: Hobart"),
    ("vic-melbourne", "VIC", -37.820, 145.000, 45, "Metropolitan Melbourne"),
    ("vic-melbourne", "VIC", -38.200, 145.150, 30, "Metropolitan Melbourne: Frankston and Casey"),
    ("vic-melbourne", "VIC", -38.400, 144.950, 22, "Metropolitan Melbourne: Mornington Peninsula"),
]


def source_of(day: date, name: str) -> str:
    if name == "Friday before the AFL Grand Final" and day.year > 2026:
        return f"{PACKAGE}; expected, gazetted each year"
    return PACKAGE


def main() -> None:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent)
    by_date = defaultdict(dict)
    for state in STATES:
        days = holidays.country_holidays("AU", subdiv=state, years=YEARS, categories=("public",), language="en_AU")
        for day, name in days.items():
            if (state, name) not in NOT_STATEWIDE:
                by_date[day][state] = name.replace(" (observed)", " (additional day)")

    rows = []
    for day, names in by_date.items():
        if len(names) == len(STATES):
            (name, _), = Counter(names[s] for s in sorted(names)).most_common(1)
            rows.append((day.isoformat(), name, "national", "AU", source_of(day, name)))
        else:
            rows += [(day.isoformat(), name, "state", state, source_of(day, name)) for state, name in names.items()]
    for region, name, rule, source in REGIONAL:
        rows += [(rule(year).isoformat(), name, "region", region, source) for year in YEARS]

    kinds = {"national": 0, "state": 1, "region": 2}
    rows.sort(key=lambda r: (r[0], kinds[r[2]], r[3], r[1]))
    assert {r[3] for r in rows if r[2] == "region"} == {r[0] for r in REGIONS}
    assert REGIONS == sorted(REGIONS, key=lambda r: (r[0], -r[2])), "keep the regions in order"

    out = root / "backend" / "bookings" / "data"
    out.mkdir(parents=True, exist_ok=True)
    write(out / "holidays.csv", ("date", "name", "scope_kind", "scope", "source"), rows)
    write(out / "holiday_regions.csv", ("region", "state", "lat", "lon", "radius_km", "name"), REGIONS)
    print(dict(Counter(r[2] for r in rows)), {y: sum(r[0].startswith(str(y)) for r in rows) for y in YEARS})


def write(path: pathlib.Path, header, rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"wrote {path.name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
