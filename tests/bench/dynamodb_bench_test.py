"""Runs bench/dynamodb.py for a moment and reads what it prints.

  dynamodb_bench_test.py FOLDER      of the programs that were built
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

DOOR = pathlib.Path(__file__).resolve().parents[2] / "bench" / "dynamodb.py"
folder = ""


class DynamoDBBench(unittest.TestCase):
    def run_door(self, *arguments, status=0):
        done = subprocess.run(
            [sys.executable, "-B", str(DOOR), "--programs", folder, "--pairs", "1", "--seconds",
             "0.02", *arguments],
            capture_output=True, text=True, check=False, timeout=90)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def test_every_row_is_measured(self):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            tables = self.run_door("--callers", "1,8", "--json", file.name).stdout
            report = json.loads(pathlib.Path(file.name).read_text(encoding="utf-8"))
        self.assertEqual([(row["callers"], row["value_bytes"]) for row in report["rows"]],
                         [(1, 1024), (8, 1024), (1, 102400), (8, 102400)])
        for row in report["rows"]:
            for result in row["results"]["semantrix"]:
                self.assertEqual(result["checksum"], result["ops"] * row["value_bytes"])
                self.assertGreater(result["cpu_ns_per_op"], 0)
        self.assertIn("CPU a get, of boto3", tables)
        self.assertIn(report["bar"]["verdict"], {"held", "short", "not measured"})

    def test_a_program_that_is_not_there(self):
        done = self.run_door("--programs", "/absent", status=1)
        self.assertIn("/absent/fixed_reply_server", done.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv.pop()
    unittest.main(verbosity=1)
