"""What went wrong, in one sentence for the person who ran the program."""
import shutil

PACKAGES = {"redis-server": "redis-server", "redis-cli": "redis-tools", "memcached": "memcached",
            "openssl": "openssl", "npm": "npm", "node": "nodejs", "java": "default-jre-headless"}


class Fault(Exception):
    """Ends the program with status 1 and its sentence on standard error."""


def program(name):
    """The path of a program that a form needs."""
    path = shutil.which(name)
    if path is None:
        raise Fault(f"{name} is not installed; install the Debian package {PACKAGES[name]} "
                    "or run tools/bootstrap test.")
    return path
