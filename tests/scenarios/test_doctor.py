"""What is installed, and whether it works."""

from __future__ import annotations

import sys

import pytest

from hubbub.scenarios.doctor import _failure, examine


def findings() -> dict[str, tuple[bool, str]]:
    return {finding.name: (finding.ok, finding.text) for finding in examine()}


def test_everything_that_hubbub_needs_is_here() -> None:
    found = findings()
    assert found.keys() >= {"python", "torch", "pyyaml", "scikit-learn", "mlxtend", "folder"}
    assert [name for name, (ok, _) in found.items() if not ok and name != "folder"] == []


@pytest.mark.parametrize(("package", "module"), [("mlxtend", "mlxtend.data"), ("pyyaml", "yaml"), ("rich", "rich")])
def test_a_package_that_cannot_be_imported_is_bad(monkeypatch: pytest.MonkeyPatch, package: str, module: str) -> None:
    pytest.importorskip(module)
    monkeypatch.setitem(sys.modules, module, None)
    ok, said = findings()[package]
    assert not ok
    assert f", but cannot be imported: ModuleNotFoundError: import of {module} halted" in said


def test_a_package_with_a_hyphen_is_imported_by_its_name_with_a_line() -> None:
    assert _failure("typing-extensions") == ""
