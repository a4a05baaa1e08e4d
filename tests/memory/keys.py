"""Every key that opening a vault brings forth, one `NAME hex VALUE` a line, as memory-search reads them.

    keys.py VAULT < password

Runs docs/decrypt.py and listens at the libraries it calls; of the format it knows what keys are derived for. A kind of key that
should come forth and does not is an error: whoever looks for nothing finds nothing.
"""
import contextlib
import hmac
import io
import runpy
import sys
from pathlib import Path

import argon2.low_level
from cryptography.hazmat.primitives.ciphers import aead

EXPECTED = {"password-key", "slot-key", "content-key", "extracted-key", "body-key"}
found, kinds = {}, set()


def keep(name, value):
    if len(value) == 32 and value not in found:
        found[value] = f"{name}-{len(found) + 1}"
        kinds.add(name)
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


def digest(key, message, how):
    for purpose, name in ((b"warifu/1/slot", "slot-key"), (b"warifu/1/body", "body-key"), (b"warifu/1/commitment", "commitment")):
        if message.startswith(purpose):
            return keep(name, hmac_digest(key, message, how))
    return keep("extracted-key", hmac_digest(key, message, how))


hash_secret_raw = argon2.low_level.hash_secret_raw
argon2.low_level.hash_secret_raw = lambda *given, **named: keep("password-key", hash_secret_raw(*given, **named))
hmac_digest = hmac.digest
hmac.digest = digest
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
if missing := EXPECTED - kinds:
    sys.exit(f"{decrypt} brought forth no {', '.join(sorted(missing))}")
for value, name in found.items():
    # The commitment is made like a key, and stands in the file for all to read.
    if value.hex().encode() not in public:
        print(name, "hex", value.hex())
