"""Checks the signer with a folder of the published Signature Version 4 test suite.

    sigv4_vectors_test.py PROGRAM FOLDER

FOLDER holds one folder a case (request.txt, context.json, and the expected texts of the header and
the query form), as aws-c-auth publishes them in tests/aws-signing-test-suite/v4. They are not part
of this project.
"""
import datetime
import hashlib
import json
import pathlib
import sys

from sigv4_support import sign_all

STEPS = ("canonical_request", "string_to_sign", "signature")


def read(path):
    return path.read_bytes().decode().replace("\r\n", "\n")


def parse_request(text):
    head, _, body = text.partition("\n\n")
    first, *lines = head.rstrip("\n").split("\n")
    method, _, rest = first.partition(" ")
    path, _, query = rest.rpartition(" ")[0].partition("?")
    headers = []
    for line in lines:
        if line[0] in " \t":
            headers[-1][1] += "\n" + line
        else:
            name, _, value = line.partition(":")
            headers.append([name, value])
    return {"method": method, "path": path, "query": query, "headers": headers, "body": body}


def load(folder, form):
    context = json.loads(read(folder / "context.json"))
    asked = parse_request(read(folder / "request.txt"))
    moment = datetime.datetime.fromisoformat(context["timestamp"].replace("Z", "+00:00"))
    credentials = context["credentials"]
    asked.update(
        access_key_id=credentials["access_key_id"],
        secret_access_key=credentials["secret_access_key"],
        session_token=credentials.get("token", ""),
        region=context["region"], service=context["service"], time=int(moment.timestamp()),
        normalize_path=context["normalize"],
        sign_session_token=not context.get("omit_session_token", False))
    if context["sign_body"] and form == "header":
        asked["headers"].append(
            ["x-amz-content-sha256", hashlib.sha256(asked["body"].encode()).hexdigest()])
    if form == "query":
        asked["lifetime"] = context["expiration_in_seconds"]
    return asked


def expected(folder, form, step):
    return read(folder / f"{form}-{step.replace('_', '-')}.txt").rstrip("\n")


def wrong_request(folder, form, got):
    """Whether what is sent in the end differs from the suite's signed request."""
    signed = read(folder / f"{form}-signed-request.txt")
    if form == "header":
        return f"Authorization:{got['authorization']}\n" not in signed
    return f"?{got['query']} HTTP/1.1" not in signed.split("\n")[0]


def main():
    program, root = sys.argv[1], pathlib.Path(sys.argv[2])
    folders = sorted(path.parent for path in root.glob("*/context.json"))
    if not folders:
        sys.exit(f"no cases in {root}")
    failed = 0
    for form in ("header", "query"):
        for folder, got in zip(folders, sign_all(program, [load(f, form) for f in folders])):
            wrong = [step for step in STEPS if got[step] != expected(folder, form, step)]
            if not wrong and wrong_request(folder, form, got):
                wrong = ["signed request"]
            failed += bool(wrong)
            for step in wrong[:1]:
                print(f"{folder.name} ({form}): {step}\n{got.get(step, got)}")
                if step in STEPS:
                    print(f"expected\n{expected(folder, form, step)}")
    print(f"{2 * len(folders) - failed} of {2 * len(folders)} pass")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
