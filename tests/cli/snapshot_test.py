"""memory://?snapshot=PATH across processes: what was there is never lost, whatever goes wrong."""
import json
import os
import resource
import subprocess
import time
import unittest

import support

MAGIC = b"\xf5SMXSNAP"


class SnapshotTest(support.CommandTest):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "cache.smx"
        self.store = ("--store", self.snapshot_url())

    def leftovers(self):
        """Files beside the snapshot."""
        return sorted(path.name for path in self.folder.iterdir() if path != self.file)

    def test_a_second_process_reads_what_the_first_added(self):
        self.run_ok(*self.store, "add", "k", "v")
        self.assertEqual(self.run_ok(*self.store, "get", "k").out, b"v")
        self.assertEqual(self.leftovers(), [])

    def test_ttl_outlives_the_process_and_expires(self):
        start = time.monotonic()
        self.run_ok(*self.store, "add", "k", "v", "--ttl", "2s")
        self.assertEqual(self.run_ok(*self.store, "get", "k").out, b"v")
        while self.run_raw(*self.store, "get", "k").status == 0:
            self.assertLess(time.monotonic() - start, 30)
        self.assertGreaterEqual(time.monotonic() - start, 1.9)
        self.run_status(1, *self.store, "get", "k", silent=True)
        self.assertEqual(self.run_ok(*self.store, "size").out, b"0\n")

    def test_entries_of_every_kind(self):
        lines = [{"key": "plain", "value": "v"}, {"key": "leaf", "value": "é" * 5000},
                 {"key_b64": "//8=", "value_b64": "AAEC"}, {"key": "empty", "value": ""},
                 {"key": "ttl", "value": "v", "ttl_ms": 3_600_000}]
        log = self.write("in.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        self.run_ok(*self.store, "load", log)
        dumped = {line.get("key", line.get("key_b64")): line
                  for line in self.run_ok(*self.store, "dump").json_lines}
        self.assertEqual(len(dumped), 5)
        self.assertEqual(dumped["leaf"]["value"], "é" * 5000)
        self.assertEqual(dumped["//8="]["value_b64"], "AAEC")
        self.assertLessEqual(dumped["ttl"]["ttl_ms"], 3_600_000)

    def damaged(self, content):
        """After `content` took the snapshot's place: the command works on an empty cache, says so,
        keeps the bytes, exits 5."""
        self.file.write_bytes(content)
        done = self.run_status(5, *self.store, "get", "k", "--json")
        self.assertEqual(done.json, {"key": "k", "value": None})
        self.assertEqual(len(done.err.splitlines()), 1, done.err)
        self.assertIn(".corrupt", done.err)
        self.assertEqual((self.folder / "cache.smx.corrupt").read_bytes(), content)
        self.run_status(1, *self.store, "get", "k", silent=True)

    def test_damaged(self):
        self.run_ok(*self.store, "add", "k", "v" * 1000)
        whole = self.file.read_bytes()
        self.assertTrue(whole.startswith(MAGIC))
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 1
        for content in [whole[:-1], whole[:len(whole) // 2], whole[:4], b"", bytes(flipped),
                        b"something else entirely", whole + b"x"]:
            with self.subTest(size=len(content)):
                self.damaged(content)

    def test_damaged_add_works_on_the_empty_cache_and_exits_5(self):
        self.file.write_bytes(b"garbage")
        self.run_status(5, *self.store, "add", "k", "v")
        self.assertEqual(self.run_ok(*self.store, "get", "k").out, b"v")
        self.assertEqual((self.folder / "cache.smx.corrupt").read_bytes(), b"garbage")

    def test_damaged_store_does_not_replace_an_older_dump(self):
        self.file.write_bytes(b"garbage")
        dump = self.write("dump.jsonl", '{"key":"k","value":"v"}\n')
        done = self.run_status(5, *self.store, "dump", dump)
        self.assertIn("left as it is", done.err)
        self.assertEqual((self.folder / "dump.jsonl").read_text(), '{"key":"k","value":"v"}\n')

    def test_newer_version_is_left_alone(self):
        self.run_ok(*self.store, "add", "k", "v")
        newer = bytearray(self.file.read_bytes())
        newer[len(MAGIC)] = 99
        self.file.write_bytes(bytes(newer))
        done = self.refused(5, *self.store, "get", "k", "--json", saying="version 99")
        self.assertEqual(done.json["code"], "unsupported_version")
        self.refused(5, *self.store, "add", "k", "other", saying="version 99")
        self.assertEqual(self.file.read_bytes(), bytes(newer))

    def test_unreadable(self):
        self.file.mkdir()  # also root cannot read a directory as a file
        self.refused(5, *self.store, "get", "k", saying="directory")
        self.assertTrue(self.file.is_dir())

    def test_folder_that_is_not_there(self):
        url = f"memory://?snapshot={self.path('missing/cache.smx')}"
        self.refused(5, "--store", url, "add", "k", "v", saying="missing/cache.smx")

    def test_second_process_is_told(self):
        read_end, write_end = os.pipe()
        # `load` holds the store open while it waits for its input.
        holder = subprocess.Popen([support.binary(), *self.store, "load", "-"], stdin=read_end,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            os.close(read_end)
            lock = self.folder / "cache.smx.lock"
            give_up = time.monotonic() + 30
            while not lock.exists():
                self.assertLess(time.monotonic(), give_up)
            while (done := self.run_raw(*self.store, "get", "k", "--json")).status == 1:
                self.assertLess(time.monotonic(), give_up)  # came before the lock was taken
            self.assertEqual(done.status, 5)
            self.assertEqual(done.json["code"], "busy")
            os.write(write_end, b'{"key":"k","value":"held"}\n')
        finally:
            os.close(write_end)
            out, err = holder.communicate(timeout=60)
        self.assertEqual((holder.returncode, err), (0, b""))
        self.assertEqual(self.run_ok(*self.store, "get", "k").out, b"held")

    def test_full_disk_keeps_the_older_snapshot(self):
        self.run_ok(*self.store, "add", "k", "v")
        before = self.file.read_bytes()

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        done = self.refused(5, *self.store, "add", "big", "-", saying="cache.smx",
                            stdin=os.urandom(1 << 20), preexec_fn=limit)
        self.assertEqual(done.out, b"")
        self.assertEqual(self.file.read_bytes(), before)
        self.assertEqual(self.leftovers(), [])
        self.assertEqual(self.run_ok(*self.store, "get", "k").out, b"v")

    def filled(self, count=10):
        lines = "".join(json.dumps({"key": f"k{i}", "value": "v"}) + "\n" for i in range(count))
        self.run_ok(*self.store, "load", self.write("fill.jsonl", lines))
        (self.folder / "fill.jsonl").unlink()
        return self.file.read_bytes()

    def test_more_than_fits_is_kept_and_counted(self):
        larger = self.filled()
        smaller = ("--store", self.snapshot_url(max_size=3))
        done = self.run_status(0, *smaller, "size")
        self.assertEqual(done.out, b"3\n")
        self.assertEqual(len(done.err.splitlines()), 1, done.err)
        for words in ["10 entries", "7 find no room", "max_size", "cache.smx.bak"]:
            self.assertIn(words, done.err)
        self.assertEqual(self.file.read_bytes(), larger)
        self.run_status(0, *smaller, "add", "new", "v")
        self.assertEqual(self.leftovers(), ["cache.smx.bak"])
        self.assertEqual((self.folder / "cache.smx.bak").read_bytes(), larger)
        self.assertEqual(self.run_ok(*smaller, "get", "new").out, b"v")

    def test_more_than_fits_is_a_warning_of_doctor(self):
        larger = self.filled()
        found = self.run_ok("doctor", "--json", self.snapshot_url(max_size=3)).json_lines
        [snapshot] = [finding for finding in found if finding["check"] == "snapshot"]
        self.assertEqual(snapshot["status"], "warning")
        self.assertIn("7 find no room", snapshot["cause"])
        self.assertIn("max_size", snapshot["remedy"])
        self.assertEqual(self.file.read_bytes(), larger)

    def test_part_of_a_snapshot_does_not_replace_a_whole_dump(self):
        self.filled()
        dump = self.path("dump.jsonl")
        self.run_ok(*self.store, "dump", dump)
        done = self.run_status(5, "--store", self.snapshot_url(max_size=3), "dump", dump)
        self.assertIn("left as it is", done.err)
        self.assertEqual(len((self.folder / "dump.jsonl").read_text().splitlines()), 10)

    def test_what_only_reads_does_not_write(self):
        self.filled()
        before = self.file.stat()
        for command in [("get", "missing"), ("size",), ("keys",), ("stats",), ("dump",),
                        ("delete", "missing"), ("doctor", self.store[1])]:
            self.run_raw(*self.store, *command)
            after = self.file.stat()
            self.assertEqual((after.st_ino, after.st_mtime_ns), (before.st_ino, before.st_mtime_ns),
                             command)

    def test_read_only_folder(self):
        before = self.filled()
        self.addCleanup(self.folder.chmod, 0o700)
        self.file.chmod(0o444)
        self.folder.chmod(0o555)
        inode = self.file.stat().st_ino
        self.assertEqual(self.run_ok(*self.store, "get", "k1").out, b"v")
        self.assertEqual((self.file.stat().st_ino, self.file.read_bytes()), (inode, before))

    def test_policies_evict_by_definition(self):
        for policy, survivor in [("lru", "a"), ("lfu", "a"), ("fifo", "b")]:
            with self.subTest(policy=policy):
                url = self.snapshot_url(f"{policy}.smx", max_size=3, eviction_policy=policy)
                for key in "abc":
                    self.run_ok("--store", url, "add", key, key)
                self.run_ok("--store", url, "get", "a")
                self.run_ok("--store", url, "add", "d", "d")
                keys = self.run_ok("--store", url, "keys").text.split()
                self.assertEqual(len(keys), 3)
                self.assertIn(survivor, keys)
                self.assertNotIn("b" if survivor == "a" else "a", keys)


if __name__ == "__main__":
    support.main()
