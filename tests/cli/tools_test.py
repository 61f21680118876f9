"""bench, doctor, completion."""
import shutil
import subprocess
import unittest

import support

BENCH_FIELDS = ["store", "threads", "ops", "seconds", "ops_per_second", "p50_us", "p99_us", "p999_us",
                "hit_ratio", "bytes_per_entry"]
SHORT = ("--seconds", "0.2", "--warmup", "0.05")


class BenchTest(support.CommandTest):
    def bench(self, *arguments):
        report = self.run_ok("bench", "--json", *SHORT, *arguments).json
        self.assertEqual(list(report)[:len(BENCH_FIELDS)], BENCH_FIELDS)
        self.assertGreater(report["ops"], 0)
        self.assertTrue(0 <= report["hit_ratio"] <= 1)
        self.assertTrue(0 < report["p50_us"] <= report["p99_us"] <= report["p999_us"])
        return report

    def test_fields(self):
        report = self.bench("--keys", "1000", "--value-bytes", "100")
        self.assertEqual((report["store"], report["threads"]), ("memory", 1))
        self.assertGreater(report["bytes_per_entry"], 100)

    def test_hit_ratio_leaves_out_the_warm_up(self):
        report = self.bench("--keys", "10", "--zipf", "0")
        self.assertEqual(report["hit_ratio"], 1)

    def test_threads_and_callers(self):
        self.assertEqual(self.bench("--threads", "2", "--keys", "1000")["threads"], 2)
        report = self.bench("--callers", "8", "--keys", "10", "--zipf", "0")
        self.assertEqual((report["callers"], report["hit_ratio"]), (8, 1))

    def test_cache_smaller_than_the_keys_misses(self):
        report = self.bench("--keys", "100000", "--store", "memory://?max_size=100&eviction_policy=lru")
        self.assertTrue(0 < report["hit_ratio"] < 1)

    def test_leaves_nothing_behind(self):
        store = ("--store", self.snapshot_url())
        self.run_ok("add", "mine", "v", *store)
        self.bench("--keys", "100", *store)
        self.assertEqual(self.run_ok("keys", *store).out, b"mine\n")

    def test_human_report(self):
        text = self.run_ok("bench", *SHORT, "--keys", "100").text
        for word in ["ops", "hits", "p99.9", "an entry"]:
            self.assertIn(word, text)

    def test_values_too_large_for_the_cache_are_an_error(self):
        done = self.run_status(5, "bench", *SHORT, "--value-bytes", "20000", "--keys", "10",
                               "--store", "memory://?max_bytes=10k")
        self.assertEqual(len(done.err.splitlines()), 1, done.err)


class DoctorTest(support.CommandTest):
    def findings(self, status, *arguments):
        done = self.run_status(status, "doctor", "--json", *arguments, silent=True)
        for line in done.json_lines:
            self.assertEqual(list(line)[:4], ["check", "status", "cause", "remedy"])
        return {line["check"]: line for line in done.json_lines}

    def test_memory(self):
        found = self.findings(0, "memory://")
        self.assertEqual({line["status"] for line in found.values()}, {"ok"})
        self.assertLessEqual({"url", "write", "read", "expiry", "delete"}, found.keys())
        self.assertIn("p99", found["latency"]["cause"])
        self.assertEqual(found.keys(), self.findings(0, "--store", "memory://").keys())

    def test_snapshot(self):
        found = self.findings(0, self.snapshot_url())
        self.assertIn("not there yet", found["snapshot"]["cause"])
        self.run_ok("add", "a", "1", "--store", self.snapshot_url())
        self.assertIn("1 entries", self.findings(0, self.snapshot_url())["snapshot"]["cause"])
        self.assertEqual(found["lock"]["status"], "ok")

    def test_examining_a_full_cache_evicts_nothing(self):
        url = self.snapshot_url(max_size=1, eviction_policy="lru")
        self.run_ok("add", "a", "1", "--store", url)
        self.findings(0, url)
        self.assertEqual(self.run_ok("get", "a", "--store", url).out, b"1")

    def test_warnings_do_not_change_the_status(self):
        found = self.findings(0, "memory://?eviction_policy=fifo")
        self.assertEqual(found["settings"]["status"], "warning")
        self.assertTrue(found["settings"]["remedy"])

    def test_failures(self):
        found = self.findings(2, "memory://?max_sise=1")
        self.assertEqual((found["url"]["status"], len(found)), ("failed", 1))
        self.write("cache.smx", b"garbage")
        found = self.findings(5, self.snapshot_url())
        self.assertEqual(found["snapshot"]["status"], "failed")
        self.assertIn(".corrupt", found["snapshot"]["cause"])
        self.findings(5, f"memory://?snapshot={self.path('no/folder/f')}")

    def test_human_report(self):
        text = self.run_ok("doctor", "memory://?eviction_policy=fifo").text
        self.assertIn("ok       url", text)
        self.assertIn("remedy: ", text)

    def test_timeout_bounds_all_of_it(self):
        # The check of expiry alone takes longer.
        found = self.findings(3, "--timeout", "1ms", "memory://")
        self.assertEqual(list(found)[-1], "timeout")
        self.assertEqual(found["timeout"]["status"], "failed")
        self.assertIn("1 ms", found["timeout"]["cause"])
        self.assertNotIn("close", found)
        for enough in ["1m", "365000d"]:
            self.assertIn("close", self.findings(0, "--timeout", enough, "memory://"))

    def test_no_store(self):
        self.refused(2, "doctor", saying="SEMANTRIX_STORE")


class CompletionTest(support.CommandTest):
    def script(self, shell):
        return self.write(f"completion.{shell}", self.run_ok("completion", shell).out)

    def complete(self, *words):
        """What bash offers after the words, of which the last is being typed."""
        ask = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _semantrix; '
               'printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", ask, "bash", self.script("bash"), "semantrix", *words],
                              stdout=subprocess.PIPE, check=True, cwd=self.folder)
        return done.stdout.decode().split()

    def test_bash(self):
        self.assertEqual(self.complete("re"), ["replay"])
        self.assertIn("--ttl", self.complete("add", "--"))
        self.assertIn("--json", self.complete("add", "--"))
        self.assertEqual(self.complete("--store", "memo"), ["memory://", "memorystore://"])
        self.assertEqual(self.complete("completion", "f"), ["fish"])
        self.write("prompts.jsonl", "")
        self.assertEqual(self.complete("replay", "pro"), ["prompts.jsonl"])

    def test_every_shell_knows_every_command(self):
        commands = {"add", "get", "delete", "keys", "size", "stats", "clear", "load", "dump", "replay",
                    "bench", "doctor", "top", "instances", "migrate", "policies", "stores", "version", "completion"}
        for shell in ["bash", "zsh", "fish"]:
            text = self.run_ok("completion", shell).text
            for command in commands:
                self.assertIn(command, text)
            # A shell that is installed must accept the script.
            if path := shutil.which(shell):
                subprocess.run([path, "-n", self.script(shell)], check=True)

    def test_unknown_shell(self):
        self.refused(2, "completion", "tcsh", saying="bash, zsh or fish")


if __name__ == "__main__":
    support.main()
