"""Cuts data/bank-full.csv into a file for each day: DIRECTORY DAYS [FIRST]

The calls are in the order of their dates; DIRECTORY/<date>.csv holds an equal share of them for each of DAYS dates from
FIRST (2026-11-01) on, each under the header.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    if len(sys.argv) not in (3, 4) or not sys.argv[2].isdigit() or int(sys.argv[2]) < 1:
        sys.exit(__doc__)
    directory, days = Path(sys.argv[1]), int(sys.argv[2])
    first = date.fromisoformat(sys.argv[3]) if len(sys.argv) == 4 else date(2026, 11, 1)
    header, *rows = (ROOT / "data" / "bank-full.csv").read_text().splitlines(keepends=True)
    directory.mkdir(parents=True, exist_ok=True)
    for day in range(days):
        share = rows[len(rows) * day // days : len(rows) * (day + 1) // days]
        (directory / f"{first + timedelta(days=day)}.csv").write_text(header + "".join(share))


main()
