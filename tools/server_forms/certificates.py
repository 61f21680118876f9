"""A CA of the run's own and what it signed, made once a run; elliptic curves take milliseconds."""
import subprocess

from .faults import Fault, program

LOOPBACK = "DNS:localhost,IP:127.0.0.1"
# name: (who signs, subject alternative names, days it is valid)
SIGNED = {
    "server": ("ca", LOOPBACK, 30),
    "client": ("ca", "DNS:client.invalid", 30),
    # What a verifying client must refuse.
    "other_name": ("ca", "DNS:elsewhere.invalid", 30),
    "expired": ("ca", LOOPBACK, -1),
    "unknown_ca": ("stranger", LOOPBACK, 30),
}


class Certificates:
    """Files in `folder`: NAME.crt and NAME.key of each authority and of each name in SIGNED."""

    def __init__(self, folder):
        self.folder = folder
        self._made = False

    def path(self, name):
        self._make()
        return str(self.folder / name)

    def _make(self):
        if self._made:
            return
        self._made = True
        self.folder.mkdir()
        for authority in ("ca", "stranger"):
            self._openssl("req", "-x509", *self._new_key(authority), "-days", "30", "-out",
                          f"{authority}.crt", "-subj", f"/CN=semantrix test {authority}")
        for name, (authority, names, days) in SIGNED.items():
            self._openssl("req", *self._new_key(name), "-out", f"{name}.csr", "-subj",
                          f"/CN={name}")
            extensions = self.folder / f"{name}.ext"
            extensions.write_text(f"subjectAltName={names}\n", encoding="ascii")
            self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.crt", "-CAkey",
                          f"{authority}.key", "-CAcreateserial", "-days", str(days), "-extfile",
                          extensions.name, "-out", f"{name}.crt")

    def _new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                f"{name}.key"]

    def _openssl(self, *arguments):
        done = subprocess.run([program("openssl"), *arguments], cwd=self.folder, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Fault(f"openssl {arguments[0]} failed: {' '.join(done.stdout.split())}")
