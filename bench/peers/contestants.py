"""Who takes part: each cache's harness, how it is built, and why it is missing if it is."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "bench" / "peers"

# The rivals' best known settings for the machine they run on; README.md says why each was chosen.
JVM_FLAGS = ["-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch", "-XX:+UseParallelGC"]


@dataclass
class Contestant:
    name: str
    title: str
    command: list  # of its harness, without the arguments that all share
    missing: str = ""  # why it does not run; empty: it runs
    floor: bool = False  # so slow that it answers a quarter of the requests
    has_ttl: bool = True
    ours: bool = False


class BuildFailed(Exception):
    """A tool's own last words."""


def build_all(build_dir, policies, build=True):
    """Builds every harness that this machine can build; returns ours, then the rivals. Without
    `build` they are taken as they stand."""
    cmake_dir = build_dir / "release"
    other_dir = build_dir / "peers"
    if build:
        build_cpp(cmake_dir)
    binaries = cmake_dir / "bench" / "peers"
    ours = [
        Contestant(f"semantrix_{policy}", policy,
                   [str(binaries / "semantrix_peer"), "--policy", policy], ours=True)
        for policy in policies
    ]
    return ours, rust_rivals(other_dir / "rust", build) + java_rivals(
        other_dir / "java", build) + [
        tbb_rival(binaries),
        Contestant("mutex_lru", "mutex LRU", [str(binaries / "mutex_lru_peer")],
                   floor=True, has_ttl=False),
    ]


def build_cpp(cmake_dir):
    """Configures the release build if nobody has, and brings the C++ harnesses up to date."""
    run(["cmake", "--preset", "release", "-B", str(cmake_dir), "-DSEMANTRIX_BUILD_BENCHMARKS=ON"],
        cwd=ROOT)
    run(["cmake", "--build", str(cmake_dir), "--parallel", str(os.cpu_count()),
         "--target", "peers"], cwd=ROOT)


def tbb_rival(binaries):
    binary = binaries / "tbb_peer"
    missing = "" if binary.exists() else "oneTBB's headers are not installed"
    return Contestant("tbb_lru", "oneTBB", [str(binary)], missing, floor=True, has_ttl=False)


def rust_rivals(directory, build):
    missing = attempt("cargo", lambda: build_rust(directory)) if build else ""
    binaries = directory / "target" / "release"
    return [
        Contestant("quick_cache", "quick_cache", [str(binaries / "quick_cache_peer")], missing,
                   has_ttl=False),
        Contestant("moka", "moka", [str(binaries / "moka_peer")], missing),
    ]


def build_rust(directory):
    # Cargo writes its lock file beside the manifest: a copy keeps the sources as they are.
    shutil.copytree(PEERS / "rust", directory, dirs_exist_ok=True)
    run(["cargo", "build", "--release", "--quiet"], cwd=directory)


def java_rivals(directory, build):
    missing = attempt("java", lambda: None)
    if build and not missing:
        missing = attempt("mvn", lambda: build_java(directory))
    command = ["java", *JVM_FLAGS, "-cp", f"{directory}/*", "semantrix.peers.CaffeinePeer"]
    return [Contestant("caffeine", "Caffeine", command, missing)]


def build_java(directory):
    run(["mvn", "-q", "-B", "package", f"-Dpeers.build={directory}"], cwd=PEERS / "java")


def attempt(tool, build):
    """Runs `build`; returns why it could not be done, or nothing."""
    if shutil.which(tool) is None:
        return f"{tool} is not installed"
    try:
        build()
    except BuildFailed as problem:
        return str(problem)
    return ""


def run(command, cwd):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        words = done.stdout.strip().splitlines()[-20:]
        raise BuildFailed(f"{' '.join(command[:2])} failed: " + "\n".join(words))
