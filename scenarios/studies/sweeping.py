"""Execute the runs of a study, with one table of results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from hubbub.analysis.studies import StudyResult
from hubbub.scenarios.studies.cores import cores
from hubbub.scenarios.studies.expanding import Planned, expand
from hubbub.scenarios.studies.folder import study_folder
from hubbub.scenarios.studies.making import RunExecutor
from hubbub.scenarios.studies.processes import Processes
from hubbub.scenarios.studies.progress import StudyProgress, no_display
from hubbub.scenarios.studies.run_maker import RunMaker
from hubbub.scenarios.studies.script import measured_elsewhere
from hubbub.scenarios.studies.study import Study, read_study
from hubbub.scenarios.studies.table import StudyTable
from hubbub.simulator.cluster import remote
from hubbub.simulator.errors import ConfigurationError, complaint


def sweep(
    study: Study | str | Path,
    changes: Sequence[str] | Mapping[str, Any] = (),
    *,
    mode: str | None = None,
    samples: int | None = None,
    measures: Sequence[str] | None = None,
    allow_modules: bool = False,
    out: str | Path | None = None,
    workers: int | None = None,
    address: str | None = None,
    display: Callable[[StudyTable], AbstractContextManager[StudyProgress]] = no_display,
) -> StudyResult:
    """Execute the runs of a study that are not finished; called again with the same folder, continue where it stopped.

    Parameters
    ----------
    study
        A `Study`, its YAML file, or a scenario (name or YAML file) of which the `changes` make a study.
    changes
        The fields that vary and their values, as text ("agent.hidden=16,32", "seed=0..9") or as a mapping
        (`{"agent.hidden": [16, 32], "seed": range(10)}`).
    mode, samples
        Replace what the study says: "grid", "list", "random" with a number of samples, or "optuna" with a section
        `optuna` (`{"optuna.maximize": "success_over_links", "optuna.trials": 40}`), which needs `hubbub[optuna]`.
    measures
        Replace what the study says: names of measures of a run (`hubbub.measure`), which are computed when it has
        finished.
    allow_modules
        As in `hubbub.run`.
    out
        The folder of the study; by default `studies/NAME`.
    workers
        Number of processes; by default one for each core.
    address
        A Ray cluster ("auto", "ray://…") that executes the runs instead; the folder must be on a disk that all share.
    display
        Makes the progress display.

    Raises
    ------
    HubbubError
        A setting is no valid scenario, the folder holds something else, or the study was stopped. A run that fails
        raises nothing: it is in `problems`, and the others are executed.
    """
    study, planned = study_of(
        study, changes, mode=mode, samples=samples, measures=measures, allow_modules=allow_modules, workers=workers
    )
    chosen = study.measures
    if study.mode == "optuna":
        from hubbub.scenarios.studies.adaptive import AdaptiveStudy, objective_measure

        objective = objective_measure(study)
        chosen = tuple(dict.fromkeys([*chosen, *([objective] if objective else [])]))
    folder = Path(out if out is not None else Path("studies") / study.name).resolve()
    with study_folder(folder, study):
        table = StudyTable(folder, planned, varying=study.varying)
        with display(table) as progress:
            maker = RunMaker(folder, _executor(workers, address), progress, measures=measured_elsewhere(chosen))
            if study.mode == "optuna":
                problems = AdaptiveStudy(study, folder, table, maker, progress).make()
            else:
                problems = maker.make({run.name: run.scenario for run in planned})
    return StudyResult(folder, list(table.rows.values()), problems)


def study_of(
    study: Study | str | Path,
    changes: Sequence[str] | Mapping[str, Any],
    *,
    mode: str | None,
    samples: int | None,
    measures: Sequence[str] | None,
    allow_modules: bool,
    workers: int | None,
) -> tuple[Study, list[Planned]]:
    """Return the study that `sweep` is asked for with its runs, all of them checked; an adaptive one has none yet."""
    if isinstance(study, Study):
        if changes or any(given is not None for given in (mode, samples, measures)):
            raise ConfigurationError("changes: expected none with a Study, which holds its own; change the Study")
    else:
        study = read_study(study, changes, mode=mode, samples=samples, measures=measures, allow_modules=allow_modules)
    if workers is not None and workers < 1:
        raise ConfigurationError(complaint("workers", expected="at least 1", got=workers))
    if study.mode == "optuna":
        from hubbub.scenarios.studies.adaptive import check_adaptive

        check_adaptive(study)
        return study, []
    return study, expand(study)


def _executor(workers: int | None, address: str | None) -> Callable[[], RunExecutor]:
    if remote(address) is None:
        return partial(Processes, workers or cores())
    from hubbub.scenarios.studies.ray_executor import RayExecutor

    return partial(RayExecutor, address)
