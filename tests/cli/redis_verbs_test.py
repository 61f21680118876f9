"""Every command on entries, on a real Redis server."""
import json
import unittest

import redis_support
import support
from redis_support import url, variable


class RedisVerbsTest(redis_support.RedisCommandTest):
    def add(self, key, value, *options):
        return self.run_ok("add", *options, *self.store, "--", key, value)

    def test_what_add_stores_is_plain_to_other_clients(self):
        self.add("key1", "value1", "--ttl", "60s")
        self.assertEqual(self.redis_cli("GET", "semantrix:key1"), "value1")
        left = int(self.redis_cli("PTTL", "semantrix:key1"))
        self.assertGreater(left, 59000)
        self.assertLessEqual(left, 60000)

    def test_an_entry_without_a_ttl_does_not_expire(self):
        self.add("key1", "value1")
        self.assertEqual(self.redis_cli("PTTL", "semantrix:key1"), "-1")

    def test_default_ttl(self):
        self.run_ok("add", "k", "v", "--store", url(self.form, default_ttl="100s"))
        self.assertGreater(int(self.redis_cli("PTTL", "semantrix:k")), 90000)

    def test_get(self):
        self.redis_cli("SET", "semantrix:k", "from elsewhere")
        self.assertEqual(self.run_ok("get", "k", *self.store).out, b"from elsewhere")
        done = self.run_status(1, "get", "absent", *self.store, silent=True)
        self.assertEqual(done.out, b"")

    def test_get_several_keys(self):
        self.add("a", "1")
        self.add("c", "3")
        done = self.run_status(1, "get", "a", "b", "c", "a", *self.store, silent=True)
        self.assertEqual(done.json_lines, [{"key": "a", "value": "1"}, {"key": "b", "value": None},
                                           {"key": "c", "value": "3"}, {"key": "a", "value": "1"}])
        self.assertEqual(len(self.run_ok("get", "a", "c", *self.store).json_lines), 2)

    def test_keys_and_values_of_any_bytes(self):
        key, value = b"k\xff \r\n", b"\x00\xfe\r\n"
        self.run_ok("add", key, "-", *self.store, stdin=value)
        self.assertEqual(self.run_ok("get", key, *self.store).out, value)

    def test_a_large_value(self):
        value = bytes(range(256)) * 40960
        self.run_ok("add", "big", "-", *self.store, stdin=value)
        self.assertEqual(self.run_ok("get", "big", *self.store).out, value)
        self.assertEqual(self.redis_cli("STRLEN", "semantrix:big"), str(len(value)))

    def test_delete(self):
        self.add("a", "1")
        done = self.run_ok("delete", "a", "b", "--json", *self.store)
        self.assertEqual(done.json_lines,
                         [{"key": "a", "deleted": True}, {"key": "b", "deleted": False}])
        self.run_status(1, "delete", "a", *self.store, silent=True)
        self.assertEqual(self.redis_cli("EXISTS", "semantrix:a"), "0")

    def test_keys_and_size_stay_within_the_prefix(self):
        self.redis_cli("MSET", "other", "x", "semantrixx:1", "x", "semantrix", "x")
        for key in ["user:1", "user:2", "item:1"]:
            self.add(key, "x")
        self.assertEqual(sorted(self.run_ok("keys", *self.store).text.split()),
                         ["item:1", "user:1", "user:2"])
        self.assertEqual(sorted(self.run_ok("keys", "--match", "user:[0-9]", *self.store).text.split()),
                         ["user:1", "user:2"])
        self.assertEqual(len(self.run_ok("keys", "--limit", "2", *self.store).text.split()), 2)
        self.assertEqual(self.run_ok("size", *self.store).out, b"3\n")

    def test_clear_stays_within_the_prefix(self):
        self.redis_cli("MSET", "other", "kept", "semantrixx:1", "kept")
        self.add("a", "1")
        self.add("b", "2")
        self.refused(2, "clear", *self.store, saying="--yes")
        self.assertEqual(self.run_ok("clear", "--yes", "--json", *self.store).json, {"cleared": 2})
        self.assertEqual(self.run_ok("size", *self.store).out, b"0\n")
        self.assertEqual(self.redis_cli("GET", "other"), "kept")
        self.assertEqual(self.redis_cli("GET", "semantrixx:1"), "kept")

    def test_another_prefix_is_another_store(self):
        other = ("--store", url(self.form, key_prefix="app*["))
        self.add("k", "1")
        self.run_ok("add", "k", "2", *other)
        self.assertEqual(self.redis_cli("GET", "app*[k"), "2")
        self.run_ok("clear", "--yes", *other)
        self.assertEqual(self.run_ok("get", "k", *self.store).out, b"1")

    def test_clear_without_a_prefix_asks_for_all(self):
        everything = ("--store", url(self.form, key_prefix=""))
        self.redis_cli("SET", "other", "kept")
        self.assertEqual(self.run_ok("get", "other", *everything).out, b"kept")
        self.refused(2, "clear", "--yes", *everything, saying="key_prefix")
        self.assertEqual(self.redis_cli("GET", "other"), "kept")
        self.run_ok("clear", "--yes", "--all", *everything)
        self.assertEqual(self.redis_cli("DBSIZE"), "0")

    def test_a_database_of_its_own(self):
        second = ("--store", url(self.form) + "/2")
        self.run_ok("add", "k", "v", *second)
        self.assertEqual(self.redis_cli("-n", "2", "GET", "semantrix:k"), "v")
        self.run_status(1, "get", "k", *self.store, silent=True)

    def test_stats(self):
        stats = self.run_ok("stats", "--json", *self.store).json
        for field in ["store", "hits", "misses", "adds", "deletes", "evictions", "expirations",
                      "errors", "retries", "size"]:
            self.assertIn(field, stats)

    def test_dump_and_load(self):
        self.add("a", "1")
        self.add("b", "2", "--ttl", "1h")
        self.run_ok("add", b"\xff", "3", *self.store)
        self.assertEqual(self.run_ok("dump", self.path("out"), *self.store, "--json").json["dumped"], 3)
        self.run_ok("clear", "--yes", *self.store)
        self.assertEqual(self.run_ok("load", self.path("out"), *self.store, "--json").json["loaded"], 3)
        self.assertEqual(self.redis_cli("GET", "semantrix:a"), "1")
        self.assertEqual(self.redis_cli("PTTL", "semantrix:a"), "-1")
        self.assertGreater(int(self.redis_cli("PTTL", "semantrix:b")), 3_500_000)
        self.assertEqual(self.run_ok("get", b"\xff", *self.store).out, b"3")

    def test_from_memory_to_the_server(self):
        self.run_ok("add", "k", "v", "--store", self.snapshot_url())
        self.run_ok("dump", self.path("out"), "--store", self.snapshot_url())
        self.run_ok("load", self.path("out"), *self.store)
        self.assertEqual(self.redis_cli("GET", "semantrix:k"), "v")

    def test_replay(self):
        lines = [json.dumps({"prompt": f"q{number % 3}", "response": "a"}) for number in range(9)]
        log = self.write("log.jsonl", "\n".join(lines))
        report = self.run_ok("replay", log, "--json", *self.store).json
        self.assertEqual((report["requests"], report["hits"], report["misses"]), (9, 6, 3))

    def test_bench_tidies_up(self):
        report = self.run_ok("bench", "--keys", "50", "--seconds", "0.2", "--warmup", "0.1",
                             "--callers", "8", "--json", *self.store).json
        self.assertEqual(report["errors"], 0)
        self.assertGreater(report["ops"], 0)
        self.assertEqual(self.redis_cli("DBSIZE"), "0")

    def test_elasticache_urls(self):
        self.add("k", "v")
        found = self.run_ok("get", "k", "--store", url(self.form, scheme="elasticache", use_redis="true"))
        self.assertEqual(found.out, b"v")


class GuardedServersTest(support.CommandTest):
    """A password, a user, TLS, mutual TLS."""

    def round_trip(self, store):
        self.run_ok("add", "guarded", "v", "--ttl", "1m", "--store", store)
        self.assertEqual(self.run_ok("get", "guarded", "--store", store).out, b"v")
        self.run_ok("delete", "guarded", "--store", store)

    def test_password(self):
        self.round_trip(url("redis_password"))

    def test_password_as_an_option(self):
        endpoint = variable("redis_password", "ENDPOINT")
        self.round_trip(f"redis://{endpoint}?password={variable('redis_password', 'PASSWORD')}")

    def test_user(self):
        self.round_trip(url("redis_acl"))

    def test_tls(self):
        self.round_trip(url("redis_tls"))
        self.round_trip(url("redis_tls", scheme="elasticache", ssl="true", use_redis="true"))

    def test_mutual_tls(self):
        self.round_trip(url("redis_mtls", ssl_certificate=variable("redis_mtls", "CERTIFICATE"),
                            ssl_private_key=variable("redis_mtls", "KEY")))

    def test_a_certificate_for_another_name(self):
        self.round_trip(url("redis_tls_other_name", ssl_verification="chain_only"))


if __name__ == "__main__":
    support.main()
