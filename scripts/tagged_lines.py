#!/usr/bin/env python3
"""Writes lines of token/tag pairs as CSV of text and tags: tagged_lines.py OUT.csv FILE.txt

The tokens of a line are parted by spaces; where all are one character, they are put together: the text as it was before
somebody parted it. Tags are parted by spaces. A text that is there several times is written once, and one that was tagged
in several ways, not at all. Neither is one with a tag that no other line has: nobody could learn it, and most are slips.
"""

import collections
import csv
import pathlib
import sys


def pairs(line):
    return [token.rsplit("/", 1) for token in line.split()]


def main(out, name):
    lines = [pairs(line) for line in pathlib.Path(name).read_text(encoding="utf-8").split("\n") if line.strip()]
    between = "" if all(len(token) == 1 for line in lines for token, _ in line) else " "
    ways = {}
    for line in lines:
        ways.setdefault(between.join(token for token, _ in line), set()).add(" ".join(tag for _, tag in line))
    once = [(text, *tags) for text, tags in ways.items() if len(tags) == 1]
    texts_with = collections.Counter(tag for _, tags in once for tag in set(tags.split()))
    kept = [(text, tags) for text, tags in once if all(texts_with[tag] > 1 for tag in tags.split())]
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "tags"])
        writer.writerows(kept)
    print(
        f"{len(lines)} lines: {len(kept)} kept, {len(lines) - len(ways)} repeated, {len(ways) - len(once)} texts tagged in "
        f"several ways, {len(once) - len(kept)} with a tag that no other text has",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
