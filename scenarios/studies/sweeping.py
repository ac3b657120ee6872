"""Make the runs of a study and gather them in a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from hubbub.scenarios.studies.cores import cores
from hubbub.scenarios.studies.expanding import expand
from hubbub.scenarios.studies.keeping import kept
from hubbub.scenarios.studies.making import Makers
from hubbub.scenarios.studies.processes import Processes
from hubbub.scenarios.studies.progress import StudyProgress, hidden
from hubbub.scenarios.studies.result import StudyResult
from hubbub.scenarios.studies.run_maker import RunMaker
from hubbub.scenarios.studies.study import Study, read_study
from hubbub.scenarios.studies.table import StudyTable
from hubbub.simulator.errors import ConfigurationError, complaint


def sweep(
    study: Study | str | Path,
    changes: Sequence[str] | Mapping[str, Any] = (),
    *,
    mode: str | None = None,
    samples: int | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    address: str | None = None,
    show: Callable[[StudyTable], AbstractContextManager[StudyProgress]] = hidden,
) -> StudyResult:
    """Make the runs of a study that are not made yet; called again with the same folder, continue where it stopped.

    Parameters
    ----------
    study
        A `Study`, its YAML file, or a scenario (name or YAML file) of which the `changes` make a study.
    changes
        The fields that vary and their values, as text ("agent.hidden=16,32", "seed=0..9") or as a mapping
        (`{"agent.hidden": [16, 32], "seed": range(10)}`).
    mode, samples
        Replace what the study says: "grid", "list", or "random" with a number of samples.
    out
        The folder of the study; by default `studies/NAME`.
    workers
        Processes that make runs; by default one for each core.
    address
        A Ray cluster ("auto", "ray://…") that makes the runs instead; the folder must be on a disk that all share.
    show
        Makes the progress display.

    Raises
    ------
    HubbubError
        A setting is no valid scenario, the folder holds something else, or the study was stopped. A run that fails
        raises nothing: it is in `problems`, and the others are made.
    """
    if isinstance(study, Study):
        if changes or mode is not None or samples is not None:
            raise ConfigurationError("changes: expected none with a Study, which holds its own; change the Study")
    else:
        study = read_study(study, changes, mode=mode, samples=samples)
    if workers is not None and workers < 1:
        raise ConfigurationError(complaint("workers", expected="at least 1", got=workers))
    planned = expand(study)
    folder = Path(out if out is not None else Path("studies") / study.name).resolve()
    with kept(folder, study):
        table = StudyTable(folder, planned, varying=study.varying)
        with show(table) as board:
            maker = RunMaker(folder, _makers(workers, address), board)
            problems = maker.make({run.name: run.scenario for run in planned})
    return StudyResult(folder, list(table.rows.values()), problems)


def _makers(workers: int | None, address: str | None) -> Callable[[], Makers]:
    if address is None:
        return partial(Processes, workers or cores())
    from hubbub.scenarios.studies.ray_makers import RayMakers

    return partial(RayMakers, address)
