"""Pipes, full disks, closed streams, terminals, Ctrl-C: the surroundings of a command."""
import json
import os
import pty
import select
import signal
import subprocess
import time
import unittest

import support


class StreamsTest(support.CommandTest):
    def setUp(self):
        super().setUp()
        self.store = ("--store", self.snapshot_url())

    def many_entries(self):
        lines = (json.dumps({"key": f"key-{n}", "value": "v" * 100}) + "\n" for n in range(9000))
        self.run_ok("load", "-", *self.store, stdin="".join(lines).encode())

    def test_closed_pipe_ends_quietly(self):
        self.many_entries()
        for command in ["keys", "dump"]:
            process = subprocess.Popen([support.binary(), command, *self.store],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertTrue(process.stdout.readline())
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"", command)
            process.stderr.close()
            self.assertEqual(process.wait(timeout=60), 0, command)
        self.assertEqual(self.run_ok("size", *self.store).out, b"9000\n")

    def test_full_disk_on_standard_output(self):
        self.run_ok("add", "k", "v", *self.store)
        for arguments in [("get", "k"), ("keys",), ("size",), ("stats",), ("dump",)]:
            with open("/dev/full", "wb") as full:
                self.refused(5, *arguments, *self.store, saying="standard output", stdout=full)
        with open("/dev/full", "wb") as full:
            self.refused(5, "--help", saying="standard output", stdout=full)

    def test_closed_standard_output_is_an_error_and_harms_no_file(self):
        self.run_ok("add", "k", "v", *self.store)
        process = subprocess.run(["sh", "-c", '"$@" >&-', "sh", support.binary(), "get", "k", *self.store],
                                 stderr=subprocess.PIPE)
        self.assertEqual(process.returncode, 5)
        self.assertIn(b"standard output", process.stderr)
        self.assertEqual(self.run_ok("get", "k", *self.store).out, b"v")

    def on_terminal(self, *arguments, feed=None, interrupt_after=None):
        """Runs with standard output and error on a terminal; (status, what it showed)."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([support.binary(), *arguments], stdin=subprocess.PIPE, stdout=theirs,
                                   stderr=theirs, env=support.environment(TERM="xterm"))
        os.close(theirs)
        if feed is None:
            process.stdin.close()
        shown = b""
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            if feed is not None:
                try:
                    feed(process.stdin)
                except BrokenPipeError:
                    feed = None
            if select.select([ours], [], [], 0 if feed else 1)[0]:
                try:
                    data = os.read(ours, 65536)
                except OSError:  # the other side is closed
                    break
                shown += data
                if interrupt_after is not None and interrupt_after in shown:
                    process.send_signal(signal.SIGINT)
                    interrupt_after = None
        status = process.wait(timeout=60)
        os.close(ours)
        if not process.stdin.closed:
            try:
                process.stdin.close()
            except BrokenPipeError:
                pass
        return status, shown

    def test_get_ends_with_a_line_on_a_terminal_only(self):
        self.run_ok("add", "k", "v", *self.store)
        self.assertEqual(self.on_terminal("get", "k", *self.store), (0, b"v\r\n"))
        self.assertEqual(self.run_ok("get", "k", *self.store).out, b"v")

    def test_progress_bar_on_a_terminal_and_ctrl_c(self):
        line = json.dumps({"prompt": "p", "response": "r"}).encode() + b"\n"
        status, shown = self.on_terminal("replay", "-", interrupt_after=b"requests",
                                         feed=lambda pipe: pipe.write(line * 100))
        self.assertEqual(status, 130)
        self.assertIn(b"replay", shown)
        self.assertIn(b"/s", shown)
        self.assertTrue(shown.endswith(b"\r\x1b[K"), shown[-80:])  # the bar is gone at the end

    def test_ctrl_c_in_a_bench_removes_its_entries(self):
        self.run_ok("add", "mine", "v", *self.store)
        status, shown = self.on_terminal("bench", "--keys", "100", "--seconds", "60", "--warmup", "0",
                                         *self.store, interrupt_after=b"left")
        self.assertEqual(status, 130)
        self.assertEqual(self.run_ok("keys", *self.store).out, b"mine\n")

    def test_no_progress_without_a_terminal(self):
        log = self.write("log.jsonl", '{"prompt":"p"}\n' * 200_000)
        self.assertEqual(self.run_ok("replay", log, "--json").json["requests"], 200_000)


if __name__ == "__main__":
    support.main()
