"""A run that was changed and sealed anew, as a stranger could: only its content can be judged."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import encode_json
from hubbub.simulator.store.info import encode_info
from hubbub.simulator.store.manifest import Manifest, Part


def resealed(root: Path) -> None:
    """Write manifest and run file as if what is there had been written so, as a stranger could."""
    if any(not path.is_file() for path in root.rglob("*") if not path.is_dir() or path.suffix):
        return  # a pipe, a broken link, a folder in place of a file: nothing can be written anew
    try:
        manifest = Manifest.read(root)
        info = json.loads((root / "run.json").read_bytes())
        info.pop("sha256", None)
        (root / "run.json").write_bytes(encode_info(info))
        for part in list(manifest.parts.values()):
            path = root / part.name
            if path.is_file() and not path.is_symlink():
                rows = part.rows
                if path.suffix == ".parquet":
                    rows = pq.ParquetFile(path).metadata.num_rows
                about = {"rows": rows, "first": part.first, "last": part.last, "steps": part.steps}
                manifest.parts[part.name] = Part.of(part.name, path.read_bytes(), **about)
        seals = {step: manifest.digest() for step in manifest.seals}
        manifest.seals = dict(seals)
        (root / "manifest.jsonl").write_bytes(manifest.rewritten(seals))
        for folder in (root / "checkpoints").iterdir():
            seal = json.loads((folder / "seal.json").read_bytes())
            seal = {**seal, "parts": manifest.digest(), "seed": info["seed"], "configuration": info["configuration"]}
            (folder / "seal.json").write_text(json.dumps(seal))
            about = json.loads((folder / "manifest.json").read_bytes())
            for name in about["files"]:
                entry = Part.of(name, (folder / name).read_bytes())
                about["files"][name] = {"sha256": entry.sha256, "bytes": entry.size_bytes}
            (folder / "manifest.json").write_bytes(encode_json(about))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, StoreError):
        return  # it stays as it is
