#!/usr/bin/env python3
"""The sample prompt log is what its generator writes, and is the traffic that it promises."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from collections import Counter

EXAMPLES = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "examples"
)
GENERATOR = os.path.join(EXAMPLES, "generate_prompts.py")
LOG = os.path.join(EXAMPLES, "prompts.jsonl")
ROLES = {"system", "user", "assistant", "tool"}


def generate(*arguments):
    return subprocess.run(
        [sys.executable, GENERATOR, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )


def identity(request):
    """Model and prompt, or model and messages, as JSON with sorted keys."""
    name = "prompt" if "prompt" in request else "messages"
    return json.dumps([request["model"], name, request[name]], sort_keys=True)


def lru_hits(keys, size, refresh):
    cached, hits = {}, 0
    for key in keys:
        if key in cached:
            hits += 1
            if refresh:
                cached[key] = cached.pop(key)
        else:
            cached[key] = True
            if len(cached) > size:
                del cached[next(iter(cached))]
    return hits


class Generator(unittest.TestCase):
    def test_writes_the_committed_log_byte_for_byte(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "prompts.jsonl")
            done = generate("--seed", "42", "--requests", "6000", "--out", path)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            with open(path, "rb") as made, open(LOG, "rb") as committed:
                same = made.read() == committed.read()
        self.assertTrue(same, "examples/prompts.jsonl is not what generate_prompts.py writes")

    def test_writes_to_standard_output_as_many_lines_as_asked(self):
        for count in (1, 2, 37):
            done = generate("--requests", str(count))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout.count(b"\n"), count)

    def test_another_seed_gives_other_requests(self):
        outputs = {generate("--seed", seed, "--requests", "20").stdout for seed in ("1", "2")}
        self.assertEqual(len(outputs), 2)

    def test_refuses_bad_arguments_in_one_sentence(self):
        missing = os.path.join("no", "such", "folder", "log")
        for arguments in (
            ["--requests", "0"],
            ["--requests", "many"],
            ["--seed", "-1"],
            ["--seed", "99999999999999999999"],
            ["--colour", "red"],
            ["--out", missing, "--requests", "1"],
        ):
            with self.subTest(arguments=arguments):
                done = generate(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stdout, b"")
                self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)


class SampleLog(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(LOG, encoding="utf-8", newline="") as file:
            cls.text = file.read()
        cls.requests = [json.loads(line) for line in cls.text.split("\n")[:-1]]
        cls.keys = [identity(request) for request in cls.requests]

    def test_is_large_enough_to_show_and_small_enough_to_ship(self):
        self.assertGreaterEqual(len(self.requests), 5000)
        self.assertLessEqual(len(self.text.encode()), 5_000_000)

    def test_every_line_has_the_fields_in_their_types(self):
        fields = {"timestamp", "model", "response", "latency_ms", "cost_usd"}
        for number, request in enumerate(self.requests, 1):
            with self.subTest(line=number):
                asked = {"prompt", "messages"} & set(request)
                self.assertEqual(len(asked), 1)
                self.assertEqual(set(request) - asked, fields)
                for name in ("model", "response"):
                    self.assertIsInstance(request[name], str)
                    self.assertTrue(request[name])
                self.assertIs(type(request["latency_ms"]), int)
                self.assertGreater(request["latency_ms"], 0)
                self.assertIsInstance(request["cost_usd"], float)
                self.assertGreater(request["cost_usd"], 0)
                self.assertIsInstance(request["timestamp"], (int, float))

    def test_prompts_are_text_and_messages_are_chats(self):
        for number, request in enumerate(self.requests, 1):
            with self.subTest(line=number):
                if "prompt" in request:
                    self.assertIsInstance(request["prompt"], str)
                    self.assertTrue(request["prompt"])
                    continue
                self.assertIsInstance(request["messages"], list)
                self.assertEqual(request["messages"][0]["role"], "system")
                for message in request["messages"]:
                    self.assertIn(message["role"], ROLES)
                    called = message["content"] is None and message["tool_calls"]
                    self.assertTrue(called or isinstance(message["content"], str))

    def test_time_rises(self):
        moments = [request["timestamp"] for request in self.requests]
        self.assertTrue(all(a < b for a, b in zip(moments, moments[1:])))

    def test_names_several_models_prompts_and_messages_long_and_short(self):
        self.assertGreaterEqual(len({request["model"] for request in self.requests}), 4)
        chats = sum("messages" in request for request in self.requests)
        self.assertGreater(chats, len(self.requests) // 20)
        lengths = [len(request.get("prompt", "")) for request in self.requests]
        self.assertGreater(sum(0 < length < 60 for length in lengths), 100)
        self.assertGreater(sum(length > 2000 for length in lengths), 100)
        self.assertFalse(self.text.isascii())

    def test_the_same_request_has_the_same_answer_at_the_same_cost(self):
        known = {}
        for key, request in zip(self.keys, self.requests):
            answer = (request["response"], request["cost_usd"])
            self.assertEqual(known.setdefault(key, answer), answer)

    def test_some_requests_differ_in_the_order_of_keys_only(self):
        raw = {
            json.dumps([request["model"], request.get("prompt"), request.get("messages")])
            for request in self.requests
        }
        self.assertGreater(len(raw), len(set(self.keys)))

    def test_one_prompt_is_asked_of_two_models(self):
        prompts = {(r["model"], r["prompt"]) for r in self.requests if "prompt" in r}
        asked = Counter(prompt for _, prompt in prompts)
        self.assertGreaterEqual(max(asked.values()), 2)

    def test_repeats_as_the_traffic_of_a_product_does(self):
        times = Counter(self.keys)
        hit_ratio = 1 - len(times) / len(self.keys)
        once = sum(count == 1 for count in times.values()) / len(self.keys)
        self.assertTrue(0.55 <= hit_ratio <= 0.65, hit_ratio)
        self.assertTrue(0.35 <= once <= 0.45, once)

    def test_a_cache_of_1000_tells_policies_apart(self):
        total = len(self.keys)
        fifo = lru_hits(self.keys, 1000, refresh=False)
        lru = lru_hits(self.keys, 1000, refresh=True)
        unbounded = total - len(set(self.keys))
        self.assertGreater(lru - fifo, total // 50)
        self.assertGreater(unbounded - lru, total // 50)


if __name__ == "__main__":
    unittest.main()
