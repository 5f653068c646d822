"""New identifiers: keys for the database, secrets for sessions, and references a person can say on the telephone.

A reference is nine characters of Crockford's base 32 in three groups (``K4F-72M-9QX``). Eight are random, so a
reference tells neither volume nor order; the ninth is a check character over GF(32), which catches every single wrong
character and every swap of two neighbours.
"""

import base64
import hashlib
import hmac
import os
import secrets
import time
import uuid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 8
# What people say or type for a character that the alphabet leaves out (Crockford).
HEARD_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_key() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    number = (milliseconds & (2**48 - 1)) << 80 | tail
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=number)


def new_secret() -> str:
    """256 random bits as URL-safe text, for a session or an API token."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """What is stored of a secret: SHA-256 in hex. The secret has 256 random bits, so it needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derived_secret(key: bytes, words: str) -> str:
    """A secret that is stored nowhere: whoever has the key and the words makes it again."""
    made = hmac.new(key, words.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _times_two(value: int) -> int:
    """Multiply by the generator of GF(32) with the polynomial x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _check_character(characters: str) -> str:
    value = 0
    for character in characters:
        value = _times_two(value ^ ALPHABET.index(character))
    return ALPHABET[value]


def new_reference() -> str:
    """A fresh reference in its written form: three groups of three characters."""
    return _written("".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH)))


def _written(characters: str) -> str:
    whole = characters + _check_character(characters)
    return f"{whole[:3]}-{whole[3:6]}-{whole[6:]}"


def parse_reference(text: str) -> str | None:
    """The written form of a reference typed in any case, spacing or grouping; None if it is not one."""
    characters = "".join(c for c in text.upper() if c not in " -.\u2010\u2011\u2013").translate(HEARD_AS)
    if len(characters) != RANDOM_LENGTH + 1 or any(c not in ALPHABET for c in characters):
        return None
    written = _written(characters[:-1])
    return written if written[-1] == characters[-1] else None
