"""tools/bootstrap installs what is missing and nothing else, on a machine that only pretends."""
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

BOOTSTRAP = pathlib.Path(__file__).resolve().parents[2] / "tools" / "bootstrap"
NEEDED = ["bash", "env", "cat", "rm", "mktemp"]
NOBODY = 65534


class Machine:
    """A PATH of its own, with a package system that notes what it was asked."""

    def __init__(self, folder, missing=(), debian=True, sudo=False):
        self.path = pathlib.Path(folder)
        self.path.chmod(0o755)
        self.log = self.path / "asked"
        self.log.write_text("")
        self.log.chmod(0o666)
        for name in NEEDED:
            (self.path / name).symlink_to(shutil.which(name))
        if debian:
            gone = " ".join(missing)
            self.program("dpkg-query", f"""
                shift 2
                for name; do case " {gone} " in
                  *" $name "*) echo "not-installed $name" ;;
                  *) echo "installed $name" ;;
                esac; done""")
            self.program("apt-get", f'echo "apt-get $*" >> "{self.log}"')
        if sudo:
            self.program("sudo", f'echo sudo >> "{self.log}"; "$@"')

    def program(self, name, text):
        file = self.path / name
        file.write_text(f"#!{self.path}/bash\n{text}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)

    def bootstrap(self, *groups, root=True):
        # Without root's rights nothing is asked of the real machine, whoever runs the test.
        drop = {"user": NOBODY} if not root and os.geteuid() == 0 else {}
        # The script is read from standard input: its folder may be closed to nobody.
        return subprocess.run([str(self.path / "bash"), "-s", *groups], input=BOOTSTRAP.read_text(),
                              env={"PATH": str(self.path), "TMPDIR": "/tmp"}, cwd="/",
                              capture_output=True, text=True, **drop)

    def asked(self):
        return self.log.read_text().splitlines()


class Bootstrap(unittest.TestCase):
    def machine(self, **how):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        return Machine(folder, **how)

    def test_is_silent_when_nothing_is_missing(self):
        machine = self.machine()
        done = machine.bootstrap("build", "test", "lint", root=False)
        self.assertEqual((0, "", ""), (done.returncode, done.stdout, done.stderr))
        self.assertEqual([], machine.asked())

    @unittest.skipUnless(os.geteuid() == 0, "root's own path needs root")  # sudo's is tested below
    def test_root_installs_what_is_missing_alone(self):
        machine = self.machine(missing=["ninja-build", "codespell"])
        done = machine.bootstrap("build")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("installing ninja-build", done.stderr)
        install = [line for line in machine.asked() if " install " in line]
        self.assertEqual(1, len(install))
        self.assertTrue(install[0].endswith(" ninja-build"), install)
        self.assertNotIn("sudo", machine.asked())

    def test_others_install_through_sudo(self):
        machine = self.machine(missing=["ninja-build"], sudo=True)
        done = machine.bootstrap("build", root=False)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual("sudo", machine.asked()[0])

    def test_says_what_to_do_without_root_and_sudo(self):
        machine = self.machine(missing=["ninja-build"])
        done = machine.bootstrap("build", root=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("As root, run: apt-get install ninja-build", done.stderr)
        self.assertEqual([], machine.asked())

    def test_names_the_packages_elsewhere(self):
        done = self.machine(debian=False).bootstrap("build", root=False)
        self.assertEqual(0, done.returncode)
        self.assertIn("not a Debian system", done.stderr)
        self.assertIn("libboost1.81-dev", done.stderr)

    def test_refuses_an_unknown_group(self):
        done = self.machine().bootstrap("biuld", root=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("no group 'biuld'", done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
