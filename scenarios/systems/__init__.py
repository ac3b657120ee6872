"""Kinds of systems, one file each: configuration, assembly, files and metrics of a run."""

from hubbub.scenarios.systems.catalogue import Kind, assemble, kind_of, model_of, schema, system

__all__ = ["Kind", "assemble", "kind_of", "model_of", "schema", "system"]
