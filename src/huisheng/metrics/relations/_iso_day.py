"""The number of a local day written as an ISO date, in integer steps that every engine shares."""

import ibis

# Days from 0000-03-01 to 1970-01-01, and the days of 400, 100, 4 years and of one.
_SHIFT, _ERA, _CENTURY, _FOUR, _YEAR = 719_468, 146_097, 36_524, 1_460, 365


def iso_day(table: ibis.Table, day: str, name: str) -> ibis.Table:
    """Return the table with column `name`, `YYYY-MM-DD` of the day number in column `day`.

    Howard Hinnant's civil_from_days, for days from year 0 on.
    """
    era = table.mutate(_z=table[day] + _SHIFT)
    era = era.mutate(_era=era["_z"] // _ERA, _doe=era["_z"] % _ERA)
    doe = era["_doe"]
    year = era.mutate(_yoe=(doe - doe // _FOUR + doe // _CENTURY - doe // (_ERA - 1)) // _YEAR)
    yoe = year["_yoe"]
    of_year = year.mutate(_doy=year["_doe"] - (_YEAR * yoe + yoe // 4 - yoe // 100))
    month = of_year.mutate(_mp=(5 * of_year["_doy"] + 2) // 153)
    march = month["_mp"]
    number = ibis.ifelse(march < 10, march + 3, march - 9)
    parts = (
        (month["_yoe"] + month["_era"] * 400 + (number <= 2).cast("int64"), 4),
        (number, 2),
        (month["_doy"] - (153 * march + 2) // 5 + 1, 2),
    )
    padded = [part.cast("int64").cast("string").lpad(width, "0") for part, width in parts]
    dated = month.mutate(**{name: padded[0] + "-" + padded[1] + "-" + padded[2]})
    return dated.drop("_z", "_era", "_doe", "_yoe", "_doy", "_mp")
