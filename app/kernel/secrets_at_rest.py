"""Encryption of single columns at rest: AES in GCM mode, so that the same words never give the same bytes."""

from typing import Any

from flask import current_app
from sqlalchemy import Text
from sqlalchemy_utils import StringEncryptedType
from sqlalchemy_utils.types.encrypted.encrypted_type import AesGcmEngine


def _data_key() -> Any:
    return current_app.config["JC_SETTINGS"].data_key


Encrypted = StringEncryptedType(Text, _data_key, AesGcmEngine)
