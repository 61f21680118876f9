"""Every C++ block of docs/howto/add_a_store.md is cut from a file that is compiled and tested."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/docs"))
import blocks as markdown  # noqa: E402

PAGE = ROOT / "docs/howto/add_a_store.md"
SOURCES = [*(ROOT / "tests/conformance").rglob("*.[ch]pp"), *(ROOT / "src/open").glob("*.cpp"),
           *(ROOT / "src").rglob("CMakeLists.txt")]


def squeezed(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_cut_from(block, source):
    wanted, there = squeezed("\n".join(block.lines)), squeezed(source)
    return any(there[at:at + len(wanted)] == wanted for at in range(len(there)))


def main():
    texts = [source.read_text() for source in SOURCES]
    checked = [b for b in markdown.blocks(PAGE) if b.language in ("hpp", "cmake")]
    invented = [f"{PAGE}:{b.line}: no source has this block" for b in checked
                if not any(is_cut_from(b, text) for text in texts)]
    if invented or not checked:
        sys.exit("\n".join(invented) or f"{PAGE} shows no code")
    print(f"{len(checked)} blocks are real")


if __name__ == "__main__":
    main()
