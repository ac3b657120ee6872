"""What can be run: one file per kind of system, from its configuration to what a run of it holds."""

from hubbub.scenarios.systems.catalogue import Kind, assemble, kind_of, schema, system

__all__ = ["Kind", "assemble", "kind_of", "schema", "system"]
