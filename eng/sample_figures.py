"""Draws the figures of a sample's results as SVG, legible on a light page and on a dark one."""

from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import matplotlib
import numpy

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402  the backend comes first
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.ticker import EngFormatter, MaxNLocator, NullLocator  # noqa: E402

Json = Dict[str, Any]

GREY = "#7c828a"
COLOURS = ("#2f7fd1", "#d9762b", "#3a9a58", "#a05fc0", "#c2485f")
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "pbt",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": GREY,
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "legend.frameon": False,
    "savefig.transparent": True,
    "figure.constrained_layout.use": True,
}


def scores(studies: Sequence[Json], metric: str, path: Path) -> None:
    """The best score after each interval: a thin line for each seed and a thick one for their mean."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(6.4, 3.4))
        for study, colour in zip(studies, COLOURS):
            for run in study["runs"]:
                axes.plot(_column(run["curve"], "interval"), _column(run["curve"], "current_best"), color=colour, linewidth=0.8, alpha=0.45)
            means = [row["current_best"]["value"] for row in study["curve"]]
            axes.plot(_column(study["curve"], "interval"), means, color=colour, linewidth=2, label=study["study"])
        axes.set_xlabel("interval")
        axes.set_ylabel(f"best {metric} after it")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=2)
        _save(figure, path)


def schedules(space: Json, schedules_of: Dict[int, List[Json]], path: Path) -> None:
    """How each hyperparameter changed on the way to the best member, for each seed, within the bounds of the search."""
    columns = min(3, len(space))
    rows = -(-len(space) // columns)
    with plt.rc_context(STYLE):
        figure, grid = plt.subplots(rows, columns, figsize=(3.1 * columns, 2.1 * rows), squeeze=False, sharex=True)
        panels: List[Axes] = list(grid.flat)
        for axes in panels[len(space) :]:
            axes.remove()
        for (name, definition), axes in zip(space.items(), panels):
            _scale(axes, definition)
            axes.set_title(name, fontsize=9)
            for (seed, changes), colour in zip(sorted(schedules_of.items()), COLOURS * len(schedules_of)):
                axes.plot(*_steps(changes, name, definition.get("values")), color=colour, linewidth=1.4, label=f"seed {seed}")
        for axes in panels[max(0, len(space) - columns) : len(space)]:
            axes.set_xlabel("steps")
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
            axes.xaxis.set_major_formatter(EngFormatter(sep=""))
            axes.xaxis.set_tick_params(labelbottom=True)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=6)
        _save(figure, path)


def lineage(tree: Json, path: Path, best: int) -> None:
    """Who descends from whom: weights that went on are grey, weights that were taken are thin lines, the best's are thick."""
    nodes: Dict[str, Json] = {node["id"]: node for node in tree["nodes"]}
    parents = {edge["to"]: edge["from"] for edge in tree["edges"]}
    way: List[str] = []
    latest: Optional[str] = next(str(member["node"]) for member in tree["members"] if member["id"] == best)
    while latest is not None:
        way.append(latest)
        latest = parents.get(latest)

    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(6.4, 0.8 + 0.22 * len(tree["members"])))
        for kind, colour, width in (("continued", GREY, 0.5), ("inherited", COLOURS[0], 0.7)):
            pairs = [(nodes[edge["from"]], nodes[edge["to"]]) for edge in tree["edges"] if edge["kind"] == kind]
            axes.plot(*_segments(pairs), color=colour, linewidth=width, alpha=0.6)
        axes.plot([nodes[node]["interval"] for node in way], [nodes[node]["member"] for node in way], color=COLOURS[1], linewidth=2)
        axes.set_xlabel("interval")
        axes.set_ylabel("member")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.invert_yaxis()
        _save(figure, path)


def _column(rows: Sequence[Json], name: str) -> List[float]:
    return [row[name] for row in rows]


def _scale(axes: Axes, definition: Json) -> None:
    """The panel of a hyperparameter: its scale and bounds, or the names of its values."""
    values: Optional[List[Any]] = [False, True] if definition["type"] == "bool" else definition.get("values")
    if values is not None:
        axes.set_yticks(range(len(values)))
        axes.set_yticklabels([str(value) for value in values])
        axes.set_ylim(-0.5, len(values) - 0.5)
        return

    low, high = float(definition["min"]), float(definition["max"])
    if definition.get("scale") == "log":
        axes.set_yscale("log")
        _ticks(axes, [low, *_powers_between(low, high), high])
    elif definition.get("scale") == "one_minus_log":
        axes.set_yscale("function", functions=(lambda value: -numpy.log(numpy.clip(1 - value, 1e-12, None)), lambda value: 1 - numpy.exp(-value)))
        _ticks(axes, [low, *(1 - power for power in _powers_between(1 - high, 1 - low)), high])
    axes.set_ylim(low, high)


def _powers_between(low: float, high: float) -> List[float]:
    """The powers of ten well within two bounds, at most five."""
    powers = [10.0**exponent for exponent in range(-12, 12) if 2 * low < 10.0**exponent < high / 2]
    return powers[:: max(1, -(-len(powers) // 5))]


def _ticks(axes: Axes, places: List[float]) -> None:
    axes.set_yticks(places)
    axes.set_yticklabels([f"{place:g}" for place in places])
    axes.yaxis.set_minor_locator(NullLocator())


def _steps(changes: Sequence[Json], name: str, values: Optional[List[Any]]) -> Tuple[List[float], List[float]]:
    """The corners of a line that stays until it changes."""
    x: List[float] = []
    y: List[float] = []
    for change in changes:
        value = change["hyperparameters"][name]
        place = float(values.index(value)) if values is not None else float(value)
        x += [change["from_step"], change["from_step"] + change["steps"]]
        y += [place, place]
    return x, y


def _segments(pairs: Sequence[Tuple[Json, Json]]) -> Tuple[List[float], List[float]]:
    """Many lines as one, with gaps: one element of the drawing instead of hundreds."""
    x: List[float] = []
    y: List[float] = []
    for first, second in pairs:
        x += [first["interval"], second["interval"], float("nan")]
        y += [first["member"], second["member"], float("nan")]
    return x, y


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    plt.close(figure)
