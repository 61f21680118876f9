"""Builds the wheel, installs it in a fresh environment, and tests it from there.

  package_test.py wheel        --source DIR --work DIR    of an sdist; says what it carries
  package_test.py tests        --source DIR --work DIR    python/tests but the adapters; mypy, ruff
  package_test.py integrations --source DIR --work DIR    the adapters, with the real libraries
  package_test.py guide FILE…  --source DIR --work DIR    runs the Python blocks of documents

The last three need the first. `tests` and `guide` need servers (CMakeLists.txt says which).
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import zipfile

# What a program on Debian may take for granted; everything else must be in the wheel.
SYSTEM_LIBRARIES = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6",
                    "ld-linux-x86-64.so.2", "libpthread.so.0", "libdl.so.2"}
HAS_HEADERS = ("import os, sys, sysconfig, venv; "
               "sys.exit(not os.path.exists(sysconfig.get_path('include') + '/Python.h'))")


def run(*command, **settings):
    command = [str(part) for part in command]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **settings)
    if done.returncode != 0:
        sys.exit(f"$ {' '.join(command)}\n{done.stdout}\nexit status {done.returncode}")
    return done.stdout


def interpreter():
    """The system's Python where its headers are installed, else whichever runs this."""
    for python in ("/usr/bin/python3", sys.executable):
        if shutil.which(python) and subprocess.run([python, "-c", HAS_HEADERS]).returncode == 0:
            return python
    sys.exit("no Python with headers; install python3-dev and python3-venv")


class Package:
    def __init__(self, options):
        self.source = options.source.resolve()
        self.work = options.work.resolve()
        self.wheels = self.work / "wheels"
        self.documents = [document.resolve() for document in options.documents]

    def environment(self, name, *packages):
        """A fresh virtual environment; its python."""
        place = self.work / name
        run(interpreter(), "-m", "venv", "--clear", place)
        python = place / "bin" / "python"
        if packages:
            self.pip(python, "install", *packages)
        return python

    def pip(self, python, *words, **settings):
        quiet = ["--quiet", "--disable-pip-version-check"]
        return run(python, "-m", "pip", *quiet, *words, **settings)

    def unpacked_sdist(self, python):
        """A folder with what an sdist of the tree carries. Files that are the same stay as they
        are, so that nothing is compiled again without need."""
        run(python, "-m", "build", "--sdist", "--outdir", self.wheels, self.source)
        [file] = self.wheels.glob("semantrix-*.tar.gz")
        place, carried = self.work / "sdist", set()
        with tarfile.open(file) as archive:
            for member in filter(tarfile.TarInfo.isfile, archive.getmembers()):
                path = place.joinpath(*pathlib.PurePosixPath(member.name).parts[1:])
                carried.add(path)
                content = archive.extractfile(member).read()
                if not path.exists() or path.read_bytes() != content:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
        for path in {each for each in place.rglob("*") if each.is_file()} - carried:
            path.unlink()
        return place

    def wheel(self):
        shutil.rmtree(self.wheels, ignore_errors=True)
        python = self.environment("build_environment", "build")
        settings = dict(os.environ, CMAKE_BUILD_PARALLEL_LEVEL=str(os.cpu_count()))
        if shutil.which("ccache"):
            settings["CMAKE_CXX_COMPILER_LAUNCHER"] = "ccache"
        source = self.unpacked_sdist(python)
        self.pip(python, "wheel", source, "--no-deps", "--wheel-dir", self.wheels,
                 f"--config-settings=build-dir={self.work / 'objects'}",
                 # What is tested is the same; what is shipped is optimised twice as long.
                 "--config-settings=cmake.define.CMAKE_CXX_FLAGS_RELEASE=-O1", env=settings)
        self.check_content(self.built())

    def built(self):
        found = sorted(self.wheels.glob("semantrix-*.whl"))
        return found[0] if found else sys.exit(f"no wheel in {self.wheels}; build it first")

    def check_content(self, wheel):
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            module = next(name for name in names if name.endswith(".so"))
            archive.extract(module, self.work)
        for name in ("semantrix/py.typed", "semantrix/_core.pyi", "semantrix/errors.pyi"):
            if name not in names:
                sys.exit(f"the wheel lacks {name}")
        carried = {name.split("/")[-1] for name in names}
        needed = {line.split("[")[1].rstrip("]")
                  for line in run("readelf", "-d", self.work / module).splitlines()
                  if "(NEEDED)" in line}
        if needed - SYSTEM_LIBRARIES - carried:
            sys.exit(f"the wheel does not carry {sorted(needed - SYSTEM_LIBRARIES - carried)}")
        print(f"{wheel.name}: {wheel.stat().st_size >> 10} KiB, {len(names)} files")

    def tests(self):
        tests = self.source / "python" / "tests"
        python = self.environment("tests", self.built(), "-r", tests / "requirements.txt")
        self.pytest(python, *sorted(set(tests.glob("test_*.py")) - self.adapter_tests(tests)))

    def integrations(self):
        tests = self.source / "python" / "tests"
        python = self.environment("integrations", self.built(), "pytest", "mypy",
                                  "-r", tests / "integrations.txt")
        # What other libraries warn of is not ours to mend.
        self.pytest(python, "-o", "filterwarnings=default", *sorted(self.adapter_tests(tests)))

    def adapter_tests(self, tests):
        return set(tests.glob("test_adapter_*.py"))

    def pytest(self, python, *words):
        # Elsewhere than in the tree, so that nothing but what is installed can be imported.
        place = self.work / "elsewhere"
        place.mkdir(exist_ok=True)
        settings = dict(os.environ, SEMANTRIX_SOURCE=str(self.source), PYTHONDONTWRITEBYTECODE="1")
        settings.pop("PYTHONPATH", None)
        print(run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=5",
                  "-c", self.source / "pyproject.toml", *words, cwd=place, env=settings))

    def guide(self):
        python = self.environment("guide", self.built())
        print(run(python, "-B", self.source / "tests" / "python" / "snippets.py", *self.documents,
                  cwd=self.work))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case", choices=["wheel", "tests", "integrations", "guide"])
    parser.add_argument("documents", nargs="*", type=pathlib.Path)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    getattr(Package(options), options.case)()


if __name__ == "__main__":
    main()
