"""migrate: between real stores, interrupted, resumed, verified."""
import json
import os
import subprocess
import time
import unittest

import redis_support
import support
from redis_support import url, variable


class MigrateTest(redis_support.RedisCommandTest):
    def setUp(self):
        super().setUp()
        self.source = url(self.form, key_prefix="src:")
        self.destination = url(self.form, key_prefix="dst:")

    def fill(self, count):
        lines = [json.dumps({"key": f"k{i}", "value": f"v{i}", "ttl_ms": 3_600_000}) + "\n"
                 for i in range(count)]
        self.run_ok("load", self.write("in.jsonl", "".join(lines)), "--store", self.source)

    def test_copies_values_and_ttls(self):
        self.fill(1000)
        self.run_ok("add", "endless", "v", "--store", self.source)
        done = self.run_ok("--json", "migrate", self.source, self.destination, "--verify").json
        self.assertEqual((done["copied"], done["verified"], done["failed"], done["differing"]),
                         (1001, 1001, 0, 0))
        self.assertEqual(self.redis_cli("GET", "dst:k7"), "v7")
        apart = int(self.redis_cli("PTTL", "src:k7")) - int(self.redis_cli("PTTL", "dst:k7"))
        self.assertLess(abs(apart), 2000)
        self.assertEqual(self.redis_cli("PTTL", "dst:endless"), "-1")

    def kill_once_copied(self, count, *command, env=None):
        """Starts a migration, and kills it when its checkpoint knows so many entries."""
        checkpoint = command[command.index("--checkpoint") + 1]
        with subprocess.Popen([support.binary(), *command],
                              env=support.environment(**(env or {}))) as process:
            end = time.monotonic() + 30
            while not os.path.exists(checkpoint) or os.path.getsize(checkpoint) < 8 * count + 30:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.01)
            process.kill()

    def test_killed_twice_on_the_way_to_another_kind_of_store(self):
        self.fill(3000)
        table = ("dynamodb://moved?region_name=us-west-2&endpoint_url=http://" +
                 variable("dynalite", "ENDPOINT"))
        login = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
                 "AWS_EC2_METADATA_DISABLED": "true"}
        checkpoint = self.path("move.checkpoint")
        command = ("migrate", self.source, table, "--checkpoint", checkpoint)
        for copied in (500, 1500):
            self.kill_once_copied(copied, *command, "--rate", "2000", env=login)
        done = self.run_ok("--json", *command, "--verify", env=login).json
        self.assertGreaterEqual(done["skipped"], 1500)
        self.assertEqual(done["skipped"] + done["copied"], 3000)
        self.assertEqual((done["verified"], done["failed"], done["differing"]), (3000, 0, 0))
        self.assertFalse(os.path.exists(checkpoint))
        self.assertEqual(self.run_ok("size", "--store", table, env=login).text.strip(), "3000")
        self.assertEqual(self.run_ok("get", "k2999", "--store", table, env=login).text, "v2999")

    def test_the_checkpoint_of_another_migration_is_refused(self):
        self.fill(10)
        other = self.write("other", "not a checkpoint at all, but somebody's file\n")
        done = self.run_status(2, "migrate", self.source, self.destination, "--checkpoint", other)
        self.assertIn("another migration", done.err)

    def test_what_exists_may_be_left_alone(self):
        self.fill(10)
        self.redis_cli("SET", "dst:k3", "mine")
        done = self.run_ok("--json", "migrate", self.source, self.destination,
                           "--if-exists", "skip").json
        self.assertEqual((done["copied"], done["skipped"]), (9, 1))
        self.assertEqual(self.redis_cli("GET", "dst:k3"), "mine")

    def test_a_dry_run_and_a_part_of_the_keys(self):
        self.fill(20)
        done = self.run_ok("--json", "migrate", self.source, self.destination, "--dry-run",
                           "--match", "k1*").json
        self.assertEqual(done["copied"], 11)
        self.assertEqual(self.redis_cli("EXISTS", "dst:k1"), "0")

    def test_from_a_snapshot_in_words(self):
        snapshot = "memory://?snapshot=" + self.path("cache.smx")
        self.fill(3)
        self.run_ok("migrate", self.source, snapshot)
        done = self.run_ok("migrate", snapshot, self.destination)
        self.assertIn("3 copied, 0 skipped, 0 expired on the way, 0 failed", done.text)

    def test_mistakes_are_named(self):
        self.run_status(2, "migrate", self.source, self.source)
        self.run_status(2, "migrate", self.source, self.destination, "--if-exists", "perhaps")
        gone = url(self.form, endpoint=f"127.0.0.1:{redis_support.free_port()}", deadline="1s")
        self.fill(3)
        self.run_status(3, "migrate", self.source, gone)


if __name__ == "__main__":
    support.main()
