"""Fenced blocks and links of Markdown files, with their places."""
import dataclasses
import pathlib
import re

FENCE = re.compile(r"^(\s*)```(.*)$")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclasses.dataclass
class Block:
    path: pathlib.Path
    line: int  # of the first line of the block
    language: str
    flags: list
    lines: list


def pages(root):
    """What a reader of the project meets."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "bench").rglob("*.md")])


def blocks(path):
    block = None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if block is None and fence:
            words = fence[2].split()
            block = Block(path, number + 1, words[0] if words else "", words[1:], [])
            indent = len(fence[1])
        elif fence:
            yield block
            block = None
        elif block is not None:
            block.lines.append(line[indent:] if not line[:indent].strip() else line)
    if block is not None:
        raise ValueError(f"{path}:{block.line - 1}: this fence is never closed")


def links(path):
    fenced = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            for match in LINK.finditer(line):
                yield number, match[1]
