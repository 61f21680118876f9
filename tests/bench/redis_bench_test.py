"""Runs bench/redis.py for a moment on real servers and reads what it prints.

  redis_bench_test.py FOLDER      of the harness that was built
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

DOOR = pathlib.Path(__file__).resolve().parents[2] / "bench" / "redis.py"
folder = ""


class RedisBench(unittest.TestCase):
    def run_door(self, *arguments, status=0):
        done = subprocess.run(
            [sys.executable, "-B", str(DOOR), "--programs", folder, "--pairs", "1", "--seconds",
             "0.02", "--values", "64,4096", *arguments],
            capture_output=True, text=True, check=False, timeout=90)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def test_every_row_is_measured(self):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            tables = self.run_door("--only", "redis_benchmark,redis_plus_plus", "--callers", "1,64",
                                   "--json", file.name).stdout
            report = json.loads(pathlib.Path(file.name).read_text(encoding="utf-8"))
        shapes = [(verb, callers, value_bytes, transport) for transport in ("plain", "TLS")
                  for value_bytes in (64, 4096)
                  for verb, callers in (("get", 1), ("get", 64), ("add", 64))]
        self.assertEqual([(row["verb"], row["callers"], row["value_bytes"], row["transport"])
                          for row in report["rows"]], shapes)
        for row in report["rows"]:
            self.check_row(row)
        self.assertEqual(report["not_run"].keys(), {"redis-plus-plus"})
        self.assertIn("redis-plus-plus: not run: ", tables)
        verdicts = [bar["verdict"].split()[0] for bar in report["bars"]]
        self.assertEqual(verdicts.count("not"), 1, "no pool was measured")
        self.assertLessEqual(set(verdicts), {"held", "short", "not"})

    def check_row(self, row):
        self.assertEqual(row["results"].keys(), {"semantrix", "redis_benchmark"})
        self.assertGreater(row["ratios"]["redis_benchmark"]["median"], 0)
        for results in row["results"].values():
            [result] = results
            self.assertGreaterEqual(result["ops"], row["callers"])
            self.assertGreater(result["ops_per_second"], 0)
            self.assertGreater(result["cpu_ns_per_op"], 0)
            if row["callers"] == 1:
                self.assertTrue(0 < result["p50_us"] <= result["p99_us"], result)
            else:
                self.assertIsNone(result["p50_us"])
        [ours] = row["results"]["semantrix"]
        self.assertGreater(ours["allocations_per_op"], 0)
        got = ours["ops"] * row["value_bytes"] if row["verb"] == "get" else 0
        self.assertEqual(ours["checksum"], got)

    def test_a_harness_that_is_not_there(self):
        done = self.run_door("--programs", "/absent", "--only", "none", status=1)
        self.assertIn("/absent/semantrix_redis_peer", done.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv.pop()
    unittest.main(verbosity=1)
