"""A user's own patterns: arrays and images, made ±1 by a stated rule."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Int8

from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.memory.patterns.catalogue import patterns
from hubbub.simulator.memory.patterns.checked import Patterns

IMAGES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff")
BINARY = ((-1, 1), (0, 1), (0, 255), (0, 65535))
"""Values of which the second stands for +1; the first pair that holds all values is taken."""
Binarisation: TypeAlias = Literal["none", "median", "mean"] | float


@patterns("file")
def file(path: str, above: Binarisation = "none", array: str = "") -> Int8[np.ndarray, "P D"]:
    """The patterns of a file, in its order: an array, or a folder of images.

    `path` is a `.npy` or `.npz` file of numbers, `[P, D]` or images `[P, h, w]` (each row of pixels after the other),
    or a folder of PNG or other images of one size, in the alphabetical order of their names, as grey values (0 … 255;
    0 … 65535 where a pixel has 16 bits). A `.npz` file with several arrays needs the name of one as `array`.

    With `above: none` the values are binary: −1 and +1, or 0 and 1, or black and white (0 and 255 or 65535); the larger
    one is +1. Other values need a rule: +1 where a value is above a number, or above the `median` or the `mean` of its
    own pattern; −1 elsewhere.
    """
    place = Path(path).expanduser()
    values = _images(place) if place.is_dir() else _array(place, array)
    if values.ndim > 2:
        values = values.reshape(len(values), -1)
    return _binary(values, above) if values.ndim == 2 and values.size else values


def _array(path: Path, name: str) -> Patterns:
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return _numbers(loaded, path)
        with loaded:
            names = loaded.files
            chosen = name or (names[0] if len(names) == 1 else "")
            if chosen not in names:
                expected = f"the name of one of its arrays, {', '.join(names)}" if names else "an array in the file"
                raise ConfigurationError(complaint("array", expected=expected, got=name, valid=names))
            return _numbers(loaded[chosen], path)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ConfigurationError(
            f"path: expected a .npy or .npz file of numbers, or a folder of images, got {str(path)!r}: {error}"
        ) from None


def _numbers(values: Patterns, path: Path) -> Patterns:
    if values.dtype == bool:
        return values.astype(np.int8)
    if not np.issubdtype(values.dtype, np.integer) and not np.issubdtype(values.dtype, np.floating):
        raise ConfigurationError(f"path: expected a .npy file of numbers, got {values.dtype} in {str(path)!r}")
    if values.ndim not in (2, 3):
        raise ConfigurationError(complaint("path", expected="an array [P, D] or [P, h, w]", got=values.shape))
    return values


def _images(folder: Path) -> Patterns:
    """Return the images of a folder as grey values `[P, h, w]`."""
    from PIL import Image

    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in IMAGES)
    if not files:
        raise ConfigurationError(f"path: expected images ({', '.join(IMAGES)}) in the folder {str(folder)!r}, got none")
    images = []
    for file in files:
        try:
            with Image.open(file) as image:
                grey = image if image.mode.startswith(("I", "F")) else image.convert("L")  # "L" clips 16 bits
                images.append(np.asarray(grey, dtype=np.float64))
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise ConfigurationError(f"path: expected images, got {str(file)!r}: {error}") from None
        if images[-1].shape != images[0].shape:
            sizes = " and ".join(f"{shape[1]} × {shape[0]}" for shape in (images[0].shape, images[-1].shape))
            raise ConfigurationError(
                f"path: expected images of one size, got {sizes} pixels in {files[0].name!r} and {file.name!r}"
            )
    return np.stack(images)


def _binary(values: Patterns, above: Binarisation) -> Int8[np.ndarray, "P D"]:
    if not np.isfinite(values).all():
        pattern, spin = np.argwhere(~np.isfinite(values))[0].tolist()
        raise ConfigurationError(
            f"path: expected finite numbers, got {values[pattern, spin]} in pattern {pattern}, spin {spin}"
        )
    if above == "none":
        low, high = float(values.min()), float(values.max())
        pairs = [pair for pair in BINARY if low in pair and high in pair]
        if not pairs or ((values != low) & (values != high)).any():
            raise ConfigurationError(
                f"above: expected a rule for values that are not binary (they lie between {low:g} and {high:g}): a "
                "number, median or mean, above which a spin is +1, got 'none'"
            )
        return np.where(values == pairs[0][1], 1, -1).astype(np.int8)
    level: Any = above
    if isinstance(above, str):
        level = (np.median if above == "median" else np.mean)(values, axis=1, keepdims=True)
    return np.where(values > level, 1, -1).astype(np.int8)
