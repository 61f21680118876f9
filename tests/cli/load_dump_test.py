"""load and dump: JSON Lines in and out, nothing lost, nothing torn."""
import base64
import json
import os
import resource
import signal
import subprocess
import time
import unittest

import support


class LoadDumpTest(support.CommandTest):
    def setUp(self):
        super().setUp()
        self.store = ("--store", self.snapshot_url())

    def lines(self, *objects):
        return self.write("in.jsonl", "".join(
            (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in objects))

    def dumped(self):
        return {line["key"]: line for line in self.run_ok("dump", *self.store).json_lines}

    def test_round_trip_of_5000_entries(self):
        entries = {f"key {n}": f"value {n}\n\"é\"" for n in range(5000)}
        source = self.lines(*({"key": key, "value": value} for key, value in entries.items()))
        report = self.run_ok("load", source, "--json", *self.store).json
        self.assertEqual({**report, "seconds": 0},
                         {"loaded": 5000, "skipped": 0, "failed": 0, "seconds": 0})
        target = self.path("out.jsonl")
        self.assertEqual(self.run_ok("dump", target, "--json", *self.store).json["dumped"], 5000)
        with open(target) as file:
            dumped = [json.loads(line) for line in file]
        self.assertEqual({line["key"]: line["value"] for line in dumped}, entries)
        self.assertEqual(dumped[0].keys(), {"key", "value", "ttl_ms", "expires_ms"})
        self.assertIsNone(dumped[0]["ttl_ms"])

    def test_human_reports(self):
        source = self.lines({"key": "a", "value": "1"})
        self.assertIn("1 loaded, 0 skipped, 0 failed", self.run_ok("load", source, *self.store).text)
        self.assertIn("1 dumped", self.run_ok("dump", self.path("o"), *self.store).text)

    def test_standard_streams(self):
        done = self.run_ok("load", "-", "--json", *self.store, stdin=b'{"key":"k","value":"v"}')
        self.assertEqual(done.json["loaded"], 1)
        self.assertEqual(self.run_ok("dump", "-", *self.store).out, self.run_ok("dump", *self.store).out)

    def test_bytes_that_are_not_utf8(self):
        key, value = b"\xff\x00", bytes(range(256))
        line = {"key_b64": base64.b64encode(key).decode(), "value_b64": base64.b64encode(value).decode()}
        self.run_ok("load", self.lines(line), *self.store)
        dumped = self.run_ok("dump", *self.store).json
        self.assertEqual((dumped["key_b64"], dumped["value_b64"]), (line["key_b64"], line["value_b64"]))

    def test_times(self):
        now = round(time.time() * 1000)
        source = self.lines({"key": "none", "value": ""},
                            {"key": "ttl", "value": "", "ttl_ms": 50_000},
                            {"key": "absolute", "value": "", "ttl_ms": 1, "expires_ms": now + 90_000},
                            {"key": "over", "value": "", "ttl_ms": 60_000, "expires_ms": now - 1},
                            {"key": "null", "value": "", "ttl_ms": None, "expires_ms": None})
        report = self.run_ok("load", source, "--json", *self.store).json
        self.assertEqual((report["loaded"], report["skipped"], report["failed"]), (4, 1, 0))
        dumped = self.dumped()
        self.assertEqual(dumped.keys(), {"none", "ttl", "absolute", "null"})
        self.assertIsNone(dumped["none"]["expires_ms"])
        self.assertTrue(0 < dumped["ttl"]["ttl_ms"] <= 50_000)
        self.assertAlmostEqual(dumped["absolute"]["expires_ms"], now + 90_000, delta=1500)

    def test_ttl_option_is_for_entries_that_name_none(self):
        source = self.lines({"key": "own", "value": "", "ttl_ms": 5_000_000},
                            {"key": "given", "value": ""})
        self.run_ok("load", source, "--ttl", "10s", *self.store)
        dumped = self.dumped()
        self.assertGreater(dumped["own"]["ttl_ms"], 4_000_000)
        self.assertLessEqual(dumped["given"]["ttl_ms"], 10_000)

    def test_tags_survive(self):
        self.run_ok("load", self.lines({"key": "a", "value": "1", "tags": ["x", "y"]}), *self.store)
        self.assertEqual(sorted(self.dumped()["a"]["tags"]), ["x", "y"])

    def test_last_line_of_a_key_wins(self):
        source = self.lines({"key": "k", "value": "1"}, {"key": "k", "value": "2", "tags": ["t"]},
                            {"key": "k", "value": "3"})
        self.run_ok("load", source, *self.store)
        self.assertEqual(self.run_ok("get", "k", *self.store).out, b"3")

    def test_broken_lines_are_named_and_the_rest_is_loaded(self):
        source = self.lines({"key": "a", "value": "1"}, "no json", "", "[1]", {"value": "1"},
                            {"key": "", "value": "1"}, {"key": "k"}, {"key": 1, "value": "1"},
                            {"key": "k", "value": "1", "ttl_ms": 0},
                            {"key": "k", "value": "1", "ttl_ms": -5},
                            {"key": "k", "value": "1", "ttl_ms": "x"},
                            {"key": "k", "value": "1", "ttl_ms": 1e300},
                            {"key_b64": "!!", "value": "1"}, {"key": "b", "value": "2"})
        done = self.run_status(5, "load", source, "--json", *self.store)
        report = done.json
        self.assertEqual((report["loaded"], report["skipped"], report["failed"]), (2, 0, 11))
        named = [line.split()[2] for line in done.err.splitlines()]
        self.assertEqual(named, ["2", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"])
        self.assertEqual(self.dumped().keys(), {"a", "b"})

    def test_many_broken_lines_are_counted(self):
        source = self.lines(*["broken"] * 500, {"key": "a", "value": "1"})
        done = self.run_status(5, "load", source, "--json", *self.store)
        self.assertEqual(len(done.err.splitlines()), 21)
        self.assertIn("480 more lines", done.err)
        self.assertEqual((done.json["loaded"], done.json["failed"]), (1, 500))

    def test_entry_too_large_for_the_cache(self):
        source = self.lines({"key": "a", "value": "x" * 100_000}, {"key": "b", "value": "1"})
        done = self.run_status(5, "load", source, "--json", "--store", "memory://?max_bytes=10k")
        self.assertEqual((done.json["loaded"], done.json["failed"]), (1, 1))
        self.assertIn("line 1", done.err)

    def test_files_that_cannot_be_read(self):
        self.refused(5, "load", self.path("absent"), *self.store, saying="absent")
        self.refused(5, "load", str(self.folder), *self.store, saying="directory")

    def test_dump_of_nothing(self):
        self.assertEqual(self.run_ok("dump", *self.store).out, b"")
        self.run_ok("dump", self.path("empty"), *self.store)
        self.assertEqual(os.path.getsize(self.path("empty")), 0)

    def test_dump_keeps_mode_and_link_of_its_target(self):
        target = self.write("target.jsonl", "old")
        os.chmod(target, 0o640)
        os.symlink(target, self.path("link"))
        self.run_ok("add", "a", "1", *self.store)
        self.run_ok("dump", self.path("link"), *self.store)
        self.assertTrue(os.path.islink(self.path("link")))
        self.assertEqual(os.stat(target).st_mode & 0o777, 0o640)
        self.assertIn('"a"', (self.folder / "target.jsonl").read_text())

    def test_dump_on_a_full_disk_keeps_the_older_file(self):
        self.run_ok("add", "big", "-", *self.store, stdin=b"x" * 1_000_000)
        target = self.write("dump.jsonl", "older\n")

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        done = self.run_status(5, "dump", target, *self.store, preexec_fn=limit)
        self.assertIn("dump.jsonl", done.err)
        self.assertEqual((self.folder / "dump.jsonl").read_text(), "older\n")
        self.assertEqual([name for name in os.listdir(self.folder) if name.endswith(".tmp")], [])

    def test_dump_to_what_is_no_file(self):
        self.run_ok("add", "a", "1", *self.store)
        self.run_ok("dump", "/dev/null", *self.store)
        self.refused(5, "dump", "/dev/full", *self.store, saying="/dev/full")
        self.refused(5, "dump", self.path("no/such/folder"), *self.store, saying="no/such/folder")

    def test_interrupted_load_ends_in_order(self):
        loader = subprocess.Popen([support.binary(), "load", "-", *self.store], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        lock = self.folder / "cache.smx.lock"
        give_up = time.monotonic() + 30
        while not lock.exists():
            self.assertLess(time.monotonic(), give_up)
        loader.stdin.write(b'{"key":"k","value":"v"}\n')
        loader.stdin.flush()
        loader.send_signal(signal.SIGINT)
        self.assertEqual(loader.wait(timeout=60), 130)
        loader.stdin.close()
        self.assertEqual(loader.stderr.read(), b"")
        loader.stdout.close(), loader.stderr.close()
        self.run_ok("size", *self.store)


if __name__ == "__main__":
    support.main()
