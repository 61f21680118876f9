"""Memcached servers, plain and with TLS."""
import os

from .faults import program
from .redis import Access, new_password
from .server import Server


def memcached_server(run, name, access):
    def configure(server):
        command = [program("memcached"), "-l", "127.0.0.1", "-p", str(server.port), "-U", "0"]
        if os.geteuid() == 0:
            command += ["-u", "root"]
        if access.ca:
            command += ["-Z", "-o", f"ssl_chain_cert={run.certificates.path('server.crt')}",
                        "-o", f"ssl_key={run.certificates.path('server.key')}"]
        if access.password:
            users = server.config.with_name("users")
            users.write_text(f"{access.user}:{access.password}\n", encoding="utf-8")
            command += ["-Y", str(users)]
        server.config.write_text(" ".join(command) + "\n", encoding="utf-8")
        return command

    def answers(server):
        """Its own process id tells it from another program on a port that was taken."""
        with access.connect(server.port) as link, link.makefile("rwb") as stream:
            if access.password:
                login = f"{access.user} {access.password}"
                stream.write(f"set login 0 0 {len(login)}\r\n{login}\r\n".encode())
                stream.flush()
                if stream.readline() != b"STORED\r\n":
                    return False
            stream.write(b"stats\r\n")
            stream.flush()
            return stream.readline() == f"STAT pid {server.process.pid}\r\n".encode()

    return Server(name, run.folder / name, configure, answers)


class MemcachedForm:
    def __init__(self, run, name, count=1, access=None):
        self.access = access or Access()
        names = [name] if count == 1 else [f"{name}_{number}" for number in range(1, count + 1)]
        self.servers = [memcached_server(run, each, self.access) for each in names]

    def settle(self):
        """Nothing is left to do once the servers answer."""

    def variables(self):
        endpoints = ",".join(server.endpoint for server in self.servers)
        name = "ENDPOINT" if len(self.servers) == 1 else "ENDPOINTS"
        return {name: endpoints, **self.access.variables()}


def plain(run, name):
    return MemcachedForm(run, name)


def tls(run, name):
    return MemcachedForm(run, name, access=Access(ca=run.certificates.path("ca.crt")))


def password(run, name):
    return MemcachedForm(run, name, access=Access(user="cache", password=new_password()))


def three(run, name):
    return MemcachedForm(run, name, count=3)
