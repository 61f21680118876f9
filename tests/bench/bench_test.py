"""Runs each built benchmark for a moment and reads what it prints.

  bench_test.py AREA NAME=PROGRAM…      AREA: hit_ratio, micro, peers or stress
"""
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import layers  # noqa: E402

WORKLOADS = ROOT / "bench" / "stress"
POLICIES = ["lru", "lfu", "fifo", "w_tinylfu", "s3fifo"]
programs = {}


def zstd_frame(content):
    """The bytes as one frame of raw blocks: no compressor is needed to write one."""
    block = 128 * 1024
    parts = [struct.pack("<IBQ", 0xFD2FB528, 0xE0, len(content))]
    for at in range(0, len(content), block):
        chunk = content[at:at + block]
        last = at + block >= len(content)
        parts += [struct.pack("<I", len(chunk) << 3 | last)[:3], chunk]
    return b"".join(parts)


class BenchTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="semantrix-bench-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_program(self, program, *arguments, status=0):
        done = subprocess.run([programs[program], *map(str, arguments)], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        self.stderr = done.stderr
        return done.stdout

    def json_lines(self, program, *arguments):
        return [json.loads(line) for line in self.run_program(program, *arguments).splitlines()]

    def workload(self, keys, requests):
        path = self.folder / "ids.u32"
        self.run_program("make_workload", WORKLOADS / "zipf.json", path, keys, 0.99, requests)
        self.assertEqual(path.stat().st_size, 4 * requests)
        return path


class Micro(BenchTest):
    def measure(self, program):
        report = json.loads(self.run_program(program, "--benchmark_min_time=0.001",
                                             "--benchmark_format=json"))
        for each in report["benchmarks"]:
            self.assertNotIn("error_occurred", each, each)
            self.assertGreater(each["real_time"], 0, each)
        return {each["name"]: each for each in report["benchmarks"]}

    def test_contract(self):
        self.assertLessEqual({"synchronous_get", "blocking_get", "awaited_get/layers:3"},
                             self.measure("contract_bench").keys())

    def test_layers(self):
        measured = layers.measure(programs["layers_bench"], 2, 0.001)
        self.assertGreater(min(measured.values()), 0)
        lines = layers.table(measured).splitlines()
        for name in ("nothing", "near_cache", "tags", "three layers", "tags, of a tagged entry"):
            self.assertEqual(sum(line.startswith(f"| {name} |") for line in lines), 1, lines)

    def test_memory(self):
        measured = self.measure("memory_bench")
        calls = ["get_hit", "get_miss", "add_new", "replace", "batch_get_100"]
        self.assertEqual(measured.keys(), {f"{call}/{policy}" for call in calls for policy in POLICIES})
        for each in measured.values():
            self.assertGreater(each["each"], 0)

    def test_parts(self):
        measured = self.measure("parts_bench")
        self.assertEqual(measured.keys(), {
            "hash_key/32", "hash_key/1024", "index_find", "sketch_add", "expiry_reschedule",
            "compress", "decompress", "glob_match/prefix", "glob_match/infix", "glob_match/set"})
        self.assertLessEqual(measured["compress"]["ratio"], 0.875)


class Stress(BenchTest):
    def test_every_workload_under_every_policy(self):
        rows = self.json_lines("stress", "--ops", 2000, "--json")
        names = {json.loads(path.read_text())["name"] for path in WORKLOADS.glob("*.json")}
        self.assertEqual({(row["workload"], row["policy"]) for row in rows},
                         {(name, policy) for name in names for policy in POLICIES})
        for row in rows:
            self.assertEqual((row["ops"], row["threads"]), (2000, 1))
            self.assertTrue(0 < row["p50_ns"] <= row["p99_ns"], row)
            self.assertGreater(row["ops_per_second"], 0)
            self.assertGreater(row["bytes_per_entry"], 32)

    def test_hits_are_counted(self):
        # A loop of one key more than the cache holds never hits under lru; one that fits misses
        # each key once.
        loop = self.folder / "loop.json"
        loop.write_text('{"name": "say \\"loop\\"", "shape": "loop", "keys": 101, "max_size": 100}')
        for capacity, ratio in ((100, 0), (101, 1 - 101 / 2020)):
            [row] = self.json_lines("stress", loop, "--policy", "lru", "--ops", 2020, "--capacity",
                                    capacity, "--json")
            self.assertEqual((row["workload"], row["size"]), ('say "loop"', capacity))
            self.assertAlmostEqual(row["hit_ratio"], ratio, places=5)

    def test_threads_and_table(self):
        table = self.run_program("stress", WORKLOADS / "zipf_scan.json", "--policy", "W-TinyLFU",
                                 "--threads", 2, "--ops", 20001, "--capacity", 100).splitlines()
        self.assertEqual(table[0], "| workload | policy | threads | ops/s | hit ratio | p50 ns "
                                   "| p99 ns | bytes an entry |")
        self.assertEqual(len(table), 3)
        self.assertTrue(table[2].startswith("| zipf_scan | w_tinylfu | 2 | "), table[2])

    def test_bad_usage(self):
        for arguments, word in ((["--policy", "mru"], "s3fifo"), (["--threads", "0"], "--threads"),
                                (["--ops", "1e3"], "--ops"), (["--ops"], "needs a value"),
                                (["--fast", "1"], "--fast"), (["absent.json"], "absent.json")):
            self.assertEqual(self.run_program("stress", *arguments, status=2), "")
            self.assertIn(word, self.stderr)
            self.assertEqual(self.stderr.count("\n"), 1, self.stderr)

    def test_a_refused_add_is_a_failure(self):
        tiny = self.folder / "tiny.json"
        tiny.write_text('{"name": "tiny", "shape": "zipf", "max_bytes": 200, "value_bytes": 256}')
        self.run_program("stress", tiny, "--policy", "fifo", "--ops", 10, status=1)
        self.assertIn("10 adds were refused", self.stderr)


class HitRatio(BenchTest):
    def test_every_policy_on_a_recorded_trace(self):
        ids = self.workload(keys=2000, requests=20000)
        (self.folder / "drawn.u32.zst").write_bytes(zstd_frame(ids.read_bytes()))
        rows = self.json_lines("hit_ratio", self.folder, "--size", 200, "--json")
        self.assertEqual({row["policy"] for row in rows}, set(POLICIES))
        for row in rows:
            self.assertEqual((row["trace"], row["size"]), ("drawn", 200))
            self.assertTrue(0.3 < row["hit_ratio"] < 0.9, row)

    def test_a_damaged_trace(self):
        (self.folder / "cut.u32.zst").write_bytes(zstd_frame(bytes(4000))[:-1])
        self.run_program("hit_ratio", self.folder, status=1)
        self.assertIn("cut.u32.zst", self.stderr)


class Peers(BenchTest):
    def harness(self, program, *arguments):
        ids = self.workload(keys=1000, requests=5000)
        [row] = self.json_lines(program, "--workload", ids, "--keys", 1000, "--capacity", 100,
                                "--value-bytes", 64, "--warmup", 1000, "--ops", 2000, *arguments)
        self.assertEqual((row["ops"], row["size"]), (2000, 100))
        self.assertEqual(row["checksum"], 64 * row["hits"])
        self.assertTrue(0 < row["hits"] < 2000, row)
        return row

    def test_mutex_lru(self):
        self.assertEqual(self.harness("mutex_lru_peer")["peer"], "mutex_lru")

    def test_semantrix(self):
        for policy in POLICIES:
            self.assertEqual(self.harness("semantrix_peer", "--policy", policy)["peer"],
                             f"semantrix_{policy}")
        self.assertEqual(self.harness("semantrix_peer", "--threads", 2)["threads"], 2)

    def test_both_are_the_same_lru(self):
        self.assertEqual(self.harness("mutex_lru_peer")["hits"],
                         self.harness("semantrix_peer", "--policy", "lru")["hits"])

    def test_memory(self):
        for program in ("mutex_lru_peer", "semantrix_peer"):
            [row] = self.json_lines(program, "--memory", 1000, "--capacity", 1000)
            self.assertEqual(row["entries"], 1000)


AREAS = {"hit_ratio": HitRatio, "micro": Micro, "peers": Peers, "stress": Stress}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in AREAS:
        sys.exit(__doc__)
    programs.update(argument.split("=", 1) for argument in sys.argv[2:])
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(AREAS[sys.argv[1]])
    sys.exit(not unittest.TextTestRunner(verbosity=1).run(suite).wasSuccessful())
