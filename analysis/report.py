"""Write the report of a run, or of a study, into its directory."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubbub.analysis.figures import as_png, as_svg
from hubbub.analysis.files import write_inside
from hubbub.analysis.json_values import json_value
from hubbub.analysis.studies.study import StudyResult, is_study, open_study
from hubbub.analysis.studies.writing import write_study_report
from hubbub.analysis.text import ignore
from hubbub.analysis.views.catalogue import View, kind_of_system, view_of
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


def write_report(
    run: Run | StudyResult | Path | str,
    *,
    out: Path | str | None = None,
    measures: Sequence[str] | None = None,
    attribute: str | None = None,
    allow_modules: bool = False,
    notify: Callable[[str], None] = ignore,
) -> Path:
    """Write `report.html`, `figures/*.png`, `figures/*.svg` and `figures/summary.json`; return the path of the page.

    The page needs no other file and no network. It can be written while the run still goes on, and again
    later. All permutations are drawn from `np.random.default_rng(0)`: the same run gives the same report.

    Parameters
    ----------
    run
        A run or a study, or the folder of one.
    out
        Folder for these files; that of the run or study when not given. With it, one that cannot be written is enough.
    measures
        Of a study: names of measures of a run (`hubbub.measure`); those that the study chooses when not given, or
        similarity, topographic_similarity, dialects and hubs where its runs have lexicons.
    attribute
        Attribute of the agents of a population that is compared with the dialects. By default all that group the agents
        are, and p-values are corrected for their number.
    allow_modules
        Import the user modules that the run names where its kind of system has no view yet, and those that a study
        names. Only for those that you trust: importing runs their code. Without it, the report of such a run shows its
        metrics.
    notify
        Called with one line of text where the kind of system has no view and the default one is used, and where a
        measure failed or cannot be kept.

    Raises
    ------
    ConfigurationError
        There is no such measure or attribute, `measures` were given for a run, or `attribute` for a study or for a kind
        of system whose report compares none.
    StoreError
        There is no run or study, the run (of a population) has no lexicon yet, or the folder cannot be written or has a
        link that leads out of it.
    """
    from hubbub.simulator.store import open_run

    study = open_study(run) if isinstance(run, str | Path) and is_study(run) else run
    if isinstance(study, StudyResult):
        if attribute is not None:
            raise ConfigurationError(
                complaint("attribute", expected="none for a study; it is for a run", got=attribute)
            )
        if allow_modules:
            study.import_modules()
        return write_study_report(study, out=Path(out or study.path), measures=measures, notify=notify)
    if measures is not None:
        raise ConfigurationError(complaint("measures", expected="none for a run; they are for a study", got=measures))
    opened = open_run(study) if isinstance(study, str | Path) else study
    shown = view_of(opened, allow_modules=allow_modules, notify=notify)
    found = _found(shown, opened, attribute)
    figures = shown.figures(found)
    about = {key: opened.info.get(key) for key in ("name", "seed", "status", "step", "hubbub_version")}
    numbers = json_value({"run": about, **shown.summary(found)})
    html = shown.page(found, figures)
    folder = opened.path if out is None else Path(out)
    for name, figure in figures.items():
        write_inside(folder, f"figures/{name}.png", as_png(figure.whole))
        write_inside(folder, f"figures/{name}.svg", as_svg(figure.whole))
    write_inside(folder, "figures/summary.json", json.dumps(numbers, indent=1, allow_nan=False))
    return write_inside(folder, "report.html", html)


def _found(shown: View[Any], run: Run, attribute: str | None) -> Any:
    """Return what a view finds, with the attribute that it is to compare, where one is asked for."""
    if attribute is None:
        return shown.find(run)
    if "attribute" not in inspect.signature(shown.find).parameters:
        kind = kind_of_system(run)
        raise ConfigurationError(f"attribute: expected none for a run of system {kind}, got {attribute!r}")
    return shown.find(run, attribute=attribute)  # type: ignore[call-arg]
