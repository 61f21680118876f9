"""The command line on DynamoDB's stand-ins, with boto3 beside it: dynamodb_test.py PROGRAM FOLDER

Each writes what the other reads. Runs under `tools/servers run dynamodb_local dynalite`."""
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import unittest
import venv

FOLDER = pathlib.Path(sys.argv[2]) / "dynamodb_python"
PROGRAM = sys.argv[1]
FORMS = ("DYNAMODB_LOCAL", "DYNALITE")
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


def interpreter_with_boto3():
    if not (FOLDER / "ready").exists():
        venv.create(FOLDER, with_pip=True, clear=True)
        subprocess.run([FOLDER / "bin" / "pip", "install", "--quiet", "boto3"], check=True)
        (FOLDER / "ready").touch()
    return str(FOLDER / "bin" / "python")


if __name__ == "__main__" and sys.prefix != str(FOLDER):
    python = interpreter_with_boto3()
    os.execv(python, [python, "-B", *sys.argv])

import boto3  # noqa: E402


def endpoint(form):
    return "http://" + os.environ[f"SEMANTRIX_{form}_ENDPOINT"]


def client(form):
    return boto3.client("dynamodb", endpoint_url=endpoint(form), region_name="us-west-2",
                        aws_access_key_id="local", aws_secret_access_key="local")


def run(url, *words, environment=None, stdin=None):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    clean |= {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(FOLDER)}
    clean |= CREDENTIALS if environment is None else environment
    return subprocess.run([PROGRAM, "--store", url, *words], capture_output=True, env=clean,
                          timeout=60, check=False, input=stdin)


class DynamoDB(unittest.TestCase):
    def each_form(self):
        for form in FORMS:
            with self.subTest(form):
                yield form, (f"dynamodb://semantrix-cache?region_name=us-west-2&read_timeout=10s&"
                             f"deadline=20s&endpoint_url={endpoint(form)}")

    def expect(self, done, status, output=None):
        self.assertEqual(done.returncode, status, done.stderr.decode())
        if output is not None:
            self.assertEqual(done.stdout, output)

    def test_each_reads_what_the_other_wrote(self):
        for form, url in self.each_form():
            self.expect(run(url, "add", "key1", "value1", "--ttl", "1h"), 0)
            self.expect(run(url, "get", "key1"), 0, b"value1")
            dynamodb = client(form)
            item = dynamodb.get_item(TableName="semantrix-cache", Key={"key": {"S": "key1"}})["Item"]
            self.assertEqual(item["value"]["B"], b"value1")
            left = int(item["expires_at"]["N"]) - time.time()
            self.assertTrue(3500 < left < 3610, left)
            dynamodb.put_item(TableName="semantrix-cache",
                              Item={"key": {"S": "theirs"}, "value": {"B": b"\x00\xff"}})
            self.expect(run(url, "get", "theirs"), 0, b"\x00\xff")
            # What the table has not removed yet has expired all the same.
            dynamodb.put_item(TableName="semantrix-cache",
                              Item={"key": {"S": "late"}, "value": {"S": "old"},
                                    "expires_at": {"N": str(int(time.time()) - 10)}})
            self.expect(run(url, "get", "late"), 1)
            self.expect(run(url, "size"), 0, b"2\n")
            self.expect(run(url, "clear", "--yes"), 2)
            self.expect(run(url, "clear", "--yes", "--all"), 0)
            self.expect(run(url, "size"), 0, b"0\n")

    def test_a_new_table_removes_what_expired(self):
        url = (f"dynamodb://with-ttl?region_name=us-west-2&read_timeout=10s&deadline=20s&"
               f"ttl_attribute=gone&endpoint_url={endpoint('DYNAMODB_LOCAL')}")
        self.expect(run(url, "get", "nothing"), 1)
        self.assertNotIn("with-ttl", client("DYNAMODB_LOCAL").list_tables()["TableNames"])
        self.expect(run(url, "add", "key1", "value1"), 0)
        ttl = client("DYNAMODB_LOCAL").describe_time_to_live(TableName="with-ttl")
        self.assertEqual(ttl["TimeToLiveDescription"],
                         {"TimeToLiveStatus": "ENABLED", "AttributeName": "gone"})

    def test_a_table_of_another_kind_is_left_alone(self):
        dynamodb = client("DYNAMODB_LOCAL")
        dynamodb.create_table(
            TableName="orders", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
        done = run(f"dynamodb://orders?region_name=us-west-2&read_timeout=10s&deadline=20s&"
                   f"endpoint_url={endpoint('DYNAMODB_LOCAL')}", "add", "key1", "value1")
        self.expect(done, 2)
        self.assertIn(b"other keys", done.stderr)

    def doctor(self, url, status, environment=None):
        done = run(url, "--json", "doctor", environment=environment)
        self.expect(done, status)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {line["check"]: line for line in lines if "check" in line}

    def test_doctor_walks_to_the_table(self):
        local = ("region_name=us-west-2&read_timeout=10s&deadline=20s&"
                 f"endpoint_url={endpoint('DYNAMODB_LOCAL')}")
        found = self.doctor(f"dynamodb://examined?{local}", 0)
        self.assertEqual(found["table"]["status"], "warning")
        self.assertIn("missing", found["table"]["cause"])
        self.assertIn("the environment", found["credentials"]["cause"])
        found = self.doctor(f"dynamodb://examined?{local}", 0)
        latency = found.pop("latency")  # how fast the machine is, is no matter of right and wrong
        self.assertGreater(latency["probes"], 0)
        self.assertEqual({line["status"] for line in found.values()}, {"ok"})
        self.assertEqual(list(found), ["url", "credentials", "table", "write", "read", "expiry",
                                       "delete", "permissions", "ttl", "close"])
        found = self.doctor(f"dynamodb://absent?create_if_missing=false&{local}", 2)
        self.assertEqual(found["table"]["status"], "failed")
        found = self.doctor("dynamodb://examined?region_name=us-west-2", 4, environment={})
        self.assertEqual(found["credentials"]["status"], "failed")
        nowhere = "endpoint_url=http://127.0.0.1:1"
        found = self.doctor(f"dynamodb://examined?region_name=us-west-2&{nowhere}", 3)
        self.assertEqual(found["connect"]["status"], "failed")

    def test_doctor_names_the_permission_that_is_missing(self):
        class Refusing(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                action = self.headers["X-Amz-Target"].split(".")[1]
                kind = "AccessDenied" if action == "CreateTable" else "ResourceNotFound"
                body = json.dumps({"__type": f"x#{kind}Exception", "message": "no"}).encode()
                self.send_response(400)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            found = self.doctor("dynamodb://mine?region_name=us-west-2&read_timeout=10s&deadline=20s"
                                f"&endpoint_url=http://127.0.0.1:{server.server_port}", 4)
            server.shutdown()
            thread.join()
        text = json.dumps(found)
        self.assertIn("dynamodb:CreateTable", text)
        self.assertIn("does not exist", text)

    def test_large_values_long_keys_and_many_of_them(self):
        url = (f"dynamodb://large?region_name=us-west-2&read_timeout=10s&deadline=20s&"
               f"endpoint_url={endpoint('DYNALITE')}")
        large = os.urandom(3 * 1000 * 1000)
        self.expect(run(url, "add", "large", "-", stdin=large), 0)
        self.expect(run(url, "get", "large"), 0, large)
        key = "k" * 10240
        self.expect(run(url, "add", key, "long"), 0)
        self.expect(run(url, "get", key), 0, b"long")
        names = [f"key{i}" for i in range(1000)]
        lines = "".join(json.dumps({"key": name, "value": f"of {name}"}) + "\n" for name in names)
        self.expect(run(url, "load", "-", stdin=lines.encode()), 0)
        done = run(url, "get", *names)
        self.expect(done, 0)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(entry["key"], entry["value"]) for entry in found],
                         [(name, f"of {name}") for name in names])

    def test_exit_statuses_tell_what_is_missing(self):
        nowhere = "endpoint_url=http://127.0.0.1:1"
        self.expect(run("dynamodb://semantrix-cache", "get", "key1"), 2)
        self.expect(run(f"dynamodb://semantrix-cache?region_name=us-west-2&{nowhere}", "get", "key1",
                        environment={}), 4)
        self.expect(run(f"dynamodb://semantrix-cache?region_name=us-west-2&{nowhere}", "get",
                        "key1"), 3)
        self.expect(run("dynamodb://x?region_name=us-west-2", "get", "key1"), 2)
        self.expect(run("dynamodb://cache?regionname=us-west-2", "get", "key1"), 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
