"""Passwords: what makes one good enough, how it is kept (argon2id), and how it is compared without telling who exists.
"""

import base64
import os
import re
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel.config import Settings

LEAST, MOST = 12, 1000
GOOD_ENOUGH = 3  # of zxcvbn's 0 to 4: more than a hundred million guesses
JUDGED = 72  # zxcvbn's time grows with the square of the length; a longer password is judged by its beginning
LEAST_OF_ITS_OWN = 8  # characters besides what a guesser knows of the person
_KNOWN = "it has your name, user name or organisation in it"
_HASH_BYTES, _SALT_BYTES = 32, 16
# zxcvbn keeps what it was told of a person in one table of its own for all threads.
_judging = threading.Lock()


@cache
def _hasher(time: int, memory_kib: int, parallelism: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time, memory_cost=memory_kib, parallelism=parallelism, hash_len=_HASH_BYTES,
                          salt_len=_SALT_BYTES)


def hasher(settings: Settings) -> PasswordHasher:
    """The hasher at the cost that the settings name."""
    return _hasher(settings.argon2_time, settings.argon2_memory_kib, settings.argon2_parallelism)


@cache
def nobodys_hash(maker: PasswordHasher) -> str:
    """The hash of no password, at the present cost: comparing with it takes as long as with anybody's."""
    salt, digest = (base64.b64encode(os.urandom(size)).rstrip(b"=").decode() for size in (_SALT_BYTES, _HASH_BYTES))
    cost = f"m={maker.memory_cost},t={maker.time_cost},p={maker.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def matches(maker: PasswordHasher, kept: str | None, password: str) -> bool:
    """Whether this is the password that was kept. One comparison is made whether or not there is any."""
    try:
        maker.verify(kept or nobodys_hash(maker), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def problems(password: str, known: Sequence[str]) -> list[str]:
    """What is wrong with a new password, in plain words; ``known`` is what a guesser may know of the person."""
    if len(password) < LEAST:
        return [
            f"Use {LEAST} characters or more. Three or four words that have nothing to do with each other are easy to "
            "remember."
        ]
    if len(password) > MOST:
        return [f"Use {MOST} characters at most."]
    if password.strip() == "":
        return ["Use something other than spaces."]
    return list(_easy(password, known))


def _easy(password: str, known: Sequence[str]) -> Iterator[str]:
    words = sorted({part for whole in known for part in (whole, *re.split(r"\W+", whole)) if len(part) > 2})
    judged = _judged(password[:JUDGED], words)
    own = len(_without(password.casefold(), words)) < LEAST_OF_ITS_OWN
    if judged["score"] >= GOOD_ENOUGH and not own:
        return
    found = {said for part in judged["sequence"] if (said := _said_of(part))} if not own else {_KNOWN}
    yield "This is easy to guess" + (f": {'; '.join(sorted(found))}." if found else ".")
    yield "Add a word or two that have nothing to do with the rest."


def _without(password: str, words: Sequence[str]) -> str:
    """What is left of it when what a guesser knows is taken out."""
    for word in sorted(map(str.casefold, words), key=len, reverse=True):
        password = password.replace(word, "")
    return "".join(password.split())


def _judged(password: str, words: Sequence[str]) -> dict[str, Any]:
    from zxcvbn import zxcvbn  # its word lists take a moment to read: only where somebody chooses a password

    with _judging:
        found: dict[str, Any] = zxcvbn(password, user_inputs=words)
        zxcvbn("x", user_inputs=[])  # forget the person
    return found


def _said_of(part: dict[str, Any]) -> str:
    """Why a piece of it is easy, without the piece itself."""
    pattern = part["pattern"]
    if pattern == "dictionary":
        lists = {"user_inputs": _KNOWN,
                 "passwords": "it has a password in it that many people use"}
        return lists.get(part["dictionary_name"], "it is made of common words or names")
    return {"spatial": "it follows the keys of the keyboard", "repeat": "it repeats itself",
            "sequence": "it counts up or down, like abc or 123", "regex": "it has a year in it",
            "date": "it has a date in it"}.get(pattern, "")
