"""Seals what is kept of a file while it is being loaded: AES-GCM with the key of the installation, bound to the load and the
place in it, so that no part can be put in another's place. It makes the secret of a load's job of the same key.
"""

import json
import os
import uuid
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kernel.ids import derived_secret

NONCE = 12


def seal(key: bytes, content: bytes, run: uuid.UUID, place: str) -> bytes:
    """The content as it may lie in the database."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, _bound(run, place))


def unseal(key: bytes, sealed: bytes, run: uuid.UUID, place: str) -> bytes:
    """The content again. Raises InvalidTag for what was changed or stands in another place."""
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], _bound(run, place))


def seal_value(key: bytes, value: Any, run: uuid.UUID, place: str) -> bytes:
    """The same of a plain value."""
    return seal(key, json.dumps(value, ensure_ascii=False).encode(), run, place)


def unseal_value(key: bytes, sealed: bytes, run: uuid.UUID, place: str) -> Any:
    """The plain value again."""
    return json.loads(unseal(key, sealed, run, place))


def secret_of(key: bytes, run: uuid.UUID, nonce: str) -> str:
    """The secret under which a load's job speaks. It is stored nowhere: who has the key and the nonce makes it again."""
    return derived_secret(key, f"import {run} {nonce}")


def _bound(run: uuid.UUID, place: str) -> bytes:
    return f"{run} {place}".encode()
