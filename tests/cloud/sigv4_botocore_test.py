"""The signer and botocore (PyPI) agree on random requests, step by step.

    sigv4_botocore_test.py PROGRAM WORK_FOLDER [COUNT [SEED]]

botocore goes into an environment of its own in WORK_FOLDER.
"""
import datetime
import pathlib
import random
import subprocess
import sys
import urllib.parse
import venv

from sigv4_support import sign_all

BOTOCORE = "botocore==1.40.1"
TEXTS = ["a", "B7", "-_.~", " ", "  ", "+", "%", "&", "=", "/", "é", "漢", ":", ";", ",", "\"", "*"]


def own_environment(folder):
    """Runs this script again where botocore is, unless this is there."""
    python = folder / "bin" / "python"
    if pathlib.Path(sys.prefix).resolve() == folder.resolve():
        return
    if not python.exists():
        venv.create(folder, with_pip=True)
    check = subprocess.run([python, "-c", "import botocore.auth"], capture_output=True)
    if check.returncode != 0:
        subprocess.run([python, "-m", "pip", "install", "--quiet", BOTOCORE], check=True)
    sys.exit(subprocess.run([python, "-B", *sys.argv]).returncode)


def some_text(draw, most, least=0):
    return "".join(draw.choice(TEXTS) for _ in range(draw.randint(least, most)))


def plain(draw, most, least=1):
    return "".join(draw.choice("abcXYZ0189") for _ in range(draw.randint(least, most)))


def quote(text):
    return urllib.parse.quote(text, safe="-_.~")


def draw_request(draw, number):
    """As it would go over the wire, with what signs it."""
    path = "/" + "/".join(quote(some_text(draw, 4)) for _ in range(draw.randint(0, 4)))
    # In the query form botocore itself drops all but the last of one name.
    queries = {quote(some_text(draw, 3, 1)): quote(some_text(draw, 3))
               for _ in range(draw.randint(0, 4))}
    query = "&".join(f"{name}={value}" for name, value in queries.items())
    names = draw.sample(["X-Amz-Target", "Content-Type", "x-custom", "Accept", "X-Amz-Meta"],
                        draw.randint(0, 5))
    host = f"{plain(draw, 12)}.example.com" + draw.choice(["", "", ":8000"])
    headers = [["Host", host]]
    headers += [[name, f"{some_text(draw, 3).strip()} {plain(draw, 9)}"] for name in names]
    # Latin-1 is what botocore's own headers may hold.
    headers = [[name, value.replace("漢", "h")] for name, value in headers]
    asked = {
        "method": draw.choice(["GET", "POST", "PUT", "DELETE"]), "path": path, "query": query,
        "headers": headers, "body": some_text(draw, 30),
        "access_key_id": plain(draw, 20, 4), "secret_access_key": some_text(draw, 30, 1),
        "session_token": draw.choice(["", some_text(draw, 40, 1)]),
        "region": draw.choice(["us-west-2", "eu-central-1", "local"]),
        "service": draw.choice(["dynamodb", "sts", "elasticache"]),
        "time": draw.randint(1_000_000_000, 2_000_000_000)}
    asked["session_token"] = asked["session_token"].encode("ascii", "ignore").decode().strip()
    if number % 3 != 0:
        asked["query"] += f"&{plain(draw, 2)}=again" * draw.randint(0, 2) if query else ""
    else:
        asked["lifetime"] = draw.choice([1, 900, 3600])
        asked["body"] = ""
    return asked


def expect(asked):
    """What botocore makes of it."""
    from botocore import auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    now = datetime.datetime.fromtimestamp(asked["time"], datetime.timezone.utc)
    now = now.replace(tzinfo=None)

    class Stopped(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return now

        @classmethod
        def now(cls, tz=None):
            return now

    class Module:
        datetime = Stopped

        def __getattr__(self, name):
            return getattr(datetime, name)

    auth.datetime = Module()
    auth.get_current_datetime = lambda *_, **__: now
    credentials = Credentials(asked["access_key_id"], asked["secret_access_key"],
                              asked["session_token"] or None)
    url = f"https://{asked['headers'][0][1]}{asked['path']}"
    if asked["query"]:
        url += "?" + asked["query"]
    request = AWSRequest(asked["method"], url, data=asked["body"].encode())
    for name, value in asked["headers"]:
        request.headers[name] = value
    if "lifetime" in asked:
        signer = auth.SigV4QueryAuth(credentials, asked["service"], asked["region"],
                                     asked["lifetime"])
    else:
        signer = auth.SigV4Auth(credentials, asked["service"], asked["region"])
    steps = {}
    for step in ("canonical_request", "string_to_sign", "signature"):
        def recorded(*arguments, _step=step, _method=getattr(signer, step)):
            steps[_step] = _method(*arguments)
            return steps[_step]
        setattr(signer, step, recorded)
    signer.add_auth(request)
    steps["authorization"] = request.headers.get("Authorization")
    return steps


def main():
    program, work = sys.argv[1], pathlib.Path(sys.argv[2])
    own_environment(work / "botocore_environment")
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 300
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(1 << 32)
    draw = random.Random(seed)
    requests = [draw_request(draw, number) for number in range(count)]
    for number, (asked, got) in enumerate(zip(requests, sign_all(program, requests))):
        for step, wanted in expect(asked).items():
            if wanted is not None and got[step] != wanted:
                sys.exit(f"request {number} of seed {seed}: {asked}\n{step}:\n{got[step]}\n"
                         f"instead of\n{wanted}")
    print(f"{count} requests of seed {seed}: the same signatures")


if __name__ == "__main__":
    main()
