"""`doctor` before everything that is commonly wrong: a table of what is wrong, the exit status, the
check that fails, and what its cause and its remedy must name."""
import concurrent.futures
import contextlib
import http.server
import json
import socket
import threading
import time
import unittest

import redis_support
import support
from redis_support import free_port, variable

LOCAL = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
         "AWS_EC2_METADATA_DISABLED": "true"}
PATIENCE = 5.0
# Beyond its own timeout a process needs some time to start and to end.
SLACK = 3.0


def redis(form, **options):
    return redis_support.url(form, **options)


def table(endpoint, name="cache", **options):
    query = "".join(f"&{key}={value}" for key, value in options.items())
    return f"dynamodb://{name}?region_name=us-west-2&endpoint_url={endpoint}{query}"


class Refusal(http.server.BaseHTTPRequestHandler):
    """A service that refuses everything with the status and the document of its server."""

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, document = self.server.refusal
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_):
        pass


class DoctorTest(support.CommandTest):
    def refusing(self, status, document):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusal)
        server.refusal = (status, document)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def blackhole(self):
        """An endpoint whose queue of connections is full: what is sent there is dropped."""
        listener = socket.socket()
        self.addCleanup(listener.close)
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            filler = socket.socket()
            self.addCleanup(filler.close)
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(listener.getsockname())
        return "127.0.0.1:%d" % listener.getsockname()[1]

    def examine(self, store, env):
        begin = time.monotonic()
        done = self.run_raw("doctor", "--json", "--timeout", f"{PATIENCE:g}s", store, env=env)
        return done, time.monotonic() - begin

    def verdict(self, done, seconds, status, check, cause, remedy):
        self.assertEqual((done.status, done.err), (status, ""), done.text)
        self.assertLess(seconds, PATIENCE + SLACK)
        failed = [line for line in done.json_lines if line["status"] == "failed"]
        self.assertTrue(failed, done.text)
        self.assertEqual(failed[0]["check"], check, failed)
        self.assertIn(cause, failed[0]["cause"])
        self.assertIn(remedy, failed[0]["remedy"])
        self.assertTrue(failed[0]["remedy"], failed)

    def judge(self, rows, env=None):
        # Most of the time they wait.
        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            outcomes = [pool.submit(self.examine, store, env) for _, store, *_ in rows]
        for outcome, (what, _, *expected) in zip(outcomes, rows):
            with self.subTest(what):
                self.verdict(*outcome.result(), *expected)

    def test_redis(self):
        self.judge([
            ("a wrong host", "redis://no-such-host.invalid", 3, "resolve", "does not resolve", "DNS"),
            ("a closed port", f"redis://127.0.0.1:{free_port()}", 3, "connect", "refused", "port"),
            ("a blackholed port", f"redis://{self.blackhole()}", 3, "connect", "no answer",
             "firewall"),
            ("plain to a TLS port", f"redis://{variable('redis_tls', 'ENDPOINT')}", 3, "tls",
             "speaks TLS", "rediss://"),
            ("TLS to a plain port", redis("redis", scheme="rediss"), 3, "tls", "", "TLS"),
            ("an unknown CA", redis("redis_tls_unknown_ca"), 3, "tls", "authority", "ssl_ca_certs"),
            ("a wrong name", redis("redis_tls_other_name"), 3, "tls", "not for", "server_name"),
            ("a wrong password", redis("redis_password", password="wrong"), 4, "authenticate", "",
             "password"),
            ("no permission to write", redis("redis_acl", key_prefix="other:"), 4, "permissions", "",
             "ACL"),
        ])

    def test_memcached(self):
        self.judge([
            ("a wrong host", "memcached://no-such-host.invalid", 3, "resolve", "does not resolve",
             "DNS"),
            ("a closed port", f"memcached://127.0.0.1:{free_port()}", 3, "connect", "refused", "port"),
            ("a blackholed port", f"memcached://{self.blackhole()}?connect_timeout=300ms", 3, "connect", "no answer",
             "firewall"),
            ("plain to a TLS port", f"memcached://{variable('memcached_tls', 'ENDPOINT')}", 3, "tls",
             "speaks TLS", "memcacheds://"),
            ("TLS to a plain port", f"memcacheds://{variable('memcached', 'ENDPOINT')}", 3, "tls", "",
             "TLS"),
            ("an unknown CA", f"memcacheds://{variable('memcached_tls', 'ENDPOINT')}", 3, "tls",
             "authority", "ssl_ca_certs"),
            ("a wrong name", redis("memcached_tls", scheme="memcacheds", server_name="cache.example"), 3,
             "tls", "not for", "server_name"),
            ("a wrong password", f"memcached://cache:wrong@{variable('memcached_password', 'ENDPOINT')}",
             4, "authenticate", "", "password"),
        ])

    def test_dynamodb(self):
        denied = self.refusing(400, {
            "__type": "com.amazon.coral.service#AccessDeniedException",
            "Message": "User: arn:aws:iam::1:user/u is not authorized to perform: dynamodb:CreateTable"})
        bad_key = self.refusing(400, {
            "__type": "com.amazon.coral.service#UnrecognizedClientException",
            "message": "The security token included in the request is invalid."})
        missing = self.refusing(400, {
            "__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
            "message": "Cannot do operations on a non-existent table"})
        self.judge([
            ("a wrong host", table("http://no-such-host.invalid"), 3, "connect", "does not resolve",
             "DNS"),
            ("a closed port", table(f"http://127.0.0.1:{free_port()}"), 3, "connect", "refused", "port"),
            ("a blackholed port", table(f"http://{self.blackhole()}", connect_timeout="300ms"), 3, "connect", "no answer",
             "firewall"),
            ("plain to a TLS port", table(f"http://{variable('redis_tls', 'ENDPOINT')}"), 3, "tls",
             "speaks TLS", "https://"),
            ("TLS to a plain port", table(f"https://{variable('dynalite', 'ENDPOINT')}"), 3, "tls", "",
             "TLS"),
            ("an unknown CA", table(f"https://{variable('redis_tls', 'ENDPOINT')}"), 3, "tls",
             "authority", "ssl_ca_certs"),
            ("a wrong name", table(f"https://{variable('redis_tls', 'ENDPOINT')}",
                                   ssl_ca_certs=variable("redis_tls", "CA"),
                                   server_name="dynamodb.example"), 3, "tls", "not for", "server_name"),
            ("a wrong key", table(bad_key), 4, "authenticate", "", "key"),
            ("no permission", table(denied), 4, "permissions", "dynamodb:CreateTable", "policy"),
            ("a missing table that may not be created", table(missing, create_if_missing="false"), 2,
             "table", "does not exist", "create_if_missing"),
        ], env=LOCAL)

    def test_memorystore(self):
        disabled = self.refusing(403, {"error": {
            "code": 403, "status": "PERMISSION_DENIED",
            "message": "Google Cloud Memorystore for Redis API has not been used in project p before "
                       "or it is disabled.",
            "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                         "reason": "SERVICE_DISABLED",
                         "metadata": {"service": "redis.googleapis.com"}}]}})
        forbidden = self.refusing(403, {"error": {
            "code": 403, "status": "PERMISSION_DENIED",
            "message": "Permission 'redis.instances.get' denied"}})

        stranger = self.refusing(401, {"error": {
            "code": 401, "status": "UNAUTHENTICATED",
            "message": "Request had invalid authentication credentials."}})

        def instance(endpoint):
            return f"memorystore://p/us-east1/i?endpoint_url={endpoint}&access_token=token"
        self.judge([
            ("a disabled API", instance(disabled), 4, "instance", "", "gcloud services enable"),
            ("no permission", instance(forbidden), 4, "instance", "redis.instances.get", "role"),
            ("a closed port", instance(f"http://127.0.0.1:{free_port()}"), 3, "instance", "refused",
             "port"),
            ("a wrong host", instance("http://no-such-host.invalid"), 3, "instance", "does not resolve",
             "DNS"),
            ("a blackholed port", instance(f"http://{self.blackhole()}"), 3, "instance",
             "no connection was made", "check that the server is up"),
            ("a refused token", instance(stranger), 4, "instance", "", "credentials"),
            ("TLS to a plain port", instance(f"https://{variable('dynalite', 'ENDPOINT')}"), 3,
             "instance", "", "TLS"),
            ("an unknown CA", instance(f"https://{variable('redis_tls', 'ENDPOINT')}"), 3, "instance",
             "authority", ""),
        ])


if __name__ == "__main__":
    support.main()
