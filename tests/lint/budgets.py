"""File and function sizes: median, p90 and max by folder, and the hard caps.

  python3 tests/lint/budgets.py            prints the table; fails over a cap
  python3 tests/lint/budgets.py --self-test

A function is a body at namespace or class scope; lambdas count with the function around them.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["include", "src", "cli", "bench", "examples", "tests"]
FILE_CAP = 500
FUNCTION_CAP = 80
MEDIAN_AIM = 120

NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^\s()\\]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])\'(?:\\.|[^\'\\\n])+\'', re.S)
NO_FUNCTION = re.compile(r"^(namespace|class|struct|union|enum|extern|if|for|while|switch|do|else|try"
                         r"|return|requires|using|concept)\b|^[^(]*=|^(template\s*<[^{}]*>\s*)?"
                         r"(class|struct|concept)\b")
LABEL = re.compile(r"^\s*((public|private|protected)\s*:|\[\[[^\]]*\]\]|\s)+")
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*", re.M | re.S)


def blank(match):
    return re.sub(r"[^\n]", " ", match[0])


def functions(text):
    """(first line, lines, name) of each function body at namespace or class scope."""
    text = PREPROCESSOR.sub(blank, NOISE.sub(blank, text))
    open_braces = []  # (is a function, line of its head, head)
    start = 0
    for brace in re.finditer(r"[{};]", text):
        head = LABEL.sub("", text[start:brace.start()])
        begin = brace.start() - len(head)
        start = brace.end()
        if brace[0] == "{":
            within = any(function for function, _, _ in open_braces)
            # After a member's braced initialiser the head goes on with a comma or is empty.
            looks = "(" in head or head.startswith(",") or not head
            open_braces.append((looks and not within and not NO_FUNCTION.match(head),
                                text.count("\n", 0, begin) + 1, head))
        elif brace[0] == "}" and open_braces:
            function, line, head = open_braces.pop()
            if function:
                name = re.search(r"(operator[^(]*|[~\w:]+)\s*\(", head)
                length = text.count("\n", 0, brace.start()) + 2 - line
                yield line, length, name[1] if name else "constructor"


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0


def row(name, sizes, lengths):
    cells = [quantile(sizes, 0.5), quantile(sizes, 0.9), max(sizes, default=0),
             quantile(lengths, 0.5), quantile(lengths, 0.9), max(lengths, default=0)]
    return f"{name:<10}{len(sizes):>6}{len(lengths):>7}" + "".join(f"{cell:>8}" for cell in cells)


def measure(root):
    table = [f"{'':<10}{'files':>6}{'funcs':>7}{'file 50':>8}{'90 %':>8}{'max':>8}{'func 50':>8}"
             f"{'90 %':>8}{'max':>8}"]
    faults, all_sizes, all_lengths = [], [], []
    for folder in FOLDERS:
        sizes, lengths = [], []
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            text = path.read_text(errors="replace")
            sizes.append(text.count("\n"))
            place = path.relative_to(root)
            if sizes[-1] > FILE_CAP:
                faults.append(f"{place}: {sizes[-1]} lines, over {FILE_CAP}")
            for line, length, name in functions(text):
                lengths.append(length)
                if length > FUNCTION_CAP:
                    faults.append(f"{place}:{line}: {name} has {length} lines, over {FUNCTION_CAP}")
        if sizes:
            table.append(row(folder, sizes, lengths))
        all_sizes += sizes
        all_lengths += lengths
    table.append(row("all", all_sizes, all_lengths))
    if quantile(all_sizes, 0.5) > MEDIAN_AIM:
        faults.append(f"the median file has {quantile(all_sizes, 0.5)} lines, over {MEDIAN_AIM}")
    return table, faults


SAMPLE = '''#include <x>
namespace a {
class B {
 public:
  B() : one_(1), two_{2} { run(); }
  int get() const noexcept {
    auto f = [this] {
      return one_;
    };
    return f();  // }
  }
};
template <class T>
struct C { int x = 1; };
int table[] = {1, 2};
auto d(int x)
    -> int {
  if (x) {
    return '{';
  }
  return 2;
}
}
'''


def self_test():
    found = {name: length for _, length, name in functions(SAMPLE)}
    if found != {"B": 1, "constructor": 1, "get": 6, "d": 7}:
        sys.exit(f"budgets: the sample's functions are misjudged: {found}")
    long = "void f() {\n" + "  g();\n" * FUNCTION_CAP + "}\n"
    if [length for _, length, _ in functions(long)] != [FUNCTION_CAP + 2]:
        sys.exit("budgets: a long function is missed")


def main():
    self_test()
    table, faults = measure(ROOT)
    print("\n".join(table))
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
