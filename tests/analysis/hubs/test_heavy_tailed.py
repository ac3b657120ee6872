import numpy as np
import pytest

from hubbub.analysis.hubs import heavy_tailed


def test_seeds_are_pooled() -> None:
    rng = np.random.default_rng(0)
    scale_free = [rng.zipf(2.5, 60) for _ in range(12)]
    found = heavy_tailed(scale_free, generator=rng, samples=20)
    assert found.evidence[0].fit.n == 720
    assert found.evidence[0].fit.value == pytest.approx(2.5, abs=0.25)
    assert found.evidence[0].heavy_tailed
    assert found.value == "strongest"
    even = heavy_tailed([rng.poisson(4, 60) for _ in range(12)], generator=rng, samples=20)
    assert not even.evidence[0].heavy_tailed


@pytest.mark.parametrize(
    ("pooled", "reason"),
    [
        ([], "0 agents with links in 0 graphs, at least 50 needed: pool more seeds"),
        ([np.array([3, 2, 2, 1])] * 12, "48 agents with links in 12 graphs, at least 50 needed: pool more seeds"),
        ([np.array([0, 2, 2])] * 30, "1 of 1 not fitted: 1 distinct value above 0, at least 2 needed"),
    ],
)
def test_refused_with_what_is_needed(pooled: list[np.ndarray], reason: str) -> None:
    found = heavy_tailed(pooled, generator=np.random.default_rng(0), samples=5)
    assert (found.value, found.reason) == ("", reason)
