"""`doctor` on real servers: each step that is in order, and the one that is not."""
import contextlib
import shutil
import socket
import subprocess
import threading
import unittest

import redis_support
import support
from redis_support import free_port, url, variable

WAY = ["url", "resolve", "connect", "tls", "authenticate"]
VERBS = ["write", "read", "latency", "expiry", "delete", "permissions"]
WRONG = "wrong-hunter2"


class Pretender:
    """A server in front of a form's server, which says one thing where that one says another of the
    same length."""

    def __init__(self, form, says, instead_of):
        self.says, self.instead_of = says.encode(), instead_of.encode()
        host, port = variable(form, "ENDPOINT").rsplit(":", 1)
        self.server = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.server)
            for way in [(client, server), (server, client)]:
                threading.Thread(target=self.relay, args=way, daemon=True).start()

    def relay(self, source, target):
        held = b""
        with contextlib.suppress(OSError), source:
            while data := source.recv(65536):
                data = (held + data).replace(self.instead_of, self.says)
                begun = [n for n in range(1, len(self.instead_of))
                         if data.endswith(self.instead_of[:n])]
                cut = len(data) - max(begun, default=0)
                held = data[cut:]
                target.sendall(data[:cut])
            target.sendall(held)
            target.shutdown(socket.SHUT_WR)


class RedisDoctorTest(redis_support.RedisCommandTest):
    def findings(self, status, store, *options):
        done = self.run_status(status, "doctor", "--json", *options, store, silent=True)
        for line in done.json_lines:
            fields = ["check", "status", "cause", "remedy"]
            fields += ["probes", "p50_us", "p99_us"] if line["check"] == "latency" else []
            self.assertEqual(list(line), fields)
            self.assertTrue(line["cause"], line)
            if line["status"] != "ok":
                self.assertTrue(line["remedy"] or "did you mean" in line["cause"], line)
        for secret in [WRONG, variable("redis_password", "PASSWORD"), variable("redis_acl", "PASSWORD")]:
            self.assertNotIn(secret, done.text)
        return done.json_lines

    def healthy(self, store):
        """All is well but perhaps the settings."""
        found = self.findings(0, store)
        bad = [line for line in found if line["status"] != "ok" and line["check"] != "settings"]
        self.assertEqual(bad, [])
        checks = list(dict.fromkeys(line["check"] for line in found))
        self.assertEqual(checks, [*WAY, "server", *VERBS, "settings", "close"])
        return {line["check"]: line for line in found}

    def stops_at(self, status, check, store, *, saying=""):
        """What precedes the check is in order, the check is not, and nothing is tried after it."""
        found = self.findings(status, store)
        checks = [line["check"] for line in found if line["check"] != "close"]
        self.assertEqual(checks[-1], check)
        self.assertEqual(checks[:-1], WAY[:len(checks) - 1])
        failed = [line for line in found if line["status"] == "failed"]
        self.assertEqual([line["check"] for line in failed], [check])
        self.assertIn(saying, failed[0]["cause"] + failed[0]["remedy"])
        return failed[0]

    def configure(self, name, value):
        before = self.redis_cli("CONFIG", "GET", name).split("\n")[-1]
        self.addCleanup(self.redis_cli, "CONFIG", "SET", name, before)
        self.redis_cli("CONFIG", "SET", name, value)

    def settings(self, status=0, **options):
        """The causes of the warnings about settings."""
        return [line["cause"] for line in self.findings(status, url("redis", **options))
                if line["check"] == "settings" and line["status"] == "warning"]

    def test_a_good_server(self):
        found = self.healthy(url("redis"))
        self.assertRegex(found["server"]["cause"], r"^(redis|valkey) \d+\.\d+")
        latency = found["latency"]
        self.assertGreaterEqual(latency["probes"], 1)
        self.assertLess(0, latency["p50_us"])
        self.assertLessEqual(latency["p50_us"], latency["p99_us"])
        self.assertEqual(self.redis_cli("DBSIZE"), "0")

    def test_guarded_servers(self):
        for form, options in [("redis_password", {}), ("redis_acl", {}), ("redis_tls", {}),
                              ("redis_mtls", {"ssl_certificate": variable("redis_mtls", "CERTIFICATE"),
                                              "ssl_private_key": variable("redis_mtls", "KEY")})]:
            with self.subTest(form=form):
                self.healthy(url(form, **options))

    def test_layers_are_left_out(self):
        gone = f"redis://127.0.0.1:{free_port()}?fail_open=true&near_cache=10"
        self.stops_at(3, "connect", gone, saying="refused")
        self.stops_at(2, "url", "redis://h?near_cache_ttl=1s", saying="add near_cache")
        self.healthy(url("redis", near_cache="10", single_flight="true"))

    def test_what_is_probed_stays_within_the_prefix(self):
        self.redis_cli("SET", "other", "kept")
        self.healthy(url("redis", key_prefix="app:"))
        self.assertEqual(self.redis_cli("KEYS", "*"), "other")

    def test_url(self):
        self.stops_at(2, "url", "redis://h?read_timout=1", saying="read_timeout")
        self.stops_at(2, "url", f"redis://ann:{WRONG}@", saying="host")

    def test_resolve(self):
        self.stops_at(3, "resolve", f"redis://:{WRONG}@no-such-host.invalid", saying="does not resolve")

    def test_connect(self):
        self.stops_at(3, "connect", f"redis://127.0.0.1:{free_port()}", saying="refused")
        self.stops_at(3, "connect", f"redis://{self.silent_server()}?connect_timeout=100ms&retry_attempts=0")

    def test_an_outage_is_no_miss_to_the_doctor(self):
        self.stops_at(3, "connect", f"redis://127.0.0.1:{free_port()}?on_error=miss")

    def test_tls(self):
        self.stops_at(3, "tls", url("redis_tls_unknown_ca"), saying="authority")
        self.stops_at(3, "tls", url("redis_tls_other_name"), saying="not for")
        self.stops_at(3, "tls", url("redis_tls_expired"), saying="expired")
        self.stops_at(3, "tls", url("redis_mtls"), saying="certificate")
        self.stops_at(3, "tls", url("redis", scheme="rediss"))

    def test_certificate_files(self):
        found = self.findings(2, url("redis_tls", ssl_ca_certs="/no/such/ca.pem"))
        self.assertEqual([(line["check"], line["status"]) for line in found],
                         [("url", "ok"), ("tls", "failed")])
        self.assertIn("/no/such/ca.pem", found[1]["cause"])

    def test_chain_only_is_warned_of(self):
        found = self.findings(0, url("redis_tls_other_name", ssl_verification="chain_only"))
        warned = [line for line in found if line["check"] == "tls"]
        self.assertEqual([line["status"] for line in warned], ["warning"])

    def test_authenticate(self):
        self.stops_at(4, "authenticate", url("redis_password", password=WRONG))
        self.stops_at(4, "authenticate", url("redis_acl", password=WRONG))
        self.stops_at(4, "authenticate", f"redis://{variable('redis_password', 'ENDPOINT')}")

    def test_permissions(self):
        found = self.findings(4, url("redis_acl", key_prefix="other:"))
        failed = [line for line in found if line["status"] == "failed"]
        self.assertEqual([line["check"] for line in failed], ["permissions"])

    def test_memory_settings(self):
        self.configure("maxmemory", "100mb")
        self.configure("maxmemory-policy", "allkeys-lru")
        self.assertEqual(self.settings(), [])
        self.configure("maxmemory-policy", "noeviction")
        self.assertRegex(" ".join(self.settings()), "noeviction")
        self.configure("maxmemory-policy", "volatile-lru")
        self.assertRegex(" ".join(self.settings()), "volatile-lru")
        self.assertEqual(self.settings(default_ttl="1h"), [])
        self.configure("maxmemory-policy", "allkeys-lru")
        self.configure("maxmemory", "0")
        self.assertRegex(" ".join(self.settings()), "maxmemory is 0")

    def test_a_read_only_replica(self):
        self.redis_cli("REPLICAOF", "127.0.0.1", str(free_port()))
        self.addCleanup(self.redis_cli, "REPLICAOF", "NO", "ONE")
        self.redis_cli("CONFIG", "SET", "replica-serve-stale-data", "yes")
        found = self.findings(3, url("redis"))
        failed = {line["check"]: line["cause"] for line in found if line["status"] == "failed"}
        self.assertIn("replica", failed["server"])
        self.assertIn("write", failed)

    def test_an_old_server(self):
        version = self.redis_cli("INFO", "server").split("redis_version:")[1].split()[0]
        old = "5" + version[1:]
        store = Pretender("redis", says=f"redis_version:{old}", instead_of=f"redis_version:{version}")
        self.addCleanup(store.listener.close)
        warnings = self.settings(endpoint=store.endpoint)
        self.assertRegex(" ".join(warnings), f"version {old} is old")
        self.assertNotIn("is old", " ".join(self.settings()))

    def test_settings_that_the_user_may_not_ask_for(self):
        self.redis_cli("ACL", "SETUSER", "limited", "on", ">hunter2", "~*", "&*", "+@all", "-info")
        self.addCleanup(self.redis_cli, "ACL", "DELUSER", "limited")
        found = self.findings(0, url("redis", user="limited", password="hunter2"))
        warned = [line for line in found if line["status"] == "warning"]
        self.assertEqual([line["check"] for line in warned], ["settings"])
        self.assertIn("may not ask", warned[0]["cause"])
        self.assertIn("+info", warned[0]["remedy"])

    def lone_cluster_node(self):
        """The endpoint of a node that no other has met and that has no slots; and its redis-cli."""
        port = str(free_port())
        node = subprocess.Popen(
            [shutil.which("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "",
             "--cluster-enabled", "yes", "--cluster-port", str(free_port()), "--dir", self.path("")],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(node.stdout.close)
        self.addCleanup(node.wait)
        self.addCleanup(node.kill)
        self.assertTrue(any("Ready to accept" in line for line in node.stdout), "it did not start")

        def cli(*words):
            subprocess.run([shutil.which("redis-cli"), "-p", port, *words], check=True, timeout=30,
                           stdout=subprocess.PIPE)
        return f"127.0.0.1:{port}", cli

    def test_a_cluster_that_is_down(self):
        endpoint, cli = self.lone_cluster_node()
        without_slots = self.stops_at(3, "server", f"redis://{endpoint}", saying="slot")
        self.assertIn("redis-cli --cluster", without_slots["remedy"])
        cli("CLUSTER", "ADDSLOTSRANGE", "0", "99")
        found = self.findings(3, f"redis://{endpoint}")
        down = [line for line in found if line["check"] == "server" and line["status"] == "failed"]
        self.assertEqual([line["cause"] for line in down], ["the cluster is down: its state is fail"])
        self.assertIn("redis-cli --cluster check", down[0]["remedy"])

    def test_timeout_bounds_all_of_it(self):
        # The URL's deadline outranks that of the option, which then bounds the whole alone.
        store = f"redis://{self.silent_server()}?connect_timeout=1h&read_timeout=1h&deadline=1h"
        found = self.findings(3, store, "--timeout", "300ms")
        self.assertEqual((found[-1]["check"], found[-1]["status"]), ("timeout", "failed"))

    def test_human_report(self):
        text = self.run_ok("doctor", url("redis")).text
        self.assertIn("ok       authenticate", text)


if __name__ == "__main__":
    support.main()
