"""What a user gets: the installed package, the subfolder, the shared library, the Debian packages.

  package_test.py CASE --source DIR --build DIR --work DIR [--compiler CXX] [--launcher ccache]

Runs one case in a fresh work folder; a command that fails ends the test with its output.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = "usr/include/semantrix"


class Case:
    def __init__(self, options):
        self.source = options.source.resolve()
        self.build = options.build.resolve()
        self.work = options.work.resolve()
        self.settings = [f"-DCMAKE_CXX_COMPILER={options.compiler}", "-GNinja",
                         "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0",
                         "-DSEMANTRIX_UNITY=ON"]
        if options.launcher:
            self.settings.append(f"-DCMAKE_CXX_COMPILER_LAUNCHER={options.launcher}")
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)

    def run(self, *command, **settings):
        command = [str(part) for part in command]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              **settings)
        if done.returncode != 0:
            sys.exit(f"$ {' '.join(command)}\n{done.stdout}\nexit status {done.returncode}")
        return done.stdout

    def stranger(self, name, *settings, only=None):
        """Configures, builds and tests the stranger project, or one test; returns its build."""
        build = self.work / name
        self.run("cmake", "-S", HERE / "stranger", "-B", build, *self.settings, *settings)
        self.run("cmake", "--build", build, *(["--target", only] if only else []))
        print(self.run("ctest", "--test-dir", build, "--output-on-failure", "--no-tests=error",
                       "-R", only or "."))
        return build

    def install(self, build, prefix):
        self.run("cmake", "--install", build, "--prefix", prefix)

    def check(self, condition, sentence):
        if not condition:
            sys.exit(sentence)


def installed(case):
    """find_package finds an installed prefix, and nothing of the source tree is needed."""
    prefix = case.work / "prefix"
    case.install(case.build, prefix)
    headers = {p.relative_to(prefix / "include") for p in (prefix / "include").rglob("*.hpp")}
    public = {p.relative_to(case.source / "include")
              for p in (case.source / "include").rglob("*.hpp")}
    case.check(headers == public, f"Installed headers differ by {sorted(headers ^ public)}.")
    for file in prefix.rglob("*.cmake"):
        text = file.read_text()
        case.check(str(case.source) not in text and str(case.build) not in text,
                   f"{file.name} names the machine that built it.")
    case.stranger("stranger", f"-DCMAKE_PREFIX_PATH={prefix}")
    version = case.run(prefix / "bin" / "semantrix", "version")
    case.check(re.search(r"\d+\.\d+\.\d+", version), f"semantrix version says: {version}")


def subdirectory_and_shared(case):
    """add_subdirectory builds a shared library, which then installs and is found as well."""
    build = case.stranger("subfolder", f"-DSEMANTRIX_SOURCE={case.source}", "-DBUILD_SHARED_LIBS=ON",
                          "-DSEMANTRIX_INSTALL=ON")
    library = next((build / "semantrix").rglob("libsemantrix.so"))
    names = case.run("nm", "-DC", "--defined-only", library)
    leaked = [line for line in names.splitlines()
              if re.search(r" [TWVBDRu] ", line) and "semantrix::" not in line]
    case.check(not leaked, "The shared library shows what is not ours:\n" + "\n".join(leaked[:20]))
    prefix = case.work / "prefix"
    case.install(build, prefix)
    case.stranger("stranger", f"-DCMAKE_PREFIX_PATH={prefix}", only="program")


def debian(case):
    """The packages hold what they should, and the command in them runs."""
    case.run("cpack", "-G", "DEB", "-B", case.work, cwd=case.build)
    packages = {p.name.split("_")[0]: p for p in case.work.glob("*.deb")}
    case.check(set(packages) == {"semantrix", "libsemantrix-dev"}, f"Packages: {sorted(packages)}.")
    root = case.work / "root"
    for package in packages.values():
        print(case.run("dpkg-deb", "--info", package))
        case.run("dpkg-deb", "--extract", package, root)
    listing = {str(p.relative_to(root)) for p in root.rglob("*") if not p.is_dir()}
    for wanted in ["usr/bin/semantrix", f"{HEADERS}/cache_store.hpp",
                   "usr/share/doc/semantrix/copyright",
                   "usr/share/bash-completion/completions/semantrix"]:
        case.check(wanted in listing, f"No {wanted} in the packages: {sorted(listing)}")
    case.check(any(name.endswith("semantrixConfig.cmake") for name in listing), "No CMake package.")
    case.check(not any("gtest" in name for name in listing), "The packages carry GoogleTest.")
    depends = case.run("dpkg-deb", "--field", packages["semantrix"], "Depends")
    case.check("libc6" in depends, f"The command depends on: {depends}")
    print(case.run(root / "usr/bin/semantrix", "version"))
    case.stranger("stranger", f"-DCMAKE_PREFIX_PATH={root / 'usr'}", only="program")


CASES = {"installed": installed, "subdirectory_and_shared": subdirectory_and_shared,
         "debian": debian}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=CASES)
    for name in ("source", "build", "work"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--compiler", default=os.environ.get("CXX", "g++"))
    parser.add_argument("--launcher", default=shutil.which("ccache"))
    options = parser.parse_args()
    CASES[options.case](Case(options))


if __name__ == "__main__":
    main()
