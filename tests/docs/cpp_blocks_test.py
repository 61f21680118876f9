"""Every ```cpp block of the documentation compiles.

  cpp_blocks_test.py CXX FLAGS…

A block with `#include` or `main` is a file of its own. Any other is a fragment: declarations stay at
namespace scope, statements become the body of a coroutine that has a `store`, a `cache` and an
`io_context` at hand. All fragments share one translation unit, so the headers are parsed once.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import blocks as markdown

ROOT = pathlib.Path(__file__).resolve().parents[2]

# "page:first words of the block": why it cannot be compiled. Nothing else may carry `no-compile`.
NOT_COMPILED = {}

PREAMBLE = """\
#include <semantrix/semantrix.hpp>
#include <boost/asio.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>
"""
BODY = """\
namespace block_{id} {{
using namespace semantrix;
using namespace std::chrono_literals;
namespace asio = boost::asio;
[[maybe_unused]] awaitable<void> block(CacheStore& store, MemoryCache& cache,
                                       asio::io_context& io_context) {{
  (void)store, (void)cache, (void)io_context;
  {{
#line {line} "{file}"
{text}
  }}
  co_return;
}}
}}
"""
DECLARATIONS = """\
namespace block_{id} {{
using namespace semantrix;
using namespace std::chrono_literals;
namespace asio = boost::asio;
#line {line} "{file}"
{text}
}}
"""
# The first line of a declaration: a type, a template, or a function up to its opening brace.
DECLARATION = re.compile(
    r"(class|struct|enum|template|namespace)\b"
    r"|(static |inline |constexpr )*[\w:<>,\s&*]+\s[\w:]+\([^;]*(\)[^;]*\{|,)$")


def whole_file(text):
    return re.search(r"^\s*#include|\bint main\(", text, re.M)


def first_statement(text):
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("//")]
    return lines[0] if lines else ""


def fragment(index, block):
    text = "\n".join(block.lines)
    shape = DECLARATIONS if DECLARATION.match(first_statement(text).strip()) else BODY
    return shape.format(id=index, line=block.line, file=block.path, text=text)


def excused(block):
    """Whether the block may stay uncompiled; a flag that the list does not know is an error."""
    if "no-compile" not in block.flags:
        return False
    key = f"{block.path.relative_to(ROOT)}:{' '.join(block.lines[0].split()[:3])}"
    if key not in NOT_COMPILED:
        sys.exit(f"{block.path}:{block.line}: no-compile without an entry '{key}' in {__file__}")
    return True


def compile_text(command, text, folder, name):
    source = pathlib.Path(folder) / name
    source.write_text(text)
    done = subprocess.run([*command, "-fsyntax-only", str(source)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)


def main():
    command = sys.argv[1:]
    found = [b for page in markdown.pages(ROOT) for b in markdown.blocks(page)
             if b.language in ("cpp", "c++", "cc") and not excused(b)]
    fragments = [PREAMBLE]
    with tempfile.TemporaryDirectory() as folder:
        for index, block in enumerate(found):
            text = "\n".join(block.lines)
            if whole_file(text):
                text = f'#line {block.line} "{block.path}"\n{text}\n'
                compile_text(command, text, folder, f"file_{index}.cpp")
            else:
                fragments.append(fragment(index, block))
        compile_text(command, "\n".join(fragments), folder, "fragments.cpp")
    print(f"{len(found)} blocks compile")


if __name__ == "__main__":
    main()
