#!/usr/bin/env python3
"""Reads a Warifu vault without Warifu.

    decrypt.py VAULT < password        (the password is the first line of standard input)

Prints the entries as JSON, secrets included. Follows docs/vault-format.md and shares no code with
Warifu. Needs: pip install cryptography argon2-cffi
Exit codes: 0 done, 1 damaged or refused, 2 wrong usage, 4 wrong password.
"""
import hashlib
import hmac
import json
import re
import struct
import sys
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

MAGIC = b"\x89WRF\r\n\x1a\n"
MIB = 1024 * 1024


class Refused(Exception):
    """The file is not a sound vault of a format this script knows."""


def require(condition, what):
    if not condition:
        raise Refused(what)


def strict_json(data):
    def unique(pairs):
        members = dict(pairs)
        require(len(members) == len(pairs), "a repeated name in the JSON")
        return members

    def no_constant(name):
        raise Refused(f"{name} in the JSON")

    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_constant=no_constant)
    except ValueError:
        raise Refused("what should be JSON is not") from None


def octets(text, length):
    require(re.fullmatch("[0-9a-f]{%d}" % (2 * length), text), f"not {length} bytes in hexadecimal")
    return bytes.fromhex(text)


def split(data):
    """Checks frame and digests. Returns the preamble, the header's JSON and the sealed body."""
    require(44 <= len(data) <= 64 * MIB, "not of a vault's size")
    require(data.startswith(MAGIC), "not a vault")
    require(hashlib.sha256(data[:-32]).digest() == data[-32:], "damaged: file digest")
    major, minor = struct.unpack(">HH", data[8:12])
    require(major == 1, f"format {major}.{minor} is not known to this script")
    require(len(data) >= 104, "damaged: too short")
    (header_len,) = struct.unpack(">I", data[12:16])
    end = 16 + header_len
    preamble = data[: end + 32]
    require(header_len <= 256 * 1024 and end + 40 <= len(data), "damaged: length of the header")
    require(hashlib.sha256(data[:end]).digest() == preamble[end:], "damaged: header digest")
    (body_len,) = struct.unpack(">Q", data[end + 32 : end + 40])
    require(body_len >= 16 and end + 40 + body_len + 32 == len(data), "damaged: length of the body")
    return preamble, data[16:end], data[end + 40 : -32]


def unwrap(slot, vault_id, password):
    """The content key from a password slot, or None if the password is not that slot's."""
    kdf, slot_id = slot["kdf"], octets(slot["id"], 16)
    require(kdf["algorithm"] == "argon2id" and kdf["version"] == 19, "unknown key derivation")
    cost = memory, passes, lanes = [kdf[name] for name in ("memory_kib", "time_cost", "lanes")]
    require(all(type(number) is int for number in cost), "a cost is not a whole number")
    bounds = 19 * 1024 <= memory <= 1024 * 1024 and 1 <= passes <= 16 and 1 <= lanes <= 8
    require(bounds, "the key derivation is out of bounds")
    salt = octets(kdf["salt"], 16)
    key = hash_secret_raw(password, salt, passes, memory, lanes, 32, Type.ID, 19)
    name = b"\x08password" + vault_id + slot_id
    key = HKDFExpand(SHA256(), 32, b"warifu/1/slot" + name).derive(key)
    costs = struct.pack(">IIII", 19, memory, passes, lanes)
    associated_data = b"warifu/1/slot-aad" + name + b"\x08argon2id" + costs + salt
    nonce, wrapped_key = octets(slot["nonce"], 12), octets(slot["wrapped_key"], 48)
    try:
        return AESGCM(key).decrypt(nonce, wrapped_key, associated_data)
    except InvalidTag:
        return None


def open_vault(data, password):
    """The body's JSON as Python values, or None if the password is wrong."""
    preamble, header, body = split(data)
    header = strict_json(header)
    vault_id, salt = octets(header["vault_id"], 16), octets(header["salt"], 32)
    slots = [slot for slot in header["slots"] if slot["type"] == "password"]
    require(slots, "the vault has no password slot")
    password = unicodedata.normalize("NFKC", password).encode("utf-8")
    keys = (unwrap(slot, vault_id, password) for slot in slots)
    content_key = next((key for key in keys if key is not None), None)
    if content_key is None:
        return None

    def derive(purpose):
        return HKDF(SHA256(), 32, salt, purpose + vault_id).derive(content_key)

    commitment = derive(b"warifu/1/commitment")
    good = hmac.compare_digest(commitment, octets(header["commitment"], 32))
    require(good, "tampered: the vault is committed to another key")
    body_key, nonce = derive(b"warifu/1/body"), octets(header["nonce"], 12)
    try:
        plaintext = AESGCM(body_key).decrypt(nonce, body, preamble)
    except InvalidTag:
        raise Refused("tampered: header and body do not belong together") from None
    used = 4 + struct.unpack(">I", plaintext[:4])[0]
    bucket = max(4096, 1 << (used - 1).bit_length()) if used <= MIB else -(-used // MIB) * MIB
    require(len(plaintext) == bucket, "damaged: length of the contents")
    require(not any(plaintext[used:]), "damaged: the padding is not zero")
    return strict_json(plaintext[4:used])


def main():
    if len(sys.argv) != 2:
        sys.stderr.write(__doc__)
        return 2
    password = sys.stdin.buffer.readline().decode("utf-8").rstrip("\r\n")
    try:
        with open(sys.argv[1], "rb") as file:
            contents = open_vault(file.read(64 * MIB + 1), password)
    except (OSError, Refused, KeyError, TypeError) as error:
        sys.stderr.write(f"{sys.argv[1]}: {error}\n")
        return 1
    if contents is None:
        sys.stderr.write("The password is wrong.\n")
        return 4
    text = json.dumps(contents["entries"], ensure_ascii=False, indent=2) + "\n"
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))  # half a surrogate pair
    return 0


if __name__ == "__main__":
    sys.exit(main())
