"""Runs bench/memcached.py for a moment on a real server and reads what it prints.

  memcached_bench_test.py FOLDER      of the harnesses that were built
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

DOOR = pathlib.Path(__file__).resolve().parents[2] / "bench" / "memcached.py"
folder = ""


class MemcachedBench(unittest.TestCase):
    def run_door(self, *arguments, status=0):
        done = subprocess.run(
            [sys.executable, "-B", str(DOOR), "--programs", folder, "--pairs", "1", "--seconds",
             "0.02", "--values", "64", *arguments],
            capture_output=True, text=True, check=False, timeout=90)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def test_every_row_is_measured(self):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            tables = self.run_door("--json", file.name).stdout
            report = json.loads(pathlib.Path(file.name).read_text(encoding="utf-8"))
        self.assertEqual([(row["verb"], row["callers"], row["batch"]) for row in report["rows"]],
                         [("add", 1, True), ("add", 1, False), ("get", 1, True), ("get", 1, False),
                          ("get", 64, False)])
        for row in report["rows"]:
            self.assertLessEqual({"semantrix", "raw"}, row["results"].keys())
            self.assertGreater(row["ratios"]["raw"]["median"], 0)
        self.assertIn("batch_get of 100, of pymemcache", tables)
        self.assertIn(report["bar"]["verdict"], {"held", "short", "not measured"})

    def test_a_harness_that_is_not_there(self):
        done = self.run_door("--programs", "/absent", status=1)
        self.assertIn("/absent/semantrix_memcached_peer", done.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv.pop()
    unittest.main(verbosity=1)
