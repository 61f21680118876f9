"""The real servers that `tools/servers run` started, their URLs, and redis-cli as an independent
witness."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import urllib.parse

import support

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "tools" / "servers"


def variable(form, name, default=None):
    value = os.environ.get(f"SEMANTRIX_{form}_{name}".upper(), default)
    if value is None:
        sys.exit(f"{form} was not started: run this test under tools/servers")
    return value


def url(form, *, user=None, password=None, scheme=None, endpoint=None, **options):
    """The form's URL with its own credentials and certificates, or with others that are given; an
    option that is None is left out."""
    user = variable(form, "USER", "") if user is None else user
    password = variable(form, "PASSWORD", "") if password is None else password
    ca = variable(form, "CA", "")
    if ca:
        options.setdefault("ssl_ca_certs", ca)
    scheme = scheme or ("rediss" if ca else "redis")
    login = f"{urllib.parse.quote(user)}:{urllib.parse.quote(password)}@" if password else ""
    given = {name: value for name, value in options.items() if value is not None}
    query = "?" + urllib.parse.urlencode(given) if given else ""
    return f"{scheme}://{login}{endpoint or variable(form, 'ENDPOINT')}{query}"


def free_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RedisCommandTest(support.CommandTest):
    """Every test starts on an empty server: `form` names it."""

    form = "redis"

    def setUp(self):
        super().setUp()
        self.redis_cli("FLUSHALL")
        self.store = ("--store", url(self.form))

    def redis_cli(self, *words, form=None):
        """What redis-cli prints, without the last newline, as the form's administrator."""
        form = form or self.form
        program = shutil.which("redis-cli")
        self.assertTrue(program, "redis-cli is missing")
        host, port = variable(form, "ENDPOINT").rsplit(":", 1)
        command = [program, "-h", host, "-p", port]
        if ca := variable(form, "CA", ""):
            command += ["--tls", "--cacert", ca]
        environment = {name: value for name, value in os.environ.items() if name != "REDISCLI_AUTH"}
        if password := variable(form, "ADMIN_PASSWORD", variable(form, "PASSWORD", "")):
            environment["REDISCLI_AUTH"] = password
        if user := variable(form, "ADMIN_USER", variable(form, "USER", "")):
            command += ["--user", user]
        done = subprocess.run([*command, *words], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=30, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode().removesuffix("\n")

    def order(self, *words):
        """kill, restart, pause or resume a server."""
        subprocess.run([sys.executable, "-B", str(PROGRAM), *words], check=True, timeout=60)

    def silent_server(self):
        """The endpoint of a server that accepts connections and never says a word."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        return f"127.0.0.1:{listener.getsockname()[1]}"
