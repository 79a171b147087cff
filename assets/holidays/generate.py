"""Writes calendars.txt: public holidays by country and region, with English names.

The dates come from the Python package `holidays` (MIT licence):
    pip install holidays==0.109 && python assets/holidays/generate.py

A line "# DE" opens a country, "-" begins the code and name of a region. Every other line is a holiday:
where it is one, its days, its name, parted by tabs. Where: "*" everywhere, "." the country taken as a whole,
regions by code; "*" followed by "-" and codes means everywhere but there. Days: "12-25" every year,
"E-2" two days before Easter, "11-Th4" the fourth Thursday, "05-Mo9" the last Monday, "11-Th4+1" the
day after; what follows no such rule is listed day by day, "260320" being 20 March 2026.
"""

import datetime
import pathlib
from collections import defaultdict

import holidays
from dateutil.easter import easter

YEARS = range(2025, 2046)
WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]


def days_of(country, region):
    """Every (name, date) of a region, or of the country as a whole."""
    kind = getattr(holidays, country)
    language = "en_US" if "en_US" in kind.supported_languages else None
    names = holidays.country_holidays(country, subdiv=region, years=YEARS, language=language)
    for date in sorted(names):
        if date.year in YEARS:
            for name in names.get_list(date):
                name = name.replace(" (estimated)", "").replace("(observed, estimated)", "(observed)")
                yield ("Day off" if name.startswith("Day off (") else name.strip()), date


def nth(date):
    return (date.month, WEEKDAYS[date.weekday()], (date.day - 1) // 7 + 1)


def last(date):
    is_last = (date + datetime.timedelta(days=7)).month != date.month
    return (date.month, WEEKDAYS[date.weekday()]) if is_last else None


def rule(dates):
    """The days as one recurring rule, or listed."""
    if len(dates) == len(YEARS) and {date.year for date in dates} == set(YEARS):
        if len({(date.month, date.day) for date in dates}) == 1:
            return f"{dates[0]:%m-%d}"
        offsets = {(date - easter(date.year)).days for date in dates}
        if len(offsets) == 1:
            return f"E{offsets.pop():+}"
        for shift in (0, 1, -1):
            moved = [date - datetime.timedelta(days=shift) for date in dates]
            after = f"{shift:+}" if shift else ""
            if len({nth(date) for date in moved}) == 1:
                month, weekday, number = nth(moved[0])
                return f"{month:02}-{weekday}{number}{after}"
            if len({last(date) for date in moved}) == 1 and last(moved[0]):
                month, weekday = last(moved[0])
                return f"{month:02}-{weekday}9{after}"
    return ",".join(f"{date:%y%m%d}" for date in dates)


def where(found, regions):
    everywhere = {".", *regions}
    if found == everywhere:
        return "*"
    missing = sorted(everywhere - found)
    if "." in found and len(missing) < len(found):
        return "*-" + ",".join(missing)
    return ",".join(sorted(found))


def country_lines(country, regions):
    kind = getattr(holidays, country)
    names = {}
    for name, code in getattr(kind, "subdivisions_aliases", {}).items():
        names.setdefault(code, name)
    yield f"# {country}"
    for region in regions:
        yield f"-\t{region}\t{names.get(region, region)}"
    places = defaultdict(set)
    for place in [None, *regions]:
        dates = defaultdict(list)
        for name, date in days_of(country, place):
            if date not in dates[name]:
                dates[name].append(date)
        for name, found in dates.items():
            places[(rule(found), name)].add(place or ".")
    for (days, name), found in sorted(places.items()):
        yield f"{where(found, regions)}\t{days}\t{name}"


def main():
    lines = []
    for country, regions in sorted(holidays.list_supported_countries(include_aliases=False).items()):
        try:
            found = list(country_lines(country, sorted(regions)))
        except Exception as error:
            print(country, error)
            continue
        if any("\t" in line and not line.startswith("-") for line in found):
            lines.extend(found)
    path = pathlib.Path(__file__).with_name("calendars.txt")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
