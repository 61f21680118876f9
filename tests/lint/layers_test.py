"""Includes point down only: the dependency rule of ARCHITECTURE.md, checked line by line.

The build enforces the rule for folders whose CMakeLists names its layers honestly; this test holds
the rule itself, and catches what a compiler lets pass ("../base/x.hpp", a socket in a protocol).
"""
import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = {".cpp", ".hpp", ".ipp"}

# What a folder of src/ may include besides itself and the public headers. A name ending in "/"
# stands for every folder below it.
MAY_INCLUDE = {
    "base": [],
    "eviction": ["base"],
    "protocol": ["base"],
    "contract": ["base"],
    "workload": ["base"],
    "memory": ["base", "eviction"],
    "net": ["base", "protocol"],
    "cloud": ["base", "protocol", "net"],
    "stores": ["base", "contract", "memory", "protocol", "net", "cloud"],
    "layers": ["base", "contract"],
    "metrics": ["base", "contract", "protocol", "net"],
    "open": ["base", "contract", "memory", "protocol", "net", "cloud", "stores", "layers"],
}
# Folders with one kind of thing in each subfolder, which must not know its siblings. Code that
# siblings share lies directly in the folder or in one of its shared subfolders.
SIBLINGS_APART = {"stores": {"backend", "redis", "memcached"}, "layers": set()}

NO_IO = re.compile(
    r"boost/asio\.hpp|boost/asio/(ip/|ssl|local/|.*(socket|timer|stream|resolver|acceptor))"
    r"|boost/beast/(core|ssl|websocket)|openssl/(ssl|bio)\.h|sys/(socket|epoll|timerfd)\.h"
    r"|netinet/|arpa/|netdb\.h|poll\.h|chrono/timer")
PRINTING = re.compile(r"std::(cout|cerr|clog)\b|\bf?printf\(|\bputs\(|\bfmt::print\(|\b(std::)?abort\(")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def includes(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match[1], match[2]


def sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in SOURCES and p.is_file())


class Rule:
    """All violations of one tree, as sentences."""

    def __init__(self, root):
        self.root = root
        self.found = []

    def check(self):
        for path in sources(self.root / "include"):
            for number, quote, name in includes(path):
                self._public(path, number, quote, name)
        for path in sources(self.root / "src"):
            for number, quote, name in includes(path):
                self._private(path, number, quote, name)
            self._printing(path)
        self._header_list()
        return self.found

    def _report(self, path, number, what):
        self.found.append(f"{path.relative_to(self.root)}:{number}: {what}")

    def _public(self, path, number, quote, name):
        if quote == '"':
            self._report(path, number, f'a public header includes "{name}", which is private')
        elif name == "iostream":
            self._report(path, number, "a public header includes <iostream>")
        elif name == "boost/asio.hpp":
            self._report(path, number, "a public header includes all of Asio")

    def _private(self, path, number, quote, name):
        place = path.relative_to(self.root / "src").parts
        layer = place[0]
        if layer not in MAY_INCLUDE:
            self._report(path, number, f"the dependency rule has no folder src/{layer}")
        if ".." in pathlib.PurePosixPath(name).parts:
            self._report(path, number, f"'{name}' climbs out of its folder; name it from src/")
        if layer == "protocol" and NO_IO.search(name):
            self._report(path, number, f"src/protocol does no I/O, yet includes {name}")
        if quote == '"':
            self._down(path, number, place, name)

    def _printing(self, path):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if match := PRINTING.search(line.split("//")[0]):
                self._report(path, number, f"the library neither prints nor aborts: {match[0]}")

    def _down(self, path, number, place, name):
        parts = pathlib.PurePosixPath(name).parts
        if len(parts) == 1 or (path.parent / name).is_file():
            target = (*place[:-1], *parts)
        else:
            target = parts
        layer, other = place[0], target[0]
        if other == layer:
            self._siblings(path, number, place, target)
        elif other not in MAY_INCLUDE.get(layer, []):
            self._report(path, number, f"src/{layer} must not include {name}")

    def _siblings(self, path, number, place, target):
        if place[0] not in SIBLINGS_APART or len(target) < 3:
            return
        shared = SIBLINGS_APART[place[0]]
        if target[1] != place[1] and target[1] not in shared:
            self._report(path, number, f"src/{place[0]}/{place[1]} must not know its sibling "
                                       f"{target[1]}")

    def _header_list(self):
        """cmake/public_headers.cmake names what include/ holds, no more and no less."""
        listing = self.root / "cmake" / "public_headers.cmake"
        if not listing.exists():
            return
        listed = set(re.findall(r"^\s*(semantrix/\S+\.[hi]pp)", listing.read_text(), re.M))
        there = {str(p.relative_to(self.root / "include")) for p in sources(self.root / "include")}
        for name in sorted(listed ^ there):
            where = "is not listed in" if name in there else "is gone, but listed in"
            self.found.append(f"include/{name} {where} cmake/public_headers.cmake")


class ThisTree(unittest.TestCase):
    def test_includes_point_down(self):
        self.assertEqual([], Rule(ROOT).check())


class TheTestItself(unittest.TestCase):
    """Each bad include is found; the good ones are not."""

    def check(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files["files"].items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return Rule(root).check()

    def assert_found(self, name, include, expected):
        found = self.check(files={name: f"#include {include}\n"})
        self.assertEqual(1, len(found), found)
        self.assertIn(expected, found[0])
        self.assertTrue(found[0].startswith(f"{name}:1:"), found[0])

    def test_public_header_includes_private(self):
        self.assert_found("include/semantrix/a.hpp", '"base/glob.hpp"', "private")

    def test_public_header_includes_all_of_asio(self):
        self.assert_found("include/semantrix/a.hpp", "<boost/asio.hpp>", "all of Asio")

    def test_include_points_up(self):
        self.assert_found("src/base/a.cpp", '"memory/engine.hpp"', "src/base must not include")
        self.assert_found("src/memory/a.cpp", '"open/open.hpp"', "src/memory must not include")
        self.assert_found("src/layers/tags/a.cpp", '"memory/engine.hpp"', "must not include")

    def test_store_includes_store(self):
        self.assert_found("src/stores/dynamodb/a.cpp", '"stores/in_memory/b.hpp"', "sibling")

    def test_store_includes_shared_client(self):
        self.assertEqual([], self.check(files={
            "src/stores/elasticache/a.cpp": '#include "stores/redis/client.hpp"\n'}))

    def test_include_climbs(self):
        found = self.check(files={"src/memory/a.cpp": '#include "../base/glob.hpp"\n'})
        self.assertTrue(any("climbs" in line for line in found), found)

    def test_protocol_does_io(self):
        for header in ("boost/asio/ip/tcp.hpp", "boost/asio/ssl.hpp", "boost/asio/steady_timer.hpp",
                       "sys/socket.h", "openssl/ssl.h"):
            self.assert_found("src/protocol/resp/a.hpp", f"<{header}>", "no I/O")

    def test_library_prints(self):
        for code in ("std::cerr << 1;", 'printf("%d", 1);', "std::abort();"):
            found = self.check(files={"src/memory/a.cpp": code})
            self.assertEqual(1, len(found), code)
        self.assertEqual([], self.check(files={"src/memory/a.cpp": "// std::cerr is not for us\n"}))

    def test_unknown_folder(self):
        self.assert_found("src/helpers/a.cpp", "<string>", "no folder src/helpers")

    def test_header_list(self):
        found = self.check(files={
            "cmake/public_headers.cmake": "set(x\n  semantrix/gone.hpp\n)\n",
            "include/semantrix/new.hpp": "#pragma once\n"})
        self.assertEqual(2, len(found), found)

    def test_good_includes(self):
        self.assertEqual([], self.check(files={
            "include/semantrix/a.hpp": "#include <semantrix/b.hpp>\n#include <boost/asio/awaitable.hpp>\n",
            "include/semantrix/b.hpp": "#include <string>\n",
            "src/memory/a.cpp": '#include "memory/b.hpp"\n#include "base/glob.hpp"\n#include "b.hpp"\n',
            "src/memory/b.hpp": "#include <semantrix/a.hpp>\n",
            "src/protocol/resp/a.hpp": "#include <span>\n"}))


if __name__ == "__main__":
    sys.exit(unittest.main())
