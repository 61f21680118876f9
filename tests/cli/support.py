"""Runs the built program: SEMANTRIX_BIN, or the first argument of the test file."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest


def binary():
    if not os.environ.get("SEMANTRIX_BIN"):
        sys.exit("name the program: SEMANTRIX_BIN=… or the first argument")
    return os.path.abspath(os.environ["SEMANTRIX_BIN"])


def environment(**extra):
    kept = {name: value for name, value in os.environ.items() if name != "SEMANTRIX_STORE"}
    return {**kept, **extra}


class Done:
    """What a finished command printed, in bytes, and its exit status."""

    def __init__(self, process):
        self.status = process.returncode
        self.out = process.stdout
        self.err = process.stderr.decode("utf-8", "surrogateescape")

    @property
    def text(self):
        return self.out.decode()

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def json_lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


class CommandTest(unittest.TestCase):
    """A folder of its own and `run` for each test."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="semantrix-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return str(self.folder / name)

    def write(self, name, content):
        data = content if isinstance(content, bytes) else content.encode()
        (self.folder / name).write_bytes(data)
        return self.path(name)

    def run_raw(self, *arguments, stdin=b"", env=None, **settings):
        """Without any expectation. `env` adds to the environment."""
        command = [binary(), *(os.fsencode(argument) for argument in arguments)]
        settings.setdefault("stdout", subprocess.PIPE)
        return Done(subprocess.run(command, input=stdin, stderr=subprocess.PIPE, timeout=120,
                                   env=environment(**(env or {})), cwd=self.folder, **settings))

    def run_ok(self, *arguments, **settings):
        """Status 0 and not a word on standard error."""
        return self.run_status(0, *arguments, **settings, silent=True)

    def run_status(self, status, *arguments, silent=False, **settings):
        done = self.run_raw(*arguments, **settings)
        self.assertEqual(done.status, status, f"{arguments}: {done.err}")
        if silent:
            self.assertEqual(done.err, "", arguments)
        return done

    def refused(self, status, *arguments, saying, **settings):
        """Fails with `status` and one sentence that contains `saying`."""
        done = self.run_status(status, *arguments, **settings)
        lines = done.err.splitlines()
        self.assertEqual(len(lines), 1, done.err)
        self.assertTrue(lines[0].startswith("semantrix: "), lines[0])
        self.assertIn(saying, lines[0])
        return done

    def snapshot_url(self, name="cache.smx", **options):
        parameters = "".join(f"&{key}={value}" for key, value in options.items())
        return f"memory://?snapshot={self.path(name)}{parameters}"


def main():
    if len(sys.argv) > 1 and os.path.exists(sys.argv[1]):
        os.environ["SEMANTRIX_BIN"] = sys.argv.pop(1)
    unittest.main(verbosity=1)
