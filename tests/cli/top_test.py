"""`top` of an application's endpoint, played here, and of real servers."""
import http.server
import os
import pty
import signal
import subprocess
import threading

import redis_support
import support
from redis_support import free_port, variable

FIELDS = ["source", "seconds", "requests_per_second", "hits_per_second", "misses_per_second",
          "evictions_per_second", "expirations_per_second", "errors_per_second", "hit_ratio", "p50_us",
          "p99_us", "round_trip_us", "entries", "bytes", "connections", "hot_keys"]
QUICK = ("--interval", "50ms")


def exposition(hits, misses, calls=(0, 0, 0), errors=0):
    """What an application with two stores tells. `calls`: reads of up to 1 ms, of up to 10 ms, all."""
    lines = ["# HELP semantrix_hits_total Reads.", "# TYPE semantrix_hits_total counter"]
    for store, share in [("redis", 0.75), ("memory", 0.25)]:
        lines += [f'semantrix_hits_total{{store="{store}"}} {hits * share:g}',
                  f'semantrix_misses_total{{store="{store}"}} {misses * share:g}',
                  f'semantrix_entries{{store="{store}"}} 21',
                  f'semantrix_held_bytes{{store="{store}"}} 1024']
    lines += [f'semantrix_hot_key_share{{store="redis",digest="{digest}"}} {share}'
              for digest, share in [("00ff", 0.25), ("abcd", 0.5), ("\x1b[2J", 0.9)]]
    lines.append(f'semantrix_errors_total{{store="redis",code="timeout"}} {errors}')
    for verb in ["get_exact", "add"]:
        name, labels = "semantrix_call_duration_seconds", f'store="redis",verb="{verb}"'
        lines += [f'{name}_bucket{{{labels},le="{bound}"}} {count}'
                  for bound, count in zip(["0.001", "0.01", "+Inf"], calls)]
        lines += [f"{name}_sum{{{labels}}} 1.5", f"{name}_count{{{labels}}} {calls[-1]}"]
    return "\n".join([*lines, "another_total 1e3", ""]).encode()


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Each answer in turn, the last one again and again."""

    def do_GET(self):
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(200 if self.path == "/metrics" else 404)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class TopTest(support.CommandTest):
    def endpoint(self, *answers, path="/metrics"):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
        server.answers = list(answers)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}{path}"

    def row(self, url, *options):
        row, = self.run_ok("top", "--json", "--count", "1", *QUICK, *options, url).json_lines
        self.assertEqual(list(row), FIELDS)
        return row

    def test_an_application(self):
        url = self.endpoint(exposition(100, 100), exposition(500, 200, calls=(50, 90, 100), errors=3))
        row = self.row(url)
        self.assertEqual(row["source"], url)
        seconds = row["seconds"]
        self.assertGreaterEqual(seconds, 0.05)
        for field, count in [("hits", 400), ("misses", 100), ("errors", 3), ("requests", 200)]:
            self.assertAlmostEqual(row[f"{field}_per_second"] * seconds, count, msg=field)
        self.assertAlmostEqual(row["hit_ratio"], 0.8)
        self.assertAlmostEqual(row["p50_us"], 1000)
        self.assertAlmostEqual(row["p99_us"], 10000)
        self.assertEqual((row["entries"], row["bytes"]), (42, 2048))
        self.assertEqual(row["hot_keys"], [{"digest": "abcd", "share": 0.5},
                                           {"digest": "00ff", "share": 0.25}])
        self.assertIsNone(row["round_trip_us"])
        self.assertIsNone(row["connections"])

    def test_nothing_happens(self):
        row = self.row(self.endpoint(exposition(7, 7)))
        self.assertEqual(row["requests_per_second"], 0)
        self.assertIsNone(row["hit_ratio"])
        self.assertIsNone(row["p50_us"])

    def test_an_application_that_was_started_again(self):
        row = self.row(self.endpoint(exposition(1000, 0), exposition(40, 0)))
        self.assertAlmostEqual(row["hits_per_second"] * row["seconds"], 40)

    def test_lines(self):
        url = self.endpoint(exposition(0, 0))
        lines = self.run_ok("top", "--count", "3", *QUICK, url).text.splitlines()
        self.assertEqual(len(lines), 4)
        self.assertIn("requests/s", lines[0])
        self.assertTrue(all(len(line) == len(lines[0]) for line in lines), lines)

    def test_a_terminal_shows_a_page(self):
        url = self.endpoint(exposition(0, 0))
        reader, writer = pty.openpty()
        self.addCleanup(os.close, reader)
        command = [support.binary(), "top", *QUICK, url]
        process = subprocess.Popen(command, stdout=writer, env=support.environment(TERM="xterm"))
        os.close(writer)
        text = b""
        while text.count(b"requests") < 2:
            text += os.read(reader, 4096)
        self.assertIn(b"\x1b[H", text)
        self.assertIn(b"abcd  50.0 %", text)
        self.assertNotIn(b"\x1b[2J", text)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=30), 0)

    def test_what_cannot_be_watched(self):
        self.refused(2, "top", "--count", "1", saying="nothing to watch")
        self.refused(2, "top", "memory://", saying="/metrics")
        self.refused(2, "top", "--count", "0", "redis://localhost", saying="--count")
        self.refused(3, "top", f"http://127.0.0.1:{free_port()}/metrics", saying="refused")
        self.refused(3, "top", self.endpoint(b"", path="/"), saying="404")
        for garbage in [b"", b"\0\xff" * 1000, b"semantrix_hits_total{store=\"x\"} nan\n", b"{}"]:
            self.refused(5, "top", self.endpoint(garbage), saying="tells nothing of a cache")

    def test_an_outage_is_told_and_outlived(self):
        done = self.run_status(5, "top", "--count", "2", *QUICK,
                               self.endpoint(exposition(1, 1), b"", exposition(2, 2)))
        self.assertIn("tells nothing", done.err)
        self.assertEqual(len(done.text.splitlines()), 2)

    def watch_server(self, url):
        row = self.row(url)
        self.assertGreater(row["round_trip_us"], 0)
        self.assertGreaterEqual(row["connections"], 1)
        self.assertIsNone(row["errors_per_second"])
        return row

    def test_redis(self):
        url = redis_support.url("redis")
        self.run_ok("add", "key", "value", "--store", url)
        self.assertGreaterEqual(self.watch_server(f"{url}?near_cache=10")["entries"], 1)
        self.assertGreater(self.row(f"--store={url}")["requests_per_second"], 0)

    def test_a_cluster(self):
        self.watch_server(redis_support.url("redis_cluster_plain", endpoint=variable(
            "redis_cluster_plain", "ENDPOINTS").split(",")[0]))

    def test_memcached(self):
        url = f"memcached://{variable('memcached', 'ENDPOINT')}"
        self.run_ok("add", "key", "value", "--store", url)
        self.assertGreaterEqual(self.watch_server(url)["entries"], 1)

    def test_a_server_that_is_not_there(self):
        self.refused(3, "top", f"redis://127.0.0.1:{free_port()}", saying="refused")


if __name__ == "__main__":
    support.main()
