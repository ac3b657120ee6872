"""Time and memory of reading a graph of a million links from a table or GraphML, against others, one thread.

    POLARS_MAX_THREADS=1 OMP_NUM_THREADS=1 python benchmarks/topology_files.py [--links 1000000] [--agents 100000]

hubbub reads, numbers the agents, checks every link, sorts both directions and counts components. polars reads the same
file and numbers the agents (`numpy.unique`); networkx builds its graph (`read_edgelist`). Peak memory is what a process
of its own has needed above what it had before reading, as a multiple of the arrays of the topology.

GraphML is compared with a bare pass of expat: a parser whose functions for elements and text do nothing.
`reader` is the time from bytes to arrays alone, without what any topology costs: checks, sorting, components.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.parsers import expat

os.environ.setdefault("POLARS_MAX_THREADS", "1")
import numpy as np

TRIES = 3


def write_links(path: Path, *, links: int, agents: int, prefix: str, weighted: bool) -> None:
    """Write random links without doubles as `source target [weight]`, a table with commas if weighted, else blanks."""
    generator = np.random.default_rng(0)
    ends = np.sort(generator.integers(0, agents, (links, 2)), axis=1)
    ends = np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0)
    generator.shuffle(ends)
    weights = generator.integers(1, 100, len(ends)).tolist()
    with path.open("w") as file:
        if weighted:
            file.write("source,target,weight\n")
            rows = zip(ends.tolist(), weights, strict=True)
            file.writelines(f"{prefix}{one},{prefix}{other},{weight}\n" for (one, other), weight in rows)
        else:
            file.writelines(f"{prefix}{one} {prefix}{other}\n" for one, other in ends.tolist())


def write_graphml_links(path: Path, *, links: int, agents: int, prefix: str, weighted: bool) -> None:
    """Write the links of `write_links` as GraphML, as networkx lays it out."""
    table = path.with_suffix(".txt")
    write_links(table, links=links, agents=agents, prefix=prefix, weighted=False)
    data = '>\n      <data key="d0">2.5</data>\n    </edge>' if weighted else "/>"
    with table.open() as lines, path.open("w") as file:
        file.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        file.write(
            '  <key id="d0" for="edge" attr.name="weight" attr.type="double"/>\n  <graph edgedefault="undirected">\n'
        )
        file.writelines(f'    <node id="{prefix}{agent}"/>\n' for agent in range(agents))
        for line in lines:
            one, other = line.split()
            file.write(f'    <edge source="{one}" target="{other}"{data}\n')
        file.write("  </graph>\n</graphml>\n")


def by_expat(path: Path) -> None:
    """Parse XML and do nothing with it."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: None
    parser.EndElementHandler = lambda tag: None
    parser.CharacterDataHandler = lambda text: None
    with path.open("rb") as file:
        parser.ParseFile(file)


def by_reader(path: Path) -> Any:
    """Read GraphML up to the arrays of its links."""
    from hubbub.simulator.topology.files.graphml import read_graphml
    from hubbub.simulator.topology.files.options import ReadOptions

    return read_graphml(path.read_bytes(), ReadOptions())


def by_hubbub(path: Path) -> Any:
    """Read a topology."""
    from hubbub import read_topology

    return read_topology(path)


def by_polars(path: Path) -> Any:
    """Read a table and build the arrays of names, links and weights."""
    import polars

    weighted = path.suffix == ".csv"
    table = polars.read_csv(path, separator="," if weighted else " ", has_header=weighted)
    ends = np.concatenate([table[:, 0].to_numpy(), table[:, 1].to_numpy()])
    names, links = np.unique(ends, return_inverse=True)
    return names, links.reshape(2, -1), table[:, 2].to_numpy().astype(float) if weighted else None


def by_networkx(path: Path) -> Any:
    """Read a graph."""
    import networkx as nx

    if path.suffix == ".csv":
        with path.open() as file:
            next(file)
            return nx.parse_edgelist(file, delimiter=",", data=[("weight", float)])
    return nx.read_edgelist(path)


def seconds(read: Callable[[Path], Any], path: Path) -> float:
    """Return the shortest of several times."""
    times = []
    for _ in range(TRIES):
        start = time.perf_counter()
        read(path)
        times.append(time.perf_counter() - start)
    return min(times)


def memory(path: Path) -> tuple[float, float]:
    """Return the peak memory of reading above that before it, and the size of the arrays, in MiB."""
    tiny = path.with_name(f"tiny{path.suffix}")
    if path.suffix == ".graphml":
        tiny.write_text('<graphml><graph><node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>')
    else:
        tiny.write_text("source,target,weight\na,b,1\n" if path.suffix == ".csv" else "a b\n")
    by_hubbub(tiny)  # imports what reading needs
    before = _peak()
    graph = by_hubbub(path)
    peak = _peak() - before
    arrays = graph.sources.nbytes + graph.targets.nbytes + (0 if graph.weights is None else graph.weights.nbytes)
    arrays += sum(sys.getsizeof(name) for name in graph.names)
    return peak / 1024, arrays / 2**20


def _peak() -> int:
    """Return the highest memory of this process so far, in KiB (Linux; ru_maxrss counts that of the parent too)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def main() -> None:
    """Fill and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--links", type=int, default=1_000_000)
    parser.add_argument("--agents", type=int, default=100_000)
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.memory:
        print(*memory(chosen.memory))
        return
    print(f"{platform.machine()}, {chosen.links:,} links, {chosen.agents:,} agents, one thread, best of {TRIES}")
    print("| file | hubbub, s | polars, s | networkx, s | hubbub / polars | networkx / hubbub | memory / arrays |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, prefix, weighted in (
            ("numbers and weights", "", True),
            ("names and weights", "agent", True),
            ("numbers", "", False),
        ):
            path = Path(folder) / ("links.csv" if weighted else "links.txt")
            write_links(path, links=chosen.links, agents=chosen.agents, prefix=prefix, weighted=weighted)
            ours, polars, networkx = (seconds(read, path) for read in (by_hubbub, by_polars, by_networkx))
            ratios = f"{ours / polars:.2f} | {networkx / ours:.1f} | {memory_ratio(path):.1f}"
            print(f"| {name} | {ours:.2f} | {polars:.2f} | {networkx:.2f} | {ratios} |", flush=True)
        print("\n| GraphML | hubbub, s | reader, s | expat, s | hubbub / expat | reader / expat | memory / arrays |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        for name, prefix, weighted in (("n0, n1, …", "n", False), ("n0, n1, … and weights", "n", True)):
            path = Path(folder) / "links.graphml"
            write_graphml_links(path, links=chosen.links, agents=chosen.agents, prefix=prefix, weighted=weighted)
            ours, reader, bare = (seconds(read, path) for read in (by_hubbub, by_reader, by_expat))
            ratios = f"{ours / bare:.2f} | {reader / bare:.2f} | {memory_ratio(path):.1f}"
            print(f"| {name} | {ours:.2f} | {reader:.2f} | {bare:.2f} | {ratios} |", flush=True)


def memory_ratio(path: Path) -> float:
    """Return the peak memory of reading in a process of its own, as a multiple of the arrays."""
    command = [sys.executable, __file__, "--memory", str(path)]
    used = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    peak, arrays = map(float, used)
    return peak / arrays


if __name__ == "__main__":
    main()
