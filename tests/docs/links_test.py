"""Links between the pages lead somewhere, headings included."""
import pathlib
import re
import sys

import blocks as markdown

ROOT = pathlib.Path(__file__).resolve().parents[2]


def anchors(path):
    for line in path.read_text().splitlines():
        if match := re.match(r"#+\s+(.*)", line):
            text = re.sub(r"[^\w\- ]", "", match[1].lower())
            yield text.strip().replace(" ", "-")


def problem(page, target):
    name, _, anchor = target.partition("#")
    path = (page.parent / name) if name else page
    if not path.exists():
        return "there is no such file"
    if ROOT not in path.resolve().parents and path.resolve() != ROOT:
        return "outside the project"
    if anchor and path.suffix == ".md" and anchor not in anchors(path):
        return "there is no such heading"
    return None


def main():
    failed = False
    for page in markdown.pages(ROOT):
        for line, target in markdown.links(page):
            if re.match(r"[a-z]+:", target):
                continue
            if what := problem(page, target):
                print(f"{page.relative_to(ROOT)}:{line}: {target}: {what}")
                failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
