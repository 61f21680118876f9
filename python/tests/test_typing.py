"""The stubs say what the package is; examples are typed and print what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(os.environ["SEMANTRIX_SOURCE"])
EXAMPLES = sorted((SOURCE / "examples" / "python").glob("*.py"))


def run(*command):
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_stubs_match_the_package(tmp_path):
    allowed = tmp_path / "allowed.txt"
    # nanobind's own: its metaclass, its kind of function, its __init__ of what nobody makes.
    classes = "(.*Store|.*KeyCursor|Migration)"
    allowed.write_text(
        f"semantrix\\._core\\.{classes}\nsemantrix\\._core\\.{classes}\\.__init__\n"
        "semantrix\\._core\\.(open|Migration\\.(report|new_failures|stop))\n"
    )
    modules = [
        f"semantrix.{name}" for name in ("_core", "caching", "errors", "migration", "types")
    ]
    run("-m", "mypy.stubtest", *modules, "--ignore-missing-stub", "--allowlist", allowed)


def test_examples_are_typed():
    run("-m", "mypy", "--strict", "--cache-dir", os.devnull, *EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_print_what_they_say(example):
    expected = re.findall(r"^# > (.*)$", example.read_text(), re.M)
    assert run("-W", "error", example).splitlines() == expected


def test_sources_are_clean():
    run("-m", "ruff", "check", "--no-cache", SOURCE / "pyproject.toml", SOURCE / "python",
        SOURCE / "examples" / "python", SOURCE / "tests" / "python", SOURCE / "bench" / "python.py",
        SOURCE / "bench" / "python")
