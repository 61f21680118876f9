"""add, get, delete, keys, size, stats, clear: what they print and how they exit."""
import unittest

import support


class VerbsTest(support.CommandTest):
    def setUp(self):
        super().setUp()
        self.store = ("--store", self.snapshot_url())

    def add(self, key, value, *options, **settings):
        return self.run_ok("add", *options, *self.store, "--", key, value, **settings)

    def test_add_prints_nothing_and_get_the_bytes_alone(self):
        self.assertEqual(self.add("k", "v").out, b"")
        self.assertEqual(self.run_ok("get", "k", *self.store).out, b"v")

    def test_add_replaces(self):
        self.add("k", "old")
        self.add("k", "new")
        self.assertEqual(self.run_ok("get", "k", *self.store).out, b"new")

    def test_add_json(self):
        done = self.run_ok("--json", "add", "k", "v", *self.store)
        self.assertEqual(done.json, {"key": "k", "stored": True})

    def test_get_miss_is_silent_and_exits_1(self):
        done = self.run_status(1, "get", "absent", *self.store, silent=True)
        self.assertEqual(done.out, b"")

    def test_get_json(self):
        self.add("k", 'quote " and \n line')
        done = self.run_ok("get", "k", "--json", *self.store)
        self.assertEqual(done.json, {"key": "k", "value": 'quote " and \n line'})

    def test_get_json_miss_is_null_and_exits_1(self):
        done = self.run_status(1, "get", "k", "--json", *self.store, silent=True)
        self.assertEqual(done.json, {"key": "k", "value": None})

    def test_get_several_keys_prints_an_object_a_line_in_order(self):
        self.add("a", "1")
        self.add("c", "3")
        done = self.run_status(1, "get", "a", "b", "c", "a", *self.store, silent=True)
        self.assertEqual(done.json_lines, [{"key": "a", "value": "1"}, {"key": "b", "value": None},
                                           {"key": "c", "value": "3"}, {"key": "a", "value": "1"}])

    def test_get_several_keys_all_there_exits_0(self):
        self.add("a", "1")
        self.add("b", "2")
        self.assertEqual(len(self.run_ok("get", "a", "b", *self.store).json_lines), 2)

    def test_several_keys_exit_with_the_worst(self):
        self.add("a", "1")
        done = self.run_status(2, "get", "a", "", "b", *self.store)
        lines = done.json_lines
        self.assertEqual(lines[0], {"key": "a", "value": "1"})
        self.assertEqual(lines[-1], {"key": "b", "value": None})
        self.assertIn("empty", done.err)

    def test_empty_value_is_a_value(self):
        self.add("k", "")
        self.assertEqual(self.run_ok("get", "k", *self.store).out, b"")
        self.assertEqual(self.run_ok("get", "k", "--json", *self.store).json["value"], "")

    def test_arguments_that_look_like_syntax_are_text(self):
        for text in ["[a,b]", "{}", "[]", "++", "%%", "--", "-x", "--json", "a=b", "get", "\x1f",
                     '{"role": "user"}', "-5", " ", "'", "\\"]:
            with self.subTest(text=text):
                self.add(text, text)
                self.assertEqual(self.run_ok("get", *self.store, "--", text).out, text.encode())

    def test_several_keys_behind_the_end_of_options(self):
        self.add("-a", "1")
        self.add("b", "2")
        done = self.run_ok("get", "b", *self.store, "--", "-a", "b")
        self.assertEqual([line["key"] for line in done.json_lines], ["b", "-a", "b"])

    def test_keys_and_values_need_not_be_utf8(self):
        key, value = b"k\xff", b"\x00\xfe\n"
        self.run_ok("add", key, "-", *self.store, stdin=value)
        self.assertEqual(self.run_ok("get", key, *self.store).out, value)
        done = self.run_ok("get", key, "--json", *self.store)
        self.assertEqual(done.json, {"key_b64": "a/8=", "value_b64": "AP4K"})

    def test_standard_input_of_100_megabytes(self):
        value = bytes(range(256)) * (100 * 4096)
        self.run_ok("add", "big", "-", *self.store, stdin=value)
        self.assertEqual(self.run_ok("get", "big", *self.store).out, value)

    def test_delete(self):
        self.add("a", "1")
        self.run_ok("delete", "a", *self.store)
        self.run_status(1, "get", "a", *self.store, silent=True)

    def test_delete_exits_1_only_if_none_was_there(self):
        self.add("a", "1")
        done = self.run_ok("delete", "a", "b", "--json", *self.store)
        self.assertEqual(done.json_lines, [{"key": "a", "deleted": True}, {"key": "b", "deleted": False}])
        self.run_status(1, "delete", "a", "b", *self.store, silent=True)

    def test_keys_match_limit_and_nul(self):
        for key in ["user:1", "user:2", "item:1"]:
            self.add(key, "x")
        self.assertEqual(sorted(self.run_ok("keys", *self.store).text.split()),
                         ["item:1", "user:1", "user:2"])
        self.assertEqual(sorted(self.run_ok("keys", "--match", "user:[0-9]", *self.store).text.split()),
                         ["user:1", "user:2"])
        self.assertEqual(len(self.run_ok("keys", "--limit", "2", *self.store).text.split()), 2)
        self.assertEqual(self.run_ok("keys", "--limit", "0", *self.store).out, b"")
        self.assertEqual(self.run_ok("keys", "-0", "--match", "item:*", *self.store).out, b"item:1\0")
        done = self.run_ok("keys", "--match=[i]*", "--json", *self.store)
        self.assertEqual(done.json, {"key": "item:1"})

    def test_keys_of_nothing(self):
        self.assertEqual(self.run_ok("keys", *self.store).out, b"")

    def test_size(self):
        self.assertEqual(self.run_ok("size", *self.store).out, b"0\n")
        self.add("a", "1")
        self.assertEqual(self.run_ok("size", *self.store).out, b"1\n")
        self.assertEqual(self.run_ok("size", "--approximate", "--json", *self.store).json,
                         {"size": 1, "approximate": True})

    def test_stats_fields(self):
        self.add("a", "1")
        stats = self.run_ok("stats", "--json", *self.store).json
        self.assertEqual(stats["store"], "memory")
        self.assertEqual(stats["size"], 1)
        for field in ["hits", "misses", "adds", "deletes", "evictions", "expirations", "errors",
                      "retries"]:
            self.assertIsInstance(stats[field], int, field)
        self.assertIn("evictions", self.run_ok("stats", *self.store).text)

    def test_clear_asks_for_yes(self):
        self.add("a", "1")
        self.refused(2, "clear", *self.store, saying="--yes")
        self.assertEqual(self.run_ok("size", *self.store).out, b"1\n")
        self.assertEqual(self.run_ok("clear", "--yes", "--json", *self.store).json, {"cleared": 1})
        self.run_ok("clear", "--yes", *self.store)
        self.assertEqual(self.run_ok("size", *self.store).out, b"0\n")


if __name__ == "__main__":
    support.main()
