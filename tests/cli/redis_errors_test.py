"""A server that is not there, is not trusted, or does not let us in: exit status and sentence."""
import unittest

import redis_support
import support
from redis_support import free_port, url, variable

WRONG = "wrong-hunter2"


class RedisErrorsTest(support.CommandTest):
    def fails(self, status, code, store, *command, saying=""):
        """One sentence, the same as JSON, and no password in either. Of several codes, any."""
        command = command or ("get", "k")
        done = self.refused(status, *command, "--json", "--store", store, saying=saying)
        error = done.json_lines[-1]
        self.assertEqual(list(error), ["error", "code", "remedy"])
        self.assertIn(error["code"], {code} if isinstance(code, str) else code)
        if error["code"] != "connection_lost":
            self.assertTrue(error["remedy"], error)
        self.assertIn(error["error"], done.err)
        for secret in {WRONG, *self.passwords()}:
            self.assertNotIn(secret, done.err + done.text)

    def passwords(self):
        return [variable("redis_password", "PASSWORD"), variable("redis_acl", "PASSWORD")]

    def test_refused(self):
        port = free_port()
        self.fails(3, "connect_failed", f"redis://127.0.0.1:{port}", saying=f"127.0.0.1:{port}")
        self.fails(3, "connect_failed", f"redis://ann:{WRONG}@127.0.0.1:{port}", "add", "k", "v")

    def test_unresolved(self):
        self.fails(3, "resolve_failed", f"redis://:{WRONG}@no-such-host.invalid",
                   saying="no-such-host.invalid")

    def test_every_command_says_so(self):
        gone = f"redis://127.0.0.1:{free_port()}"
        for command in [("add", "k", "v"), ("get", "k"), ("get", "a", "b"), ("delete", "k"), ("keys",),
                        ("size",), ("clear", "--yes"), ("dump",)]:
            with self.subTest(command=command):
                done = self.run_status(3, *command, "--store", gone)
                self.assertEqual(done.out.replace(b'{"key":"a","value":null}\n', b"")
                                 .replace(b'{"key":"b","value":null}\n', b""), b"")
                self.assertIn("Connection refused", done.err)

    def test_wrong_password(self):
        self.fails(4, "authentication_failed", url("redis_password", password=WRONG))
        self.fails(4, "authentication_failed", url("redis_acl", password=WRONG))

    def test_no_password(self):
        self.fails(4, "authentication_failed",
                   f"redis://{variable('redis_password', 'ENDPOINT')}")

    def test_no_permission(self):
        other = url("redis_acl", key_prefix="other:")
        self.fails(4, "permission_denied", other)
        self.fails(4, "permission_denied", other, "add", "k", "v")
        self.fails(4, "permission_denied", other, "delete", "k")

    def test_untrusted_certificates(self):
        self.fails(3, "tls_failed", url("redis_tls", ssl_ca_certs=None), saying="authority")
        self.fails(3, "tls_failed", url("redis_tls_unknown_ca"), saying="authority")
        self.fails(3, "tls_failed", url("redis_tls_other_name"), saying="not for")
        self.fails(3, "tls_failed", url("redis_tls_expired"), saying="expired")
        self.fails(3, "tls_failed", url("redis_tls_unknown_ca", ssl_verification="chain_only"),
                   saying="authority")

    def test_a_client_certificate_is_asked_for(self):
        # The end of the connection may overtake the server's reason.
        self.fails(3, {"tls_failed", "connection_lost"}, url("redis_mtls"))

    def test_tls_to_a_port_without(self):
        # Redis takes the handshake for the beginning of a line, and waits for its end.
        self.fails(3, "timeout", url("redis", scheme="rediss"))

    def test_no_tls_to_a_port_with(self):
        done = self.run_status(3, "get", "k", "--store", f"redis://{variable('redis_tls', 'ENDPOINT')}")
        self.assertTrue(done.err)

    def test_files_that_are_missing(self):
        self.fails(2, "invalid_argument", url("redis_tls", ssl_ca_certs="/no/such/ca.pem"),
                   saying="/no/such/ca.pem")

    def test_a_database_that_is_missing(self):
        self.fails(2, "invalid_argument", url("redis") + "/9999")

    def test_bad_urls(self):
        for text, saying in [("redis://", "names no host"), ("redis://h:x", "port"),
                             ("redis://h/x", "database"), ("redis://h?ssl=hm", "ssl"),
                             ("redis://h?key_prefx=a", "key_prefix"),
                             ("redis://h?use_redis=false", "use_redis"),
                             (f"redis://ann:{WRONG}@a,b", "one host")]:
            with self.subTest(url=text):
                done = self.refused(2, "size", "--store", text, saying=saying)
                self.assertNotIn(WRONG, done.err)

    def test_on_error_miss(self):
        gone = f"redis://127.0.0.1:{free_port()}?on_error=miss"
        self.run_status(1, "get", "k", "--store", gone, silent=True)
        self.run_ok("add", "k", "v", "--store", gone)


class SilentServerTest(redis_support.RedisCommandTest):
    def test_timeout_bounds_a_call(self):
        store = f"redis://{self.silent_server()}?connect_timeout=1h&read_timeout=1h"
        self.refused(3, "--timeout", "200ms", "get", "k", "--store", store, saying="check")

    def test_connect_timeout(self):
        store = f"redis://{self.silent_server()}?connect_timeout=100ms&retry_attempts=0"
        self.refused(3, "get", "k", "--store", store, saying="check")

    def test_a_server_that_stops(self):
        self.addCleanup(self.order, "resume", "redis")
        self.order("pause", "redis")
        self.refused(3, "--timeout", "200ms", "get", "k", *self.store, saying="check")


if __name__ == "__main__":
    support.main()
