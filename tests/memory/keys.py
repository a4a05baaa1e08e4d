"""Every key that opening a vault brings forth, one `NAME hex VALUE` a line, as memory-search reads them.

    keys.py VAULT < password

Runs docs/decrypt.py and listens at the libraries it calls, so that it need not know the format.
"""
import contextlib
import io
import runpy
import sys
from pathlib import Path

import argon2.low_level
from cryptography.hazmat.primitives.ciphers import aead
from cryptography.hazmat.primitives.kdf import hkdf

found = {}


def keep(name, value):
    if len(value) == 32:
        found.setdefault(value, f"{name}-{len(found) + 1}")
    return value


def listening(real, method, name):
    """A class that behaves like `real` and keeps what the method returns."""

    class Listener:
        def __init__(self, *given):
            self.real = real(*given)

    def call(self, *given):
        return keep(name, getattr(self.real, method)(*given))

    setattr(Listener, method, call)
    return Listener


hash_secret_raw = argon2.low_level.hash_secret_raw
argon2.low_level.hash_secret_raw = lambda *given, **named: keep("password-key", hash_secret_raw(*given, **named))
hkdf.HKDF = listening(hkdf.HKDF, "derive", "derived-key")
hkdf.HKDFExpand = listening(hkdf.HKDFExpand, "derive", "derived-key")
# What opens to 32 bytes is the content key, out of its slot.
aead.AESGCM = listening(aead.AESGCM, "decrypt", "content-key")

vault, decrypt = Path(sys.argv[1]), Path(__file__).resolve().parents[2] / "docs" / "decrypt.py"
sys.argv = [str(decrypt), str(vault)]
with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
    try:
        runpy.run_path(str(decrypt), run_name="__main__")
    except SystemExit as ended:
        if ended.code:
            raise
public = vault.read_bytes()
for value, name in found.items():
    # The commitment is made like a key, and stands in the file for all to read.
    if value.hex().encode() not in public:
        print(name, "hex", value.hex())
