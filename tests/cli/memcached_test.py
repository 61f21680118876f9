"""Every command on entries, and the doctor, on real Memcached servers."""
import json
import os
import random
import socket
import unittest

import redis_support
import support
from redis_support import free_port, variable


def url(form="memcached", **options):
    ca = variable(form, "CA", "")
    if ca:
        options.setdefault("ssl_ca_certs", ca)
    endpoints = variable(form, "ENDPOINTS", variable(form, "ENDPOINT", ""))
    user, password = variable(form, "USER", ""), variable(form, "PASSWORD", "")
    login = f"{user}:{password}@" if password else ""
    query = "?" + "&".join(f"{name}={value}" for name, value in options.items()) if options else ""
    return f"memcached{'s' if ca else ''}://{login}{endpoints}{query}"


def talk(request, end, form="memcached"):
    host, port = variable(form, "ENDPOINT").rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as link:
        link.sendall(request)
        answer = b""
        while not answer.endswith(end):
            answer += link.recv(1 << 16) or end
        return answer


class MemcachedTest(redis_support.RedisCommandTest):
    """Every test starts on an empty server."""

    form = "memcached"

    def setUp(self):
        support.CommandTest.setUp(self)
        talk(b"flush_all\r\n", b"OK\r\n")
        self.store = ("--store", url())

    def test_what_add_stores_is_plain_to_other_clients(self):
        self.run_ok("add", "key1", "value1", *self.store)
        self.assertEqual(talk(b"get semantrix:key1\r\n", b"END\r\n"),
                         b"VALUE semantrix:key1 0 6\r\nvalue1\r\nEND\r\n")

    def test_keys_of_any_bytes_and_length(self):
        keys = ["k", "a" * 240, "b" * 250, "c" * 8192, "with spaces", "cr\r\nlf"]
        for key in keys:
            self.run_ok("add", *self.store, "--", key, "of " + key[:10])
        for key in keys:
            self.assertEqual(self.run_ok("get", key, *self.store).text, "of " + key[:10])
        listed = self.run_ok("keys", "-0", *self.store).out.split(b"\0")[:-1]
        self.assertEqual(sorted(listed), sorted(key.encode() for key in keys))
        self.assertEqual(self.run_ok("size", *self.store).text.strip(), str(len(keys)))

    def test_a_key_with_a_nul_in_a_file(self):
        self.write("in.jsonl", json.dumps({"key": "a\0b", "value": "v"}) + "\n")
        self.run_ok("load", self.path("in.jsonl"), *self.store)
        self.run_ok("dump", self.path("out.jsonl"), *self.store)
        self.assertEqual(json.loads((self.folder / "out.jsonl").read_text())["key"], "a\0b")

    def test_a_large_value(self):
        value = random.Random(3).randbytes(5_000_000)
        self.run_ok("add", "large", "-", *self.store, stdin=value)
        self.assertEqual(self.run_ok("get", "large", *self.store).out, value)
        self.assertEqual(self.run_ok("size", *self.store).text.strip(), "1")
        self.run_ok("clear", "--yes", *self.store)
        self.assertEqual(self.run_ok("size", *self.store).text.strip(), "0")

    def test_a_value_that_is_a_command(self):
        talk(b"set witness 0 0 1\r\nw\r\n", b"STORED\r\n")
        self.run_ok("add", *self.store, "--", "k" * 251, "T0\r\nflush_all\r\n")
        self.assertEqual(talk(b"get witness\r\n", b"END\r\n"), b"VALUE witness 0 1\r\nw\r\nEND\r\n")

    def test_delete_and_batches(self):
        for key in "abc":
            self.run_ok("add", key, key, *self.store)
        self.run_status(1, "get", "a", "x", "c", *self.store, silent=True)
        self.run_ok("delete", "a", *self.store)
        self.run_status(1, "delete", "a", *self.store, silent=True)

    def test_other_ways_to_the_same_server(self):
        endpoint = variable("memcached", "ENDPOINT")
        self.run_ok("add", "k", "v", *self.store)
        store = f"elasticache://{endpoint}?use_redis=false"
        self.assertEqual(self.run_ok("get", "k", "--store", store).text, "v")
        for form in ("memcached_tls", "memcached_password", "memcached_three"):
            self.run_ok("add", "k", "v", "--store", url(form))
            self.assertEqual(self.run_ok("get", "k", "--store", url(form)).text, "v")

    def test_errors(self):
        gone = f"memcached://127.0.0.1:{free_port()}"
        self.run_status(3, "get", "k", "--store", gone)
        self.run_status(1, "get", "k", "--store", gone + "?on_error=miss", silent=True)
        password = variable("memcached_password", "ENDPOINT")
        self.run_status(4, "get", "k", "--store", f"memcached://{password}")
        self.run_status(4, "get", "k", "--store", f"memcached://cache:wrong@{password}")
        tls = variable("memcached_tls", "ENDPOINT")
        self.run_status(3, "get", "k", "--store", f"memcacheds://{tls}")
        self.run_status(2, "get", "k", "--store", "memcached://h?database=1")

    def findings(self, store, status=0):
        done = self.run_raw("doctor", store, "--json")
        self.assertEqual(done.status, status, done.err)
        return {line["check"]: line for line in done.json_lines}

    def test_doctor(self):
        found = self.findings(url())
        self.assertEqual({line["status"] for line in found.values()}, {"ok"})
        for check in ("url", "resolve", "connect", "tls", "authenticate", "server", "write", "read",
                      "expiry", "delete", "permissions", "settings", "close"):
            self.assertIn(check, found)
        self.assertIn("item", found["settings"]["cause"])
        self.assertEqual(self.findings(url("memcached_tls"))["tls"]["status"], "ok")
        self.assertEqual(self.findings(url("memcached_three"))["settings"]["status"], "ok")

    def test_doctor_warns(self):
        self.addCleanup(self.order, "restart", "memcached")
        self.order("restart", "memcached", "-X", "-M")
        self.assertEqual(self.findings(url())["settings"]["status"], "warning")
        self.run_status(5, "clear", "--yes", *self.store)
        endpoint = variable("memcached", "ENDPOINT")
        found = self.findings(f"memcached://u:p@{endpoint}")
        self.assertIn("asks for none", found["settings"]["cause"])

    def test_doctor_fails(self):
        password = variable("memcached_password", "ENDPOINT")
        found = self.findings(f"memcached://{password}", status=4)
        self.assertEqual(found["authenticate"]["status"], "failed")


if __name__ == "__main__":
    if "SEMANTRIX_MEMCACHED_ENDPOINT" not in os.environ:
        raise SystemExit("run this test under tools/servers")
    support.main()
