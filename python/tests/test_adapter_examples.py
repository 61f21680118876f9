"""The adapters' examples print what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(os.environ["SEMANTRIX_SOURCE"]) / "examples" / "python" / "adapters"


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_prints_what_it_says(example):
    expected = re.findall(r"^# > (.*)$", example.read_text(), re.M)
    done = subprocess.run([sys.executable, example], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == expected
    assert expected


def test_are_typed():
    words = ["--strict", "--cache-dir", os.devnull, "--ignore-missing-imports"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *words, *EXAMPLES.glob("*.py")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    assert done.returncode == 0, done.stdout
