"""Runs bench/python.py for a moment, on real servers, with a rival a table, and reads what it
prints.

  python_bench_test.py FOLDER PROGRAMS BUILD
      the wheel's, that of the C++ programs, and where to install
"""
import json
import pathlib
import subprocess
import sys
import unittest

DOOR = pathlib.Path(__file__).resolve().parents[2] / "bench" / "python.py"
RIVALS = {"memory": "cachetools", "redis": "redis-py", "memcached": "pymemcache",
          "dynamodb": "boto3"}
wheel = programs = build = None


class PythonBench(unittest.TestCase):
    def run_door(self, *arguments):
        return subprocess.run(
            [sys.executable, "-B", str(DOOR), "--wheel", str(wheel), "--build-dir", str(build),
             "--programs", str(programs), "--pairs", "1", "--scale", "0.01", *arguments],
            capture_output=True, text=True, check=False, timeout=120)

    def test_every_table_is_measured(self):
        report = build / "python_bench.json"
        done = self.run_door("--packages", "cachetools,redis,pymemcache,boto3,uvloop", "--rivals",
                             ",".join(RIVALS.values()), "--json", str(report))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = json.loads(report.read_text(encoding="utf-8"))
        self.assertEqual(found["not_run"], {})
        self.assertEqual({name: len(rows) for name, rows in found["tables"].items()},
                         {"memory": 2, "redis": 4, "memcached": 2, "dynamodb": 1})
        for rows in found["tables"].values():
            for title, row in rows.items():
                self.assertGreater(min(row["ours"], row["theirs"], row["ratio"]), 0, title)
        self.assertIn("| redis-py, 64 tasks, uvloop |", done.stdout)

    def test_what_is_not_installed_is_listed(self):
        done = self.run_door("--packages", "cachetools", "--only", "memory", "--rivals",
                             "theine,cachetools LRU")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("| `sync.get_exact`: cachetools LRUCache |", done.stdout)
        self.assertIn("Not run: `sync.get_exact`: theine", done.stdout)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv.pop()).resolve()
    programs = pathlib.Path(sys.argv.pop()).resolve()
    [wheel] = sorted(pathlib.Path(sys.argv.pop()).resolve().glob("semantrix-*.whl"))
    unittest.main(verbosity=1)
