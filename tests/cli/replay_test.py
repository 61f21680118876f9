"""replay: what counts as the same request, what a report says, what broken logs do."""
import json
import os
import pathlib
import resource
import unittest

import support

FIELDS = ["requests", "hits", "misses", "hit_ratio", "unique_prompts", "seconds",
          "requests_per_second", "p50_us", "p99_us", "saved_ms", "saved_usd"]
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "prompts.jsonl"


def reordered(value):
    """The same JSON with the keys of every object in reverse order."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(one) for one in value] if isinstance(value, list) else value


class ReplayTest(support.CommandTest):
    def log(self, *lines):
        return self.write("log.jsonl", "".join(
            (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))

    def replay(self, *lines, status=0, store="memory://"):
        done = self.run_status(status, "--json", "replay", self.log(*lines), "--store", store)
        self.assertEqual(len(done.out.splitlines()), 1)
        report = done.json
        self.assertEqual(report["hits"] + report["misses"], report["requests"])
        self.errors = done.err.splitlines()
        return report

    def assert_same(self, *lines):
        report = self.replay(*lines)
        self.assertEqual((report["hits"], report["unique_prompts"]), (len(lines) - 1, 1), lines)

    def assert_distinct(self, *lines):
        report = self.replay(*lines)
        self.assertEqual((report["hits"], report["unique_prompts"]), (0, len(lines)), lines)

    def test_report(self):
        ask = {"model": "m", "prompt": "p", "response": "r", "latency_ms": 250, "cost_usd": 0.002}
        report = self.replay(ask, ask, {**ask, "latency_ms": 100.5, "cost_usd": 0.001},
                             {"prompt": "other", "latency_ms": 9999})
        self.assertEqual(list(report)[:len(FIELDS)], FIELDS)
        self.assertEqual((report["requests"], report["hits"], report["misses"]), (4, 2, 2))
        self.assertEqual((report["hit_ratio"], report["unique_prompts"]), (0.5, 2))
        self.assertEqual((report["saved_ms"], report["saved_usd"]), (350.5, 0.003))
        self.assertGreater(report["requests_per_second"], 0)
        self.assertTrue(0 < report["p50_us"] <= report["p99_us"])

    def test_human_report(self):
        text = self.run_ok("replay", self.log({"prompt": "p", "latency_ms": 2000}, {"prompt": "p"})).text
        for word in ["requests", "hits", "50.0 %", "misses", "distinct prompts", "evictions", "p99"]:
            self.assertIn(word, text)

    def test_same_requests(self):
        self.assert_same({"prompt": "p"}, '  { "prompt"\t:"p" }  ', {"timestamp": 3, "prompt": "p"},
                         {"prompt": "p", "model": None}, '{"prompt":"\\u0070","messages":null}')
        self.assert_same({"model": "m", "prompt": "é"}, '{"prompt":"\\u00e9","model":"m"}\r')
        chat = {"model": "m", "messages": [{"role": "user", "content": "x", "meta": {"a": 1, "b": [{}]}}]}
        self.assert_same(chat, reordered(chat), json.dumps(chat, indent=None, separators=(" , ", " : ")))
        self.assert_same({"prompt": ""}, {"prompt": ""})
        self.assert_same({"prompt": "p", "response": "a"}, {"prompt": "p", "response": "b"},
                         {"prompt": "p", "unknown": [1, 2]})

    def test_distinct_requests(self):
        self.assert_distinct({"prompt": "p"}, {"prompt": "P"}, {"prompt": "p "}, {"prompt": "p", "model": "m"},
                             {"prompt": "p", "model": ""}, {"prompt": "p", "model": "null"})
        content = [{"role": "user", "content": "p"}]
        self.assert_distinct({"prompt": "p"}, {"messages": content},
                             {"prompt": json.dumps(content)},
                             {"prompt": json.dumps(content, separators=(",", ":"))})
        self.assert_distinct({"messages": content}, {"messages": content * 2}, {"messages": []},
                             {"messages": [{"role": "system", "content": "p"}]},
                             {"messages": [{"role": "user", "content": ["p"]}]})
        self.assert_distinct('{"messages":[{"n":1}]}', '{"messages":[{"n":1.0}]}',
                             '{"messages":[{"n":"1"}]}', '{"messages":[{"n":true}]}',
                             '{"messages":[{"n":null}]}', '{"messages":[{}]}')
        self.assert_distinct({"model": "a", "prompt": "b:c"}, {"model": "a:b", "prompt": "c"},
                             {"model": "a\"\nb", "prompt": "c"})

    def test_messages_outrank_a_prompt(self):
        first = {"prompt": "p", "messages": [{"content": "1"}]}
        self.assert_distinct(first, {"prompt": "p", "messages": [{"content": "2"}]}, {"prompt": "p"})
        self.assert_same(first, {"prompt": "q", "messages": [{"content": "1"}]})

    def test_missing_response_stores_an_empty_answer(self):
        report = self.replay({"prompt": "p"}, {"prompt": "p", "response": "r"})
        self.assertEqual(report["hits"], 1)

    def test_blank_lines_count_for_nothing(self):
        report = self.replay("", {"prompt": "p"}, "   ", "\t\r", {"prompt": "p"}, "")
        self.assertEqual(report["requests"], 2)
        self.assertEqual(self.errors, [])

    def test_empty_log(self):
        report = self.replay()
        self.assertEqual((report["requests"], report["hit_ratio"], report["p50_us"]), (0, 0, None))
        self.assertIn("requests", self.run_ok("replay", self.log()).text)

    def test_no_final_newline_and_byte_order_mark(self):
        path = self.write("log.jsonl", b'\xef\xbb\xbf{"prompt":"p"}\n{"prompt":"p"}')
        self.assertEqual(self.run_ok("replay", path, "--json").json["hits"], 1)

    def test_broken_lines_are_named_and_the_rest_processed(self):
        bad = ["no json", '{"prompt":"p"', "[]", "3", "{}", '{"model":"m"}', '{"prompt":1}',
               '{"prompt":["p"]}', '{"messages":"p"}', '{"messages":{}}', '{"messages":["p"]}',
               '{"prompt":"p","response":{}}', '{"prompt":"p","latency_ms":"3"}',
               '{"prompt":"p","cost_usd":-1}', '{"prompt":"p","model":5}', '{"prompt":"p"} x',
               '{"prompt":null}', '{"prompt":"p","latency_ms":NaN}']
        report = self.replay({"prompt": "a"}, "", *bad, {"prompt": "a"}, status=5)
        self.assertEqual((report["requests"], report["hits"]), (2, 1))
        self.assertEqual(report["unusable_lines"], len(bad))
        self.assertEqual([int(line.split()[2]) for line in self.errors],
                         list(range(3, 3 + len(bad))))

    def test_broken_bytes(self):
        path = self.write("log.jsonl", b'{"prompt":"\xff"}\n\x00\n{"prompt":"p"}\n')
        done = self.run_status(5, "replay", path, "--json")
        self.assertEqual(done.json["requests"], 1)
        self.assertEqual(len(done.err.splitlines()), 2)

    def test_many_broken_lines_are_counted(self):
        report = self.replay(*["x"] * 1000, status=5)
        self.assertEqual(report["unusable_lines"], 1000)
        self.assertEqual(len(self.errors), 21)
        self.assertIn("980 more lines", self.errors[-1])

    def test_deep_nesting_is_a_broken_line(self):
        report = self.replay('{"messages":' + "[" * 100_000, {"prompt": "p"}, status=5)
        self.assertEqual(report["requests"], 1)

    def test_log_that_is_not_there(self):
        self.refused(5, "replay", self.path("absent"), saying="absent")
        self.refused(2, "replay", saying="LOG")

    def test_standard_input(self):
        done = self.run_ok("replay", "-", "--json", stdin=b'{"prompt":"p"}\n{"prompt":"p"}\n')
        self.assertEqual(done.json["hits"], 1)

    def test_bounded_cache_evicts(self):
        report = self.replay(*({"prompt": str(n)} for n in range(100)), store="memory://?max_size=10")
        self.assertEqual((report["evictions"], report["size"]), (90, 10))

    def test_answer_larger_than_the_cache(self):
        report = self.replay({"prompt": "p", "response": "x" * 100_000}, {"prompt": "p"}, status=5,
                             store="memory://?max_bytes=10k")
        self.assertEqual(report["requests"], 2)
        self.assertIn("line 1", self.errors[0])

    def test_cached_keys_are_readable(self):
        store = ("--store", self.snapshot_url())
        self.run_ok("replay", self.log({"model": "gpt-4o", "prompt": "p", "response": "r"},
                                       {"messages": [{}], "response": "s"}), *store)
        keys = sorted(self.run_ok("keys", *store).text.split())
        self.assertRegex(keys[0], r"^messages:-:[0-9a-f]{32}$")
        self.assertRegex(keys[1], r"^prompt:gpt-4o:[0-9a-f]{32}$")
        self.assertEqual(self.run_ok("get", keys[1], *store).out, b"r")

    def test_a_second_replay_hits_what_a_snapshot_kept(self):
        store = ("--store", self.snapshot_url())
        log = self.log({"prompt": "a"}, {"prompt": "b"})
        self.assertEqual(self.run_ok("replay", log, "--json", *store).json["hits"], 0)
        self.assertEqual(self.run_ok("replay", log, "--json", *store).json["hits"], 2)

    def test_memory_does_not_grow_with_the_log(self):
        megabytes = 64
        line = json.dumps({"prompt": "p", "response": "x" * 100_000}) + "\n"
        log = self.write("log.jsonl", line * (megabytes * 10))
        with open(log, "a") as file:
            file.write('{"prompt":"' + "y" * (70 << 20) + '"}\n{"prompt":"p"}\n')  # over the limit
        self.replay_with_limit(log, megabytes * 10 + 1)

    def replay_with_limit(self, log, requests):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        done = self.run_status(5, "replay", log, "--json")
        self.assertEqual((done.json["requests"], done.json["hits"]), (requests, requests - 1))
        self.assertIn("longer than 64.0 MiB", done.err)
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        # What the address sanitizer holds back of freed memory is not the program's.
        if "ASAN_OPTIONS" not in os.environ:
            # One line at its limit and a buffer that grew by doubling; the log itself is larger.
            self.assertLess(max(after, before), 220 * 1024)

    def test_sample_log_and_its_twin_with_reordered_keys(self):
        store = "memory://?max_size=1000"
        first = self.run_ok("--json", "replay", str(SAMPLE), "--store", store).json
        self.assertGreaterEqual(first["requests"], 5000)
        self.assertGreater(first["hits"], 0)
        self.assertEqual(first["hits"] + first["misses"], first["requests"])
        with open(SAMPLE) as file:
            twin = self.log(*(reordered(json.loads(line)) for line in file))
        second = self.run_ok("--json", "replay", twin, "--store", store).json
        for field in ["requests", "hits", "misses", "unique_prompts", "saved_ms", "saved_usd"]:
            self.assertEqual(first[field], second[field], field)


if __name__ == "__main__":
    support.main()
