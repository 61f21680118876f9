"""Asks the project's signer (cloud_program sign) many requests at once."""
import json
import subprocess


def sign_all(program, requests):
    """One answer a request, in their order."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run([program, "sign"], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(requests), "an answer is missing"
    return answers
