"""Turn what identifies a person into a key that joins rows and tells nothing."""

import hashlib
import secrets

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.errors import BadInputError

_KEY_BYTES = 16
_SHORTEST_SALT_BYTES = 16
_SALT_BYTES = 32
_BLOCK_BYTES = 64
_INNER, _OUTER = 0x36, 0x5C


class Pseudonyms:
    """Keyed pseudonyms: HMAC-SHA-256 (RFC 2104) of a value, cut to 16 bytes, as 32 hex digits.

    A plain hash of a mobile number or an order number is no protection: there are fewer than 10^11
    mobiles, and all their hashes can be computed in minutes. With a secret key the hash is a
    pseudorandom function: without the salt nobody can try candidates, and two shops with
    different salts cannot be joined. Cutting to 128 bits keeps collisions out of reach (about
    10^-19 for 10^10 different values, birthday bound) and takes nothing from the secrecy. All keys
    have one length, so none is the beginning of another, and one value has one key for as long as
    the salt lives; destroying the salt makes every key anonymous.

    The value is taken as it is: normalise it first if spellings should meet.

    Args:
        salt: the workspace's secret, at least 16 bytes.

    Raises:
        BadInputError: the salt is too short to be secret.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, salt: bytes) -> None:
        if len(salt) < _SHORTEST_SALT_BYTES:
            raise BadInputError(
                "匿名化密钥",
                f"只有 {len(salt)} 字节，至少要 {_SHORTEST_SALT_BYTES} 字节",
                "请恢复工作区 secrets 目录里的密钥文件，或重新生成",
            )
        key = hashlib.sha256(salt).digest() if len(salt) > _BLOCK_BYTES else salt
        block = key.ljust(_BLOCK_BYTES, b"\0")
        # RFC 2104 with the salted halves hashed once for all values: twice as fast as one
        # HMAC after another.
        self._inner = hashlib.sha256(bytes(byte ^ _INNER for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ _OUTER for byte in block))

    def key(self, value: str) -> str:
        """Return the 32 hex digits that stand for one value."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(value.encode())
        outer.update(inner.digest())
        return outer.hexdigest()[: 2 * _KEY_BYTES]

    def keys(self, values: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Return the key of every value, shape `(n,)`, nulls kept; each distinct value once."""
        whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
        encoded = pc.dictionary_encode(whole.cast(pa.string()))
        keys = [self.key(value) for value in encoded.dictionary.to_pylist()]
        return pa.array(keys, pa.string()).take(encoded.indices)


def new_salt() -> bytes:
    """Return 32 fresh random bytes from the operating system, for a new workspace to keep."""
    return secrets.token_bytes(_SALT_BYTES)
