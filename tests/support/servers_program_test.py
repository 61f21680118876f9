"""tools/servers: every form answers as it says, and nothing is left behind."""
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "tools" / "servers"
PRINT_ALL = ("import json, os; folder = os.environ['SEMANTRIX_SERVERS'];"
             "print(json.dumps([dict(os.environ), json.load(open(folder + '/servers.json'))]),"
             " flush=True)")
PATIENCE = 30


def call(*arguments, **settings):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=PATIENCE,
                          check=False, **settings)


def gone(pid):
    """Nothing runs under that id; what only awaits its parent does not run."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state.split()[0] == "Z"


class Servers(unittest.TestCase):
    def begin(self, *forms):
        """A run whose command waits for its standard input to end."""
        process = subprocess.Popen(
            [PROGRAM, "run", *forms, "--", sys.executable, "-c",
             f"import signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); {PRINT_ALL};"
             "sys.stdin.read()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        line = process.stdout.readline()
        self.assertTrue(line, "the servers did not start")
        self.variables, self.servers = json.loads(line)
        return process

    def end(self, process):
        process.stdin.close()
        self.assertEqual(process.wait(PATIENCE), 0)
        self.all_gone()

    def all_gone(self):
        end = time.monotonic() + PATIENCE
        left = [server["pid"] for server in self.servers]
        while left and time.monotonic() < end:
            left = [pid for pid in left if not gone(pid)]
            time.sleep(0.01)
        self.assertEqual(left, [], "servers are left")

    def of(self, form, what):
        return self.variables.get(f"SEMANTRIX_{form}_{what}".upper())

    def redis_cli(self, form, *words, endpoint=None, user=None, password=None):
        host, port = (endpoint or self.of(form, "ENDPOINT")).split(":")
        command = ["redis-cli", "-h", host, "-p", port]
        for option, value in (("--cacert", self.of(form, "CA")), ("--key", self.of(form, "KEY")),
                              ("--cert", self.of(form, "CERTIFICATE")), ("--user", user)):
            command += [option, value] if value else []
        command += ["--tls"] if self.of(form, "CA") else []
        environment = {**os.environ, **({"REDISCLI_AUTH": password} if password else {})}
        done = subprocess.run([*command, *words], env=environment, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.stdout.strip()

    def test_plain_and_password(self):
        run = self.begin("redis", "redis_password")
        self.assertEqual(self.redis_cli("redis", "PING"), "PONG")
        self.assertEqual(self.redis_cli("redis", "CONFIG", "GET", "save"), "save")
        self.assertEqual(self.redis_cli("redis", "DEBUG", "SLEEP", "0"), "OK")
        self.assertIn("NOAUTH", self.redis_cli("redis_password", "PING"))
        word = self.of("redis_password", "PASSWORD")
        self.assertEqual(self.redis_cli("redis_password", "PING", password=word), "PONG")
        self.end(run)

    def test_acl(self):
        run = self.begin("redis_acl")

        def as_cache(*words):
            return self.redis_cli("redis_acl", *words, user=self.of("redis_acl", "USER"),
                                  password=self.of("redis_acl", "PASSWORD"))
        self.assertEqual(as_cache("SET", "semantrix:a", "1", "PX", "60000"), "OK")
        self.assertEqual(as_cache("GET", "semantrix:a"), "1")
        self.assertEqual(as_cache("UNLINK", "semantrix:a"), "1")
        self.assertIn("redis_version", as_cache("INFO", "server"))
        for words in (["GET", "other"], ["SET", "other", "1"], ["FLUSHALL"], ["KEYS", "*"],
                      ["CONFIG", "GET", "*"]):
            self.assertIn("NOPERM", as_cache(*words), words)
        self.assertIn("NOAUTH", self.redis_cli("redis_acl", "PING"))
        self.assertEqual(self.redis_cli("redis_acl", "FLUSHALL",
                                        user=self.of("redis_acl", "ADMIN_USER"),
                                        password=self.of("redis_acl", "ADMIN_PASSWORD")), "OK")
        self.end(run)

    def handshake(self, form, host, ca):
        context = ssl.create_default_context(cafile=ca)
        address = ("127.0.0.1", int(self.of(form, "ENDPOINT").split(":")[1]))
        with socket.create_connection(address) as plain:
            with context.wrap_socket(plain, server_hostname=host) as link:
                return link.version()

    def test_tls(self):
        run = self.begin("redis_tls", "redis_mtls", "redis_tls_other_name", "redis_tls_expired",
                         "redis_tls_unknown_ca")
        self.assertEqual(self.redis_cli("redis_tls", "PING"), "PONG")
        self.assertEqual(self.redis_cli("redis_mtls", "PING"), "PONG")
        for name in ("CERTIFICATE", "KEY"):
            del self.variables[f"SEMANTRIX_REDIS_MTLS_{name}"]
        self.assertNotIn("PONG", self.redis_cli("redis_mtls", "PING"))
        ca = self.of("redis_tls", "CA")
        for host in ("localhost", "127.0.0.1"):
            self.assertTrue(self.handshake("redis_tls", host, ca))
        for form, why in (("other_name", "mismatch"), ("expired", "expired"),
                          ("unknown_ca", "unable to get local issuer")):
            with self.assertRaisesRegex(ssl.SSLCertVerificationError, why):
                self.handshake(f"redis_tls_{form}", "localhost", ca)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.handshake("redis_tls", "localhost", str(pathlib.Path(ca).parent / "stranger.crt"))
        self.end(run)

    def test_clusters(self):
        run = self.begin("redis_cluster", "redis_cluster_plain")
        for form in ("redis_cluster", "redis_cluster_plain"):
            endpoints = self.of(form, "ENDPOINTS").split(",")
            self.assertEqual(len(endpoints), 6)
            roles = []
            for endpoint in endpoints:
                def ask(*words, endpoint=endpoint, form=form):
                    return self.redis_cli(form, *words, endpoint=endpoint,
                                          password=self.of(form, "PASSWORD"))
                self.assertIn("cluster_state:ok", ask("CLUSTER", "INFO"))
                self.assertIn("cluster_known_nodes:6", ask("CLUSTER", "INFO"))
                roles.append(ask("ROLE").split()[0])
            self.assertEqual(sorted(roles), ["master"] * 3 + ["slave"] * 3)
        self.end(run)

    def test_memcached(self):
        run = self.begin("memcached", "memcached_tls", "memcached_three")
        endpoints = [self.of("memcached", "ENDPOINT"), self.of("memcached_tls", "ENDPOINT"),
                     *self.of("memcached_three", "ENDPOINTS").split(",")]
        self.assertEqual(len(set(endpoints)), 5)
        for endpoint in endpoints:
            host, port = endpoint.split(":")
            link = socket.create_connection((host, int(port)))
            if endpoint == self.of("memcached_tls", "ENDPOINT"):
                context = ssl.create_default_context(cafile=self.of("memcached_tls", "CA"))
                link = context.wrap_socket(link, server_hostname=host)
            with link:
                link.sendall(b"version\r\n")
                self.assertTrue(link.recv(100).startswith(b"VERSION "), endpoint)
        self.end(run)

    def test_orders(self):
        run = self.begin("redis", "memcached")
        environment = {**os.environ, "SEMANTRIX_SERVERS": self.variables["SEMANTRIX_SERVERS"]}
        before = self.servers[0]["pid"]
        self.assertEqual(call("kill", "redis", env=environment).returncode, 0)
        self.assertTrue(gone(before))
        self.assertIn("refused", self.redis_cli("redis", "PING"))
        done = call("restart", "redis", "--maxclients", "77", env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("77", self.redis_cli("redis", "CONFIG", "GET", "maxclients"))
        self.assertEqual(call("restart", "memcached", env=environment).returncode, 0)
        done = call("kill", "nobody", env=environment)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "servers: there is no server 'nobody'; there are: redis, memcached.\n"))
        folder = pathlib.Path(self.variables["SEMANTRIX_SERVERS"])
        self.servers += json.loads((folder / "servers.json").read_text(encoding="utf-8"))
        self.end(run)

    def test_the_status_is_the_commands(self):
        self.assertEqual(call("run", "redis", "--", "sh", "-c", "exit 7").returncode, 7)
        self.assertEqual(call("run", "redis", "--", "sh", "-c", "kill -9 $$").returncode, 137)
        done = call("run", "redis", "--", "./no-such-program")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot be run", done.stderr)

    def test_nothing_is_left(self):
        run = self.begin("redis", "memcached")
        self.end(run)
        self.assertFalse(os.path.exists(self.variables["SEMANTRIX_SERVERS"]))
        for number in (signal.SIGINT, signal.SIGTERM):
            run = self.begin("redis", "memcached")
            run.send_signal(number)
            self.assertEqual(run.wait(PATIENCE), 128 + number)
            self.all_gone()
            self.assertFalse(os.path.exists(self.variables["SEMANTRIX_SERVERS"]))

    def test_servers_and_command_die_with_the_program_when_it_is_killed(self):
        run = self.begin("redis", "memcached", "redis_cluster_plain")
        self.addCleanup(shutil.rmtree, self.variables["SEMANTRIX_SERVERS"], ignore_errors=True)
        run.kill()
        run.wait(PATIENCE)
        self.all_gone()
        self.assertEqual(run.stdout.read(), "", "the command holds its end no more")

    def test_up(self):
        with subprocess.Popen([PROGRAM, "up", "redis"], stdout=subprocess.PIPE, text=True) as run:
            lines = [run.stdout.readline(), run.stdout.readline()]
            self.assertTrue(lines[0].startswith("export SEMANTRIX_SERVERS="), lines)
            self.assertTrue(lines[1].startswith("export SEMANTRIX_REDIS_ENDPOINT=127.0.0.1:"), lines)
            run.send_signal(signal.SIGINT)
            self.assertEqual(run.wait(PATIENCE), 130)

    def test_usage(self):
        listed = call("forms")
        self.assertEqual(listed.returncode, 0)
        self.assertTrue(any(line.split()[0] == "redis_cluster"
                            for line in listed.stdout.splitlines()))
        self.assertIn("SEMANTRIX_FORM_ENDPOINT", call("--help").stdout)
        for words, saying in ((["run", "redi", "--", "true"], "no form 'redi'"),
                              (["run", "redis"], "--"), (["fly"], "no verb 'fly'"),
                              (["kill", "redis"], "SEMANTRIX_SERVERS is not set")):
            environment = {k: v for k, v in os.environ.items() if k != "SEMANTRIX_SERVERS"}
            done = call(*words, env=environment)
            self.assertEqual(done.returncode, 1)
            self.assertIn(saying, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_a_missing_program_is_an_error_that_names_its_package(self):
        with tempfile.TemporaryDirectory() as folder:
            for form, package in (("redis", "redis-server"), ("memcached", "memcached"),
                                  ("redis_tls", "openssl")):
                done = subprocess.run([sys.executable, PROGRAM, "run", form, "--", "true"],
                                      env={"PATH": folder}, capture_output=True, text=True,
                                      check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"install the Debian package {package}", done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
