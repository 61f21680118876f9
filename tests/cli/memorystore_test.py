"""`instances`, memorystore:// and `doctor`, against a server of ours that plays Google."""
import http.server
import json
import os
import threading
import urllib.parse

import support
from support import CommandTest

PAGES = {
    "": {"instances": [
        {"name": "projects/p/locations/us-central1/instances/one", "host": "10.0.0.3", "port": 6378,
         "state": "READY", "memorySizeGb": 1, "tier": "BASIC", "redisVersion": "REDIS_7_0"}],
         "nextPageToken": "second"},
    "second": {"nextPageToken": "third", "unreachable": ["projects/p/locations/europe-west1"]},
    "third": {"instances": [
        {"name": "projects/p/locations/us-east1/instances/two", "state": "CREATING",
         "memorySizeGb": 5, "tier": "STANDARD_HA", "redisVersion": "REDIS_6_X"},
        {"name": "projects/p/locations/europe-west1/instances/-",
         "statusMessage": "the region did not answer"}]},
}


class Google(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        token = urllib.parse.parse_qs(address.query).get("pageToken", [""])[0]
        if self.headers["Authorization"] != "Bearer token":
            self.answer(401, {"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "?"}})
        elif address.path == "/v1/projects/p/locations/-/instances":
            self.answer(200, PAGES[token])
        elif address.path == "/v1/projects/p/locations/us-east1/instances/live":
            host, port = os.environ["SEMANTRIX_REDIS_PASSWORD_ENDPOINT"].split(":")
            self.answer(200, {"name": "projects/p/locations/us-east1/instances/live",
                              "host": host, "port": int(port), "state": "READY",
                              "memorySizeGb": 1, "tier": "BASIC", "authEnabled": True})
        elif address.path == "/v1/projects/p/locations/us-east1/instances/live/authString":
            self.answer(200, {"authString": os.environ["SEMANTRIX_REDIS_PASSWORD_PASSWORD"]})
        elif address.path == "/v1/projects/p/locations/us-east1/instances/two":
            self.answer(200, PAGES["third"]["instances"][0])
        else:
            self.answer(404, {"error": {"code": 404, "status": "NOT_FOUND", "message": "none"}})

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Memorystore(CommandTest):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Google)
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.file = self.write("user.json", json.dumps({
            "type": "external_account", "audience": "a", "subject_token_type": "t",
            "token_url": self.url + "/token", "credential_source": {"file": self.path("gone")}}))

    def instances(self, *arguments, token="token", status=0):
        # The metadata server of the machine is ours as well.
        machine = http.server.ThreadingHTTPServer(("127.0.0.1", 0), machine_of(token))
        thread = threading.Thread(target=machine.serve_forever)
        thread.start()
        try:
            return self.run_status(
                status, "instances", "--project", "p", "--endpoint-url", self.url, *arguments,
                env={"GCE_METADATA_HOST": f"127.0.0.1:{machine.server_port}", "HOME": str(self.folder),
                     "CLOUDSDK_CONFIG": "", "GOOGLE_APPLICATION_CREDENTIALS": ""})
        finally:
            machine.shutdown()
            thread.join()
            machine.server_close()

    def test_every_instance_once_and_the_unreachable_region(self):
        done = self.instances("--region", "-", "--json")
        lines = {line["instance_id"]: line for line in done.json_lines if "name" in line}
        self.assertEqual(set(lines), {"one", "two"})
        self.assertEqual(len(done.json_lines), 3)
        one = lines["one"]
        self.assertEqual((one["host"], one["port"], one["state"], one["memory_size_gb"], one["tier"],
                          one["version"], one["region"]),
                         ("10.0.0.3", 6378, "READY", 1, "BASIC", "REDIS_7_0", "us-central1"))
        self.assertIsNone(lines["two"]["host"])
        self.assertIn({"unreachable": "europe-west1"}, done.json_lines)
        self.assertIn("europe-west1", done.err)

    def test_a_table_for_people(self):
        text = self.instances().text
        self.assertIn("10.0.0.3:6378", text)
        self.assertIn("STANDARD_HA", text)

    def test_a_refused_token_ends_with_4(self):
        self.assertIn("UNAUTHENTICATED", self.instances(token="stale", status=4).err)

    def test_a_missing_credentials_file_ends_with_4(self):
        self.refused(4, "instances", "--project", "p", "--credentials-file", self.path("none"),
                     saying="no credentials file")
        self.refused(4, "instances", "--project", "p", "--credentials-file", self.file,
                     "--endpoint-url", self.url, saying="external account")

    def test_no_project_is_bad_usage(self):
        self.refused(2, "instances", saying="--project")

    def store(self, instance="two", region="us-east1", more=""):
        return (f"memorystore://p/{region}/{instance}?endpoint_url={self.url}"
                f"&access_token=token{more}")

    def test_an_instance_that_is_not_ready_is_out_of_reach(self):
        self.refused(3, "--store", self.store(), "get", "key", saying="CREATING")

    def test_an_unknown_instance_is_bad_usage_and_told_where_it_is(self):
        self.refused(2, "--store", self.store(region="us-central1"), "get", "key",
                     saying="set region to us-east1")

    def test_the_url(self):
        for url, saying in (("memorystore://p", "memorystore://PROJECT/REGION/INSTANCE"),
                            ("memorystore://p/r/i?tier=gold", "basic and standard_ha"),
                            ("memorystore://p/r/i?flavour=redis", "flavor")):
            self.refused(2, "--store", url, "get", "key", saying=saying)

    def test_a_value_comes_back_from_a_live_instance(self):
        live = self.store(instance="live", more="&read_timeout=10s&deadline=20s")
        self.run_status(0, "--store", live, "add", "key1", "value1", "--ttl", "1h")
        self.assertEqual(self.run_status(0, "--store", live, "get", "key1").text, "value1")

    def test_doctor_of_a_live_instance(self):
        done = self.run_status(0, "--json", "doctor", self.store(
            instance="live", more="&read_timeout=10s&deadline=20s"))
        checks = {line["check"]: line for line in done.json_lines if "check" in line}
        for name in ("url", "credentials", "instance", "server", "write", "read", "expiry",
                     "delete", "permissions", "close"):
            self.assertEqual(checks[name]["status"], "ok", checks[name])
        # The test's server has no limit on its memory.
        self.assertEqual(checks["settings"]["status"], "warning")
        self.assertIn("maxmemory", done.text)

    def test_doctor(self):
        done = self.run_status(3, "--json", "doctor", self.store())
        checks = {line["check"]: line for line in done.json_lines if "check" in line}
        self.assertEqual(checks["url"]["status"], "ok")
        self.assertEqual(checks["credentials"]["status"], "ok")
        self.assertEqual(checks["instance"]["status"], "failed")
        self.assertIn("CREATING", checks["instance"]["cause"])
        self.assertNotIn("access_token=token", done.text + done.err)


def machine_of(token):
    class Machine(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"access_token": token, "expires_in": 3600}).encode()
            self.send_response(200)
            self.send_header("Metadata-Flavor", "Google")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass
    return Machine


if __name__ == "__main__":
    support.main()
