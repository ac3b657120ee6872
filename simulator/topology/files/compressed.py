"""The bytes of a file, decompressed where its name says that it is compressed, and never more than allowed."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits

COMPRESSED = (".gz", ".zst")


def suffix_of(path: Path) -> str:
    """Return the suffix of a path in lower case, without that of its compression."""
    return Path(path.stem if path.suffix.lower() in COMPRESSED else path.name).suffix.lower()


def read_bytes(path: Path) -> bytes:
    """Return what a file holds; at most `limits.MAX_BYTES`, also after decompression."""
    if not path.is_file():
        raise TopologyError("there is no such file")
    try:
        data = _content(path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TopologyError(f"expected a whole {path.suffix} file, got an error: {error}") from error
    except OSError as error:
        raise TopologyError(f"cannot be read: {error.strerror or error}") from error
    limits.check_size("bytes", len(data), limits.MAX_BYTES)
    return data


def _content(path: Path) -> bytes:
    suffix, most = path.suffix.lower(), limits.MAX_BYTES + 1
    with path.open("rb") as file:
        if suffix == ".gz":
            with gzip.open(file) as unpacked:
                return unpacked.read(most)
        if suffix == ".zst":
            import pyarrow as pa

            with pa.CompressedInputStream(file, "zstd") as stream:
                return bytes(stream.read(most))
        return file.read(most)
