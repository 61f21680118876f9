"""Redis servers: plain, with a password, with ACL users, with TLS and mutual TLS."""
import secrets
import socket
import ssl

from .faults import program
from .server import Server

COMMON = """\
bind 127.0.0.1
daemonize no
save ""
appendonly no
enable-debug-command local
repl-diskless-sync-delay 0
shutdown-timeout 0
"""

# What a cache needs and no more: its own keys, the verbs of the store, its handshake, redirects in
# a cluster, and INFO for the server's own counters. Not CONFIG (it shows passwords and changes the
# server), KEYS or FLUSH*. Redis does not confine SCAN to the key pattern, only what is read.
CACHE_COMMANDS = ("+get +set +psetex +mget +del +unlink +scan +pttl"
                  " +ping +hello +auth +select +quit +info"
                  " +client|id +client|setname +client|tracking +client|caching"
                  " +asking +readonly +readwrite +cluster|slots +cluster|shards")


def new_password():
    return secrets.token_hex(16)


class Access:
    """How to reach and enter a server: what the program itself and its variables use."""

    def __init__(self, password=None, user=None, ca=None, certificate=None, key=None):
        self.password, self.user = password, user
        self.ca, self.certificate, self.key = ca, certificate, key

    def connect(self, port):
        link = socket.create_connection(("127.0.0.1", port), timeout=2)
        if self.ca is None:
            return link
        # The port is this program's own server, whose certificate may be bad on purpose.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key)
        return context.wrap_socket(link)

    def ask(self, port, *words):
        """The reply to one command: a string, None, or a list; an error is an OSError."""
        with self.connect(port) as link, link.makefile("rwb") as stream:
            if self.password:
                send(stream, "AUTH", *([self.user] if self.user else []), self.password)
                read_reply(stream)
            send(stream, *words)
            return read_reply(stream)

    def variables(self):
        named = {"USER": self.user, "PASSWORD": self.password, "CA": self.ca,
                 "CERTIFICATE": self.certificate, "KEY": self.key}
        return {name: value for name, value in named.items() if value}


def send(stream, *words):
    stream.write(f"*{len(words)}\r\n".encode())
    for word in words:
        stream.write(f"${len(word.encode())}\r\n{word}\r\n".encode())
    stream.flush()


def read_reply(stream):
    line = stream.readline()
    if not line.endswith(b"\r\n"):
        raise ConnectionError("the connection ended")
    kind, text = line[:1], line[1:-2].decode()
    if kind == b"-":
        raise ConnectionError(text)
    if kind == b"$":
        return None if text == "-1" else stream.read(int(text) + 2)[:-2].decode()
    if kind == b"*":
        return [read_reply(stream) for _ in range(int(text))]
    return text


def answers(access):
    """Redis says when its port is open; until then another program might answer there. While it
    loads a dump it answers too, with an error."""
    def ready(server):
        log = server.log_text()
        if "Loading RDB" not in log and "Ready to accept connections" not in log:
            return False
        with access.connect(server.port) as link:
            link.sendall(b"PING\r\n")
            return link.recv(1) in (b"+", b"-")
    return ready


def port_lines(port, access, certificates, certificate="server"):
    if access.ca is None:
        return f"port {port}\n"
    return (f"port 0\ntls-port {port}\n"
            f"tls-ca-cert-file {certificates.path('ca.crt')}\n"
            f"tls-cert-file {certificates.path(certificate + '.crt')}\n"
            f"tls-key-file {certificates.path(certificate + '.key')}\n"
            f"tls-auth-clients {'yes' if access.certificate else 'no'}\n")


def redis_server(run, name, access, lines="", port_count=1, certificate="server"):
    """`lines` of configuration, or what gives them for the server once its ports are known."""
    def configure(server):
        more = lines(server) if callable(lines) else lines
        server.config.write_text(
            COMMON + port_lines(server.port, access, run.certificates, certificate) + more,
            encoding="utf-8")
        server.config.chmod(0o600)
        return [program("redis-server"), str(server.config)]
    return Server(name, run.folder / name, configure, answers(access), port_count)


class RedisForm:
    """One server. `access` is its client's; `admin`, where another is needed, may do everything."""

    def __init__(self, run, name, access=None, lines="", admin=None, certificate="server"):
        self.access = access or Access()
        self.admin = admin
        self.servers = [redis_server(run, name, self.access, lines, certificate=certificate)]

    def settle(self):
        """Nothing is left to do once the server answers."""

    def variables(self):
        found = {"ENDPOINT": self.servers[0].endpoint, **self.access.variables()}
        if self.admin:
            found |= {"ADMIN_USER": self.admin.user, "ADMIN_PASSWORD": self.admin.password}
        return found


def plain(run, name):
    return RedisForm(run, name)


def password(run, name):
    access = Access(password=new_password())
    return RedisForm(run, name, access, f"requirepass {access.password}\n")


def acl(run, name):
    access = Access(user="cache", password=new_password())
    admin = Access(user="admin", password=new_password())
    users = ("user default off\n"
             f"user {admin.user} on >{admin.password} ~* &* +@all\n"
             f"user {access.user} on >{access.password} ~semantrix:* resetchannels -@all"
             f" {CACHE_COMMANDS}\n")
    return RedisForm(run, name, access, users, admin)


def tls(run, name, certificate="server"):
    access = Access(ca=run.certificates.path("ca.crt"))
    return RedisForm(run, name, access, certificate=certificate)


def mutual_tls(run, name):
    path = run.certificates.path
    return RedisForm(run, name, Access(ca=path("ca.crt"), certificate=path("client.crt"),
                                       key=path("client.key")))
