"""A Redis cluster of six nodes: three primaries, each with a replica."""
import os
import subprocess
import time

from .faults import Fault, program
from .redis import Access, new_password, redis_server

NODES = 6
SETTLE_SECONDS = 30
# A replica is listed in CLUSTER SLOTS only once it has been sent something: a ping will do.
CONFIG = """\
cluster-enabled yes
cluster-config-file nodes.conf
cluster-node-timeout 1000
repl-ping-replica-period 1
"""


class ClusterForm:
    def __init__(self, run, name, access):
        self.name, self.access = name, access
        self.servers = [redis_server(run, f"{name}_{number}", access, self._lines, port_count=2)
                        for number in range(1, NODES + 1)]

    def _lines(self, server):
        lines = CONFIG + f"cluster-port {server.ports[1]}\n"
        if self.access.password:
            lines += f"requirepass {self.access.password}\nmasterauth {self.access.password}\n"
        if self.access.ca:
            lines += "tls-cluster yes\ntls-replication yes\n"
        return lines

    def settle(self):
        """Joins the nodes and waits until each knows all others and every replica is linked."""
        self._create()
        end = time.monotonic() + SETTLE_SECONDS
        while not all(self._settled(server) for server in self.servers):
            if time.monotonic() > end:
                raise Fault(f"{self.name} did not become a cluster within {SETTLE_SECONDS} s.")
            time.sleep(0.02)

    def _create(self):
        command = [program("redis-cli")]
        if self.access.ca:
            command += ["--tls", "--cacert", self.access.ca]
        command += ["--cluster", "create", *(server.endpoint for server in self.servers),
                    "--cluster-replicas", "1", "--cluster-yes"]
        environment = {**os.environ, "REDISCLI_AUTH": self.access.password or ""}
        if not self.access.password:
            del environment["REDISCLI_AUTH"]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise Fault(f"redis-cli --cluster create failed for {self.name}: "
                        + " | ".join(done.stdout.strip().splitlines()[-3:]))

    def _settled(self, server):
        try:
            state = self.access.ask(server.port, "CLUSTER", "INFO")
            slots = self.access.ask(server.port, "CLUSTER", "SLOTS")
            replication = self.access.ask(server.port, "INFO", "replication")
        except OSError:
            return False
        linked = ("master_link_status:up" in replication if "role:slave" in replication
                  else "state=online" in replication)
        # Each range: first slot, last slot, the primary, its replica.
        return ("cluster_state:ok" in state and linked
                and len(slots) == NODES // 2 and all(len(shard) == 4 for shard in slots))

    def variables(self):
        endpoints = ",".join(server.endpoint for server in self.servers)
        return {"ENDPOINTS": endpoints, **self.access.variables()}


def secured(run, name):
    return ClusterForm(run, name, Access(password=new_password(),
                                         ca=run.certificates.path("ca.crt")))


def plain(run, name):
    return ClusterForm(run, name, Access())
