"""The token that a service account signs itself, against google-auth's: it accepts ours, and its
own has the same header and claims. google-auth comes from PyPI into a folder of the build."""
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import venv

PROGRAM, FOLDER = sys.argv[1:3]
PACKAGES = ["google-auth>=2.30,<3", "cryptography"]
EMAIL = "cache@your-project-id.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def enter_environment():
    """Runs this file again where google-auth is installed."""
    folder = pathlib.Path(FOLDER) / "google_auth"
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        (folder / "installed").touch()
    sys.exit(subprocess.run([python, "-B", __file__, PROGRAM, FOLDER, "inside"], check=False)
             .returncode)


class SelfSignedToken(unittest.TestCase):
    def setUp(self):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.public = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.info = {
            "type": "service_account", "client_email": EMAIL, "private_key_id": "key-1",
            "token_uri": "https://oauth2.googleapis.com/token",
            "private_key": self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption()).decode()}

    def ours(self, seconds):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(self.info, file)
            file.flush()
            done = subprocess.run([PROGRAM, file.name, str(seconds)], capture_output=True, text=True,
                                  check=True)
        return done.stdout.strip()

    def theirs(self):
        from google.oauth2 import service_account
        credentials = service_account.Credentials.from_service_account_info(
            self.info, scopes=[SCOPE], always_use_jwt_access=True)
        credentials._create_self_signed_jwt(None)
        credentials.refresh(None)
        return credentials.token

    def test_google_auth_accepts_it(self):
        from google.auth import jwt
        now = int(time.time())
        claims = jwt.decode(self.ours(now), certs=self.public)
        self.assertEqual(claims["iss"], EMAIL)
        self.assertEqual(claims["exp"], now + 3600)

    def test_header_and_claims_agree(self):
        from google.auth import jwt
        theirs = jwt.decode(self.theirs(), certs=self.public)
        ours = jwt.decode(self.ours(theirs["iat"]), certs=self.public)
        self.assertEqual(ours, theirs)
        self.assertEqual(jwt.decode_header(self.ours(theirs["iat"])),
                         jwt.decode_header(self.theirs()))

    def test_a_token_of_another_key_is_refused(self):
        from google.auth import exceptions, jwt
        token = self.ours(int(time.time()))
        self.setUp()
        with self.assertRaises((ValueError, exceptions.GoogleAuthError)):
            jwt.decode(token, certs=self.public)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        enter_environment()
    unittest.main(argv=sys.argv[:1])
