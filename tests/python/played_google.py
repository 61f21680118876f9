"""Google as far as the guide's snippets ask it, on loopback: the token of the machine's account and
one Memorystore instance, which is a Redis server of the tests.

    with played_google(redis="127.0.0.1:6379") as url: …
"""

import contextlib
import http.server
import json
import os
import subprocess
import sys
import threading
import urllib.parse

TOKEN = "played-token"


class Google(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    redis = ""

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/computeMetadata/"):
            token = {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}
            return self.answer(200, token, {"Metadata-Flavor": "Google"})
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.refuse(401, "UNAUTHENTICATED")
        words = path.strip("/").split("/")
        if words[-1] == "clusters" or words[0] != "v1" or len(words) < 6:
            return self.answer(200, {})
        parent = "/".join(words[1:5])
        instance = self.instance(f"{parent}/instances/semantrix-cache")
        if words[5:] == ["instances"]:
            return self.answer(200, {"instances": [instance]})
        if words[5:] == ["instances", "semantrix-cache"]:
            return self.answer(200, instance)
        return self.refuse(404, "NOT_FOUND")

    def instance(self, name):
        host, port = self.redis.rsplit(":", 1)
        return {
            "name": name,
            "host": host,
            "port": int(port),
            "state": "READY",
            "tier": "BASIC",
            "memorySizeGb": 1,
            "redisVersion": "REDIS_7_0",
        }

    def refuse(self, status, name):
        self.answer(status, {"error": {"code": status, "status": name, "message": name}})

    def answer(self, status, document, headers=None):
        body = json.dumps(document).encode()
        self.send_response(status)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        for header, value in headers.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


@contextlib.contextmanager
def played_google(redis):
    handler = type("Google", (Google,), {"redis": redis})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":  # played_google.py COMMAND…: it finds SEMANTRIX_GOOGLE_URL
    with played_google(os.environ["SEMANTRIX_REDIS_ENDPOINT"]) as address:
        environment = {**os.environ, "SEMANTRIX_GOOGLE_URL": address}
        sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)
