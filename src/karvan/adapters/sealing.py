"""Sealing bytes: AES-256 in Galois/Counter mode, a nonce at random before each sealed text.

Source: NIST SP 800-38D. What is sealed is bound to a name, so that nothing sealed for one person
opens as another's.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from karvan.domain.errors import InvalidInput, VaultLocked

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PRIVATE: Final = 0o600


def new_key() -> bytes:
    """Draw a key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plain: bytes, name: str) -> bytes:
    """Seal bytes under a key, bound to a name."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, name.encode("utf-8"))


def unseal(key: bytes, sealed: bytes, name: str) -> bytes | None:
    """Open what was sealed; None where key, name or bytes are others."""
    if len(sealed) <= _NONCE_BYTES:
        return None
    try:
        return AESGCM(key).decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode("utf-8")
        )
    except InvalidTag:
        return None


def write_master(target: Path) -> None:
    """Write a new master key to a new file.

    Raises
    ------
    InvalidInput
        The file is there already or cannot be written.
    """
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    except FileExistsError:
        raise InvalidInput("there is such a file already", path=str(target)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput("the file cannot be written", path=str(target), reason=reason) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(base64.b64encode(new_key()).decode("ascii") + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_master(source: Path | None) -> bytes:
    """Read the master key.

    Raises
    ------
    VaultLocked
        No file is named, or it holds no key.
    """
    if source is None:
        raise VaultLocked("no master key is set; name its file in the setting vault_key")
    try:
        key = base64.b64decode(source.read_text(encoding="ascii").strip(), validate=True)
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise VaultLocked("the file of the master key holds no key", path=str(source))
    return key
