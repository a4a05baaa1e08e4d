#!/usr/bin/env python3
"""Reads a Warifu vault without Warifu.

    decrypt.py VAULT < password     (first line of standard input: the password or the recovery key)

Prints the entries as JSON, secrets included. Follows docs/vault-format.md and shares no code with
Warifu. Needs: pip install cryptography argon2-cffi
Exit codes: 0 done, 1 damaged or refused, 2 wrong usage, 4 wrong password or recovery key.
"""
import hashlib, hmac, json, re, struct, sys, unicodedata

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MIB = 1024 * 1024
SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
IGNORED = "[\\s\u2010-\u2015\u2212\u30fc\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff-]"  # in a recovery key

Refused = type("Refused", (Exception,), {})  # not a sound vault of a format this script knows


def require(condition, what):
    if not condition:
        raise Refused(what)


def strict_json(data):
    def unique(pairs):
        require(len(dict(pairs)) == len(pairs), "a repeated name in the JSON")
        return dict(pairs)

    try:  # of the name of a constant, such as NaN, there is no dict either
        return json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_constant=unique)
    except ValueError:
        raise Refused("what should be JSON is not") from None


def octets(text, length):
    require(re.fullmatch("[0-9a-f]{%d}" % (2 * length), text), f"not {length} bytes in hexadecimal")
    return bytes.fromhex(text)


def split(data):
    """Checks frame and digests. Returns the preamble, the header's JSON and the sealed body."""
    require(44 <= len(data) <= 64 * MIB, "not of a vault's size")
    require(data.startswith(b"\x89WRF\r\n\x1a\n"), "not a vault")
    require(hashlib.sha256(data[:-32]).digest() == data[-32:], "damaged: file digest")
    major, minor, header_len = struct.unpack(">HHI", data[8:16])
    require(major == 1, f"format {major}.{minor} is not known to this script")
    preamble = data[: (end := 16 + header_len) + 32]
    require(header_len <= 256 * 1024 and end + 40 <= len(data), "damaged: length of the header")
    require(hashlib.sha256(data[:end]).digest() == preamble[end:], "damaged: header digest")
    body_len = int.from_bytes(data[end + 32 : end + 40], "big")
    require(body_len >= 16 and end + 40 + body_len + 32 == len(data), "damaged: length of the body")
    return preamble, strict_json(data[16:end]), data[end + 40 : -32]


def recovery_key(line):
    """The 20 bytes of a recovery key, or None if the line is none."""
    typed, bits = re.sub(IGNORED, "", unicodedata.normalize("NFKC", line).upper()), ""
    if len(typed) != 40 or not set(typed) <= set(SYMBOLS):
        return None
    for group in range(8):
        values = [SYMBOLS.index(symbol) for symbol in typed[5 * group : 5 * group + 5]]
        check = 1
        for value in [0] * (group + 1) + values[3::-1]:  # Horner's rule in GF(32)
            check = (check ^ value) << 1 ^ (0b100101 if (check ^ value) & 16 else 0)
        if check != values[4]:
            return None
        bits += "".join(f"{value:05b}" for value in values[:4])
    return int(bits, 2).to_bytes(20, "big")


def cost_of(slot):
    """Memory, passes and lanes of a password slot, within bounds."""
    kdf = slot["kdf"]
    require((kdf["algorithm"], kdf["version"]) == ("argon2id", 19), "unknown key derivation")
    cost = memory, passes, lanes = [kdf[name] for name in ("memory_kib", "time_cost", "lanes")]
    bounds = 19 * 1024 <= memory <= 1024 * 1024 and 1 <= passes <= 16 and 1 <= lanes <= 8
    require(bounds and {type(number) for number in cost} == {int}, "the key derivation is out of bounds")
    return cost


def unwrap(slot, vault_id, line):
    """The content key, or None if the line is not that slot's password or recovery key."""
    kind, typed = slot["type"], recovery_key(line)
    if kind == "recovery" and typed is not None:
        parameters = octets(slot["salt"], 16)
        key = hmac.digest(parameters, typed, "sha256")
    elif kind == "password":
        salt, cost = octets(slot["kdf"]["salt"], 16), cost_of(slot)
        password = unicodedata.normalize("NFKC", line).encode("utf-8")
        key = hash_secret_raw(password, salt, cost[1], cost[0], cost[2], 32, Type.ID, 19)
        parameters = b"\x08argon2id" + struct.pack(">IIII", 19, *cost) + salt
    else:
        return None
    name = bytes([len(kind)]) + kind.encode() + vault_id + octets(slot["id"], 16)
    key = hmac.digest(key, b"warifu/1/slot" + name + b"\x01", "sha256")  # HKDF-Expand, one block
    nonce, wrapped_key = octets(slot["nonce"], 12), octets(slot["wrapped_key"], 48)
    try:
        return AESGCM(key).decrypt(nonce, wrapped_key, b"warifu/1/slot-aad" + name + parameters)
    except InvalidTag:
        return None


def open_vault(data, line):
    """The entries as Python values, or None if no slot opens with the line."""
    preamble, header, body = split(data)
    vault_id, salt = octets(header["vault_id"], 16), octets(header["salt"], 32)
    _ = [cost_of(slot) for slot in header["slots"] if slot["type"] == "password"]  # all, before any work
    keys = (unwrap(slot, vault_id, line) for slot in header["slots"])
    if (content_key := next(filter(None, keys), None)) is None:
        return None

    def derive(purpose):
        return hmac.digest(hmac.digest(salt, content_key, "sha256"), purpose + vault_id + b"\x01", "sha256")

    good = hmac.compare_digest(derive(b"warifu/1/commitment"), octets(header["commitment"], 32))
    require(good, "tampered: the vault is committed to another key")
    try:
        plaintext = AESGCM(derive(b"warifu/1/body")).decrypt(octets(header["nonce"], 12), body, preamble)
    except InvalidTag:
        raise Refused("tampered: header and body do not belong together") from None
    used = 4 + int.from_bytes(plaintext[:4], "big")
    bucket = max(4096, 1 << (used - 1).bit_length()) if used <= MIB else -(-used // MIB) * MIB
    require(len(plaintext) == bucket and not any(plaintext[used:]), "damaged: the padding")
    return strict_json(plaintext[4:used])["entries"]


def main():
    if len(sys.argv) != 2:
        sys.stderr.write(__doc__)
        return 2
    line = sys.stdin.buffer.readline().decode("utf-8", "replace").rstrip("\r\n")  # not UTF-8: nobody's
    try:
        entries = open_vault(open(sys.argv[1], "rb").read(64 * MIB + 1), line)
        text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    except (OSError, Refused, KeyError, TypeError, RecursionError) as error:
        sys.stderr.write(f"{sys.argv[1]}: {error}\n")
        return 1
    if entries is None:
        sys.stderr.write("No slot opens with this password or recovery key.\n")
        return 4
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))  # half a surrogate pair
    return 0


if __name__ == "__main__":
    sys.exit(main())
