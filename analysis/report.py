"""Write the report of a run, or of a study, into its directory."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hubbub.analysis.figures import as_png, as_svg
from hubbub.analysis.files import write_inside
from hubbub.analysis.json_values import json_value
from hubbub.analysis.studies.study import StudyResult, is_study, open_study
from hubbub.analysis.studies.writing import write_study_report
from hubbub.analysis.views.catalogue import ignore, view_of
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


def write_report(
    run: Run | StudyResult | Path | str,
    *,
    out: Path | str | None = None,
    measures: Sequence[str] | None = None,
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
        There is no such measure, or `measures` were given for a run.
    StoreError
        There is no run or study, the run (of a population) has no lexicon yet, or the folder cannot be written or has a
        link that leads out of it.
    """
    from hubbub.simulator.store import open_run

    study = open_study(run) if isinstance(run, str | Path) and is_study(run) else run
    if isinstance(study, StudyResult):
        if allow_modules:
            study.import_modules()
        return write_study_report(study, out=Path(out or study.path), measures=measures, notify=notify)
    if measures is not None:
        raise ConfigurationError(complaint("measures", expected="none for a run; they are for a study", got=measures))
    opened = open_run(study) if isinstance(study, str | Path) else study
    shown = view_of(opened, allow_modules=allow_modules, notify=notify)
    found = shown.find(opened)
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
