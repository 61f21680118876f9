"""The README's table of stores says what `Capability` says.

  stores_table_test.py PATH/TO/semantrix [--write]

The table between the two comments is made from `semantrix stores --json`; --write renews it.
"""
import json
import pathlib
import subprocess
import sys

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- stores:", "<!-- end -->"
# Heading, and the capabilities that all must hold for a yes.
COLUMNS = [
    ("ttl", ["can_ttl"]),
    ("keys, size, clear", ["can_list_keys", "can_size", "can_clear"]),
    ("tags", ["can_tag"]),
    ("evicts by itself", ["can_evict"]),
    ("other processes see it", ["keeps_across_processes"]),
]


def table(stores):
    heads = ["store", "URL", *(heading for heading, _ in COLUMNS)]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for store in stores:
        marks = ["yes" if all(store[name] for name in names) else "no" for _, names in COLUMNS]
        cells = [store["store"], f"`{store['scheme']}://`", *marks]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    printed = subprocess.run([sys.argv[1], "stores", "--json"], check=True, capture_output=True,
                             text=True).stdout
    wanted = table([json.loads(line) for line in printed.splitlines()])
    text = README.read_text()
    start = text.index("\n", text.index(BEGIN)) + 1
    end = text.index(END, start)
    if text[start:end] == wanted:
        return
    if "--write" in sys.argv:
        README.write_text(text[:start] + wanted + text[end:])
        return
    sys.exit(f"README.md's table of stores is stale; {__file__} --write makes it\n{wanted}")


if __name__ == "__main__":
    main()
