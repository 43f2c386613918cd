#!/usr/bin/env python3
"""Writes files of texts, a line each, as CSV of text and label, the file's name: labelled_lines.py OUT.csv FILE.txt...

A text that is there several times is written once, and one that files of different names hold, not at all: whoever gave
it two labels meant neither.
"""

import csv
import pathlib
import sys


def main(out, *files):
    labels = {}
    lines = 0
    for name in files:
        path = pathlib.Path(name)
        for line in path.read_text(encoding="utf-8").split("\n"):
            text = line.strip()
            if text:
                lines += 1
                labels.setdefault(text, set()).add(path.stem)
    kept = [(text, *found) for text, found in labels.items() if len(found) == 1]
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "label"])
        writer.writerows(kept)
    both = len(labels) - len(kept)
    print(f"{lines} lines: {len(kept)} kept, {lines - len(labels)} repeated, {both} texts with several labels", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
