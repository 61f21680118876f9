"""Bad usage: one sentence that names the nearest valid thing, status 2, nothing done."""
import unittest

import support


class UsageTest(support.CommandTest):
    def test_no_command(self):
        self.refused(2, saying="no command")

    def test_unknown_command_names_the_nearest(self):
        self.refused(2, "gte", "k", saying="did you mean get?")
        self.refused(2, "--store", "memory://", "relpay", saying="did you mean replay?")

    def test_unknown_option_names_the_nearest(self):
        self.refused(2, "--stroe", "memory://", "get", "k", saying="did you mean --store?")
        self.refused(2, "keys", "--macth", "x", "--store", "memory://", saying="did you mean --match?")
        self.refused(2, "replay", "--jsno", "log", saying="did you mean --json?")
        self.refused(2, "bench", "--zippf=1", saying="did you mean --zipf?")

    def test_unknown_option_far_from_all(self):
        self.refused(2, "size", "--frobnicate", "--store", "memory://", saying="'--frobnicate'")

    def test_a_key_that_begins_with_a_dash_is_explained(self):
        self.refused(2, "get", "-k", "--store", "memory://", saying="write -- before")

    def test_missing_and_superfluous_arguments(self):
        self.refused(2, "get", "--store", "memory://", saying="get needs KEY")
        self.refused(2, "add", "k", "--store", "memory://", saying="add needs VALUE")
        self.refused(2, "add", "k", "v", "w", "--store", "memory://", saying="'w'")
        self.refused(2, "size", "x", "--store", "memory://", saying="'x'")
        self.refused(2, "keys", "--match", saying="--match")

    def test_no_store(self):
        done = self.refused(2, "get", "k", saying="SEMANTRIX_STORE")
        self.assertEqual(done.out, b"")
        self.refused(2, "get", "k", saying="no store", env={"SEMANTRIX_STORE": ""})

    def test_store_from_the_environment_and_option_first(self):
        env = {"SEMANTRIX_STORE": "memory://?max_size=5"}
        self.assertEqual(self.run_ok("size", env=env).out, b"0\n")
        self.refused(2, "size", "--store", "nope://", env=env, saying="nope")

    def test_global_options_before_and_after(self):
        for arguments in [("--json", "--store", "memory://", "size"),
                          ("size", "--store", "memory://", "--json"),
                          ("--json", "size", "--store=memory://"),
                          ("--timeout", "5s", "size", "--store", "memory://", "--json")]:
            self.assertEqual(self.run_ok(*arguments).json["size"], 0)

    def test_errors_as_json(self):
        done = self.refused(2, "--json", "get", "k", saying="no store")
        self.assertEqual(set(done.json), {"error", "code", "remedy"})
        self.assertEqual(done.json["code"], "missing_configuration")
        for arguments in [("gte", "--json"), ("size", "--json", "--storre", "x"),
                          ("add", "k", "v", "--json", "--ttl", "0", "--store", "memory://")]:
            done = self.run_status(2, *arguments)
            self.assertEqual(done.json["code"], "invalid_argument", arguments)
            self.assertIn(done.json["error"], done.err)

    def test_bad_urls(self):
        for url, saying in [("nope://x", "nope"), ("", "no store"), ("memory", "memory"),
                            ("memory://?max_sise=3", "max_size"),
                            ("memory://?eviction_policy=lur", "lru"),
                            ("memory://?max_size=0", "max_size"),
                            ("memory://?max_size=-1", "max_size"),
                            ("memory://?max_size=x", "max_size"),
                            ("memory://?default_ttl=nan", "default_ttl"),
                            ("memory://?default_ttl=0", "default_ttl"),
                            ("memory://?default_ttl=-5s", "default_ttl")]:
            with self.subTest(url=url):
                self.refused(2, "size", "--store", url, saying=saying)

    def test_passwords_are_never_printed(self):
        done = self.run_status(2, "size", "--store", "nope://user:hunter2@host", "--json")
        self.assertNotIn("hunter2", done.err + done.text)

    def test_bad_ttl(self):
        for ttl in ["0", "-1", "-5s", "nan", "inf", "1e400", "99999999999999999999", "20000000h",
                    "400000000d", "", "1x", "s", "0.0001ms", "ten"]:
            with self.subTest(ttl=ttl):
                self.refused(2, "add", "k", "v", "--ttl", ttl, "--store", "memory://", saying="ttl")

    def test_good_ttl(self):
        for ttl in ["250ms", "1.5s", "90", "2m", "1h", "365d", ".5"]:
            with self.subTest(ttl=ttl):
                self.run_ok("add", "k", "v", "--ttl", ttl, "--store", "memory://")

    def test_bad_timeout(self):
        self.refused(2, "size", "--timeout", "0", "--store", "memory://", saying="--timeout")

    def test_empty_key(self):
        self.refused(2, "add", "", "v", "--store", "memory://", saying="empty")
        self.refused(2, "get", "", "--store", "memory://", saying="empty")
        self.refused(2, "delete", "", "--store", "memory://", saying="empty")

    def test_bad_counts(self):
        self.refused(2, "keys", "--limit", "-1", "--store", "memory://", saying="--limit")
        self.refused(2, "bench", "--keys", "0", saying="--keys")
        self.refused(2, "bench", "--keys", "1e6", saying="--keys")
        self.refused(2, "bench", "--threads", "99999", saying="--threads")
        self.refused(2, "bench", "--zipf", "nan", saying="--zipf")
        self.refused(2, "bench", "--seconds", "0", saying="--seconds")

    def test_help_and_version(self):
        text = self.run_ok("--help").text
        for word in ["add", "get", "replay", "bench", "doctor", "instances", "migrate", "completion",
                     "--store", "Exit status"]:
            self.assertIn(word, text)
        self.assertIn("--ttl", self.run_ok("add", "--help").text)
        self.assertRegex(self.run_ok("--version").text, r"^semantrix \d+\.\d+\.\d+\n$")
        self.assertEqual(self.run_ok("version").out, self.run_ok("--version").out)
        version = self.run_ok("version", "--json").json["version"]
        self.assertEqual(self.run_ok("version").text, f"semantrix {version}\n")

    def test_policies(self):
        text = self.run_ok("policies").text
        lines = self.run_ok("policies", "--json").json_lines
        names = [line["policy"] for line in lines]
        self.assertEqual(sorted(names), ["fifo", "lfu", "lru", "s3fifo", "w_tinylfu"])
        self.assertEqual([line["policy"] for line in lines if line["default"]], ["w_tinylfu"])
        for line in lines:
            self.assertIn(line["summary"], text)
            url = f"memory://?eviction_policy={line['policy']}"
            self.run_ok("size", "--store", url)

    def test_stores(self):
        text = self.run_ok("stores").text
        kinds = {line["scheme"]: line for line in self.run_ok("stores", "--json").json_lines}
        memory = kinds["memory"]
        self.assertTrue(memory["can_ttl"])
        self.assertFalse(memory["networked"])
        self.assertIn("max_size", [option["name"] for option in memory["options"]])
        self.assertIn("max_size", text)
        self.run_ok("size", "--store", memory["example"])


if __name__ == "__main__":
    support.main()
