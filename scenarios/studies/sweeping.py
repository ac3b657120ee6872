"""Make the runs of a study and gather them in a table."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from hubbub.scenarios.studies.cores import cores
from hubbub.scenarios.studies.expanding import expand
from hubbub.scenarios.studies.keeping import kept
from hubbub.scenarios.studies.making import Makers
from hubbub.scenarios.studies.processes import Processes
from hubbub.scenarios.studies.progress import StudyProgress, hidden
from hubbub.scenarios.studies.result import StudyResult
from hubbub.scenarios.studies.run_maker import RunMaker
from hubbub.scenarios.studies.study import Study
from hubbub.scenarios.studies.table import StudyTable
from hubbub.simulator.errors import ConfigurationError, complaint


def sweep(
    study: Study,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    address: str | None = None,
    show: Callable[[StudyTable], AbstractContextManager[StudyProgress]] = hidden,
) -> StudyResult:
    """Make the runs of a study that are not made yet; asked again with the same folder, go on where it stopped.

    Parameters
    ----------
    study
        From `read_study`, or made in Python.
    out
        Its folder; by default `studies/NAME`.
    workers
        Processes that make runs; by default one for each core.
    address
        A Ray cluster ("auto", "ray://…") that makes the runs instead; the folder must be on a disk that all share.
    show
        Makes the board that shows how the study stands.

    Raises
    ------
    HubbubError
        A setting is no valid scenario, the folder holds something else, or somebody asked to stop. A run that fails
        raises nothing: it is in `problems`, and the others are made.
    """
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
