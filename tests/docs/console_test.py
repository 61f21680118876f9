"""Every ```console block of the documentation does what it shows.

  console_test.py --bin FOLDER

`$ semantrix …` lines are run, a block in one shell and a folder of its own, and what follows is
compared with what they print: `...` stands for anything within a line, alone on a line for any
lines. A command without shown output must succeed; `# exit status N` at its end asks for another
status. Commands that would take long or change the machine are checked for being there instead:
make's targets, presets, files of the project.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import blocks as markdown

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUN = {"semantrix", "echo", "printf", "cat", "export", "ls", "head", "wc", "grep", "sort", "cmp",
       "diff", "test", "unset", "SEMANTRIX_STORE"}
# Change the machine, or need what a test has not: a network, root, another project.
NOT_RUN = {"git", "cd", "sudo", "apt", "apt-get", "dpkg", "pip", "cpack"}
STATUS = re.compile(r"\s+# exit status (\d+)$")
MARK = "\x01"


def commands(block):
    """(line, command, expected status, expected lines) of each `$ ` line."""
    found = []
    for offset, line in enumerate(block.lines):
        if line.startswith("$ "):
            found.append([block.line + offset, line[2:], 0, []])
        elif found and found[-1][1].endswith("\\"):
            found[-1][1] += "\n" + line
        elif found:
            found[-1][3].append(line)
    for entry in found:
        if match := STATUS.search(entry[1]):
            entry[1], entry[2] = entry[1][:match.start()], int(match[1])
    return found


def matches(expected, actual):
    pattern = ""
    for line in expected:
        if line.strip() == "...":
            pattern += r"(?:.*\n)*"
        else:
            parts = [re.escape(part) for part in line.rstrip().split("...")]
            pattern += ".*".join(parts) + r"[ \t]*\n"
    text = "".join(line + "\n" for line in actual.splitlines())
    return re.fullmatch(pattern, text) is not None


def check_presence(words):
    """A sentence when the project has not what the command names, else nothing."""
    if words[0] == "make":
        names = [word for word in words[1:] if "=" not in word and not word.startswith("-")]
        done = subprocess.run(["make", "-n", "-C", str(ROOT), *names], capture_output=True, text=True)
        return done.stderr if done.returncode else None
    if words[0] in ("cmake", "ctest"):
        if "--preset" not in words:
            return None
        name = words[words.index("--preset") + 1]
        presets = json.loads((ROOT / "CMakePresets.json").read_text())
        named = {p["name"] for kind in presets.values() if isinstance(kind, list) for p in kind}
        return None if name in named else f"there is no preset '{name}'"
    path = words[1] if words[0] in ("python3", "bash") and len(words) > 1 else words[0]
    if path.startswith("build/"):
        return None
    return None if (ROOT / path).exists() else f"'{words[0]}' is neither run nor there"


def run_block(block, binaries):
    wanted, script = [], []
    for entry in commands(block):
        words = entry[1].split()
        first = words[0].split("=")[0]
        if first in RUN:
            wanted.append(entry)
            script.append(f"{entry[1]}\nprintf '\\n{MARK}%d{MARK}\\n' $?")
        elif first not in NOT_RUN and (problem := check_presence(words)):
            yield f"{block.path.relative_to(ROOT)}:{entry[0]}: {problem}"
    if not script:
        return
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(ROOT / "examples", pathlib.Path(folder) / "examples")
        environment = {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["bash", "-c", "exec 2>&1\n" + "\n".join(script)], cwd=folder,
                              env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              text=True, timeout=120)
    yield from compare(block, wanted, done.stdout)


def compare(block, wanted, output):
    parts = re.split(f"\n{MARK}(\\d+){MARK}\n", output)
    if len(parts) != 2 * len(wanted) + 1:
        yield f"{block.path.relative_to(ROOT)}:{block.line}: the block's shell ended early: {output}"
        return
    for (line, command, status, expected), text, actual in zip(wanted, parts[::2], parts[1::2]):
        place = f"{block.path.relative_to(ROOT)}:{line}: $ {command}"
        if int(actual) != status:
            yield f"{place}\nexit status {actual} instead of {status}:\n{text}"
        elif expected and not matches(expected, text):
            yield f"{place}\nprints\n{text}\ninstead of\n" + "\n".join(expected)


def main():
    binaries = sys.argv[sys.argv.index("--bin") + 1]
    failures, count = [], 0
    for page in markdown.pages(ROOT):
        for block in markdown.blocks(page):
            if block.language in ("bash", "sh", "shell"):
                failures.append(f"{page.relative_to(ROOT)}:{block.line}: write ```console, which is run")
            elif block.language == "console":
                failures += run_block(block, binaries)
                count += 1
    for failure in failures:
        print(failure)
    print(f"{count} blocks, {len(failures)} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
