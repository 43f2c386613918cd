#!/usr/bin/env python3
"""Writes the one data frame of an R file (.rda) as CSV, without R: rda_csv.py FILE.rda FILE.csv

Reads R's serialisation (R Internals, section 1.8: versions 2 and 3, XDR), of which data frames use little: vectors of
numbers, whole numbers, truths and texts, with attributes. Missing values become empty fields, factors their levels.
"""

import bz2
import csv
import gzip
import lzma
import math
import struct
import sys

SYMBOL, PAIRLIST, CHARS, LOGICAL, INTEGER, REAL, STRINGS, LIST = 1, 2, 9, 10, 13, 14, 16, 19
REFERENCE, NIL = 255, 254
HAS_ATTRIBUTES, HAS_TAG = 0x200, 0x400
NOT_AVAILABLE = -(2**31)


class Vector(list):
    """The values of an R vector, with its attributes by name."""

    attributes = {}


class Reader:
    def __init__(self, data):
        self.data, self.at, self.symbols = data, 0, []

    def take(self, size):
        self.at += size
        return self.data[self.at - size : self.at]

    def integer(self):
        return struct.unpack(">i", self.take(4))[0]

    def pairs(self, flags):
        """A pair list as pairs of tag and value."""
        pairs = []
        while flags & 0xFF == PAIRLIST:
            if flags & HAS_ATTRIBUTES:
                self.item()
            tag = self.item() if flags & HAS_TAG else None
            pairs.append((tag, self.item()))
            flags = self.integer()
        if flags & 0xFF != NIL:
            raise ValueError(f"a pair list that ends with type {flags & 0xFF}")
        return pairs

    def item(self):
        flags = self.integer()
        kind = flags & 0xFF
        if kind == NIL:
            return None
        if kind == SYMBOL:
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == REFERENCE:
            return self.symbols[(flags >> 8) - 1]
        if kind == PAIRLIST:
            return self.pairs(flags)
        if kind == CHARS:
            size = self.integer()
            return None if size == -1 else self.take(size).decode("utf-8")
        size = self.integer()
        if kind in (INTEGER, LOGICAL):
            values = Vector(None if v == NOT_AVAILABLE else v for v in struct.unpack(f">{size}i", self.take(4 * size)))
        elif kind == REAL:
            values = Vector(None if math.isnan(v) else v for v in struct.unpack(f">{size}d", self.take(8 * size)))
        elif kind in (STRINGS, LIST):
            values = Vector(self.item() for _ in range(size))
        else:
            raise ValueError(f"type {kind} is none of a data frame")
        if flags & HAS_ATTRIBUTES:
            values.attributes = dict(self.pairs(self.integer()))
        return values


def frame(data):
    """The names and columns of the one data frame."""
    for magic, module in ((b"\xfd7zXZ", lzma), (b"\x1f\x8b", gzip), (b"BZh", bz2)):
        if data.startswith(magic):
            data = module.decompress(data)
    reader = Reader(data)
    if reader.take(7) not in (b"RDX2\nX\n", b"RDX3\nX\n"):
        raise ValueError("not an R file in XDR")
    version = reader.integer()
    reader.take(8)
    if version == 3:
        reader.take(reader.integer())
    found = [value for _, value in reader.item()]
    if len(found) != 1 or found[0].attributes.get("class") != ["data.frame"]:
        raise ValueError("not one data frame")
    columns = []
    for column in found[0]:
        levels = column.attributes.get("levels")
        columns.append(
            [None if v is None else levels[v - 1] for v in column]
            if levels
            else [int(v) if isinstance(v, float) and v.is_integer() else v for v in column]
        )
    return found[0].attributes["names"], columns


def main(source, target):
    with open(source, "rb") as file:
        names, columns = frame(file.read())
    with open(target, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(names)
        rows.writerows(zip(*columns))


if __name__ == "__main__":
    main(*sys.argv[1:])
