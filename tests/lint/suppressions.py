"""No suppression without a reason beside it.

A NOLINT, a switched-off warning, a clang-format off and a spelling exception need words that say
why: after the closing parenthesis, or in a comment on the line before.

  // NOLINT(bugprone-x): the buffer is bounded above
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUPPRESSION = re.compile(
    r"NOLINT(NEXTLINE|BEGIN)?\b(\([^)]*\))?|#\s*pragma GCC diagnostic ignored|clang-format off"
    r"|no_sanitize|GTEST_SKIP|DISABLED_")
REASON = re.compile(r"[A-Za-z]{3,}")


def bare(lines):
    """Numbers and texts of suppressions without a reason."""
    for index, line in enumerate(lines):
        match = SUPPRESSION.search(line)
        if not match or "NOLINTEND" in line:
            continue
        if match[0].startswith("NOLINT") and match[2] is None:
            yield index + 1, f"{line.strip()} (name the check)"
            continue
        after = line[match.end():]
        before = lines[index - 1].strip() if index else ""
        if not REASON.search(after.split('"')[-1]) and not before.startswith("//"):
            yield index + 1, line.strip()


def self_test():
    found = list(bare(["x;  // NOLINT", "y;  // NOLINT(a-b)", "z;  // NOLINT(a-b): it has to be so",
                       "// GCC 12 is wrong here.", '#pragma GCC diagnostic ignored "-Wx"',
                       "", '#pragma GCC diagnostic ignored "-Wx"']))
    if [number for number, _ in found] != [1, 2, 7]:
        sys.exit(f"suppressions: the sample is misjudged: {found}")


def main():
    self_test()
    files = subprocess.run(["git", "-C", ROOT, "ls-files", "*.cpp", "*.hpp"], check=True,
                           capture_output=True, text=True).stdout.split()
    failed = False
    for name in files:
        path = ROOT / name
        if not path.exists():
            continue
        for number, text in bare(path.read_text(errors="replace").splitlines()):
            print(f"{name}:{number}: no reason for: {text}")
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
