"""The DynamoDB comparison runs and measures what it says: dynamodb_bench_test.py PROGRAM FOLDER"""
import json
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = pathlib.Path(sys.argv.pop())
PROGRAM = pathlib.Path(sys.argv.pop())


class DynamoDBBench(unittest.TestCase):
    def test_both_clients_are_measured(self):
        result = FOLDER / "dynamodb_bench.json"
        done = subprocess.run(
            [sys.executable, ROOT / "bench" / "dynamodb.py", "--pairs", "1", "--requests", "40",
             "--callers", "2", "--program", PROGRAM, "--build-dir", FOLDER, "--json", result],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("boto3's CPU is", done.stdout)
        (pair,) = json.loads(result.read_text(encoding="utf-8"))
        for client in ("semantrix", "boto3"):
            self.assertGreater(pair[client]["cpu_us"], 0)
            self.assertGreaterEqual(pair[client]["bytes"], 40 * 1024)


if __name__ == "__main__":
    unittest.main()
