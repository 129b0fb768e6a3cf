"""Checkpoints, seeds and hyperparameters for PyTorch, 1.13 and later. PyTorch is imported when a function is called."""

import os
import random
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Tuple, Union

from ._errors import PbtError

FILE = "state.pt"
"""The name of the file within a checkpoint."""

# Before it, PyTorch could not read a float without the whole of pickle.
_WEIGHTS_ONLY_SINCE = (2, 1)

_Directory = Union[str, "os.PathLike[str]"]


class CheckpointError(PbtError):
    """A checkpoint cannot be written or read as asked; the message says why."""


def save(directory: _Directory, *, extra: Any = None, weights_only: bool = True, **states: Any) -> None:
    """Writes one file with the states of all that is given by name (`model=`, `optimizer=`, `scheduler=`, …), complete or not at all.

    A state is what has `state_dict()`, or a mapping or list of such. `extra` is whatever else is to be kept: numbers, texts, tensors, and
    lists, tuples and dictionaries of them. The states of the random number generators of PyTorch (also of its CUDA devices, where they
    were used), Python and, if it is imported, NumPy are written too. Raises CheckpointError, which names the culprit, for objects
    that only pickle can restore, unless `weights_only` is false: such a file can run code when it is loaded.
    """
    import torch

    content: Dict[str, Any] = {
        "states": {name: _state(value, name) for name, value in states.items()},
        "extra": extra,
        "random": _random_state(torch),
    }
    if weights_only:
        content = _plain(content, "", torch)
    path = Path(directory) / FILE
    part = path.with_name(f".{FILE}.part")
    with open(part, "wb") as file:
        torch.save(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def load(
    directory: _Directory, *, map_location: Any = "cpu", restore_random: bool = False, weights_only: bool = True, **states: Any
) -> Any:
    """Restores what `save` wrote, into what is given by the same names, and returns `extra`. Names that are left out are not restored.

    To `map_location` the file is read; each object moves its state to its own device. The random number generators are restored only if
    `restore_random`: an interval has a seed of its own, see `seed`. Raises CheckpointError where the checkpoint does not fit.
    """
    import torch

    path = Path(directory) / FILE
    arguments: Dict[str, Any] = {"map_location": map_location}
    if _version(torch) >= _WEIGHTS_ONLY_SINCE:
        arguments["weights_only"] = weights_only
    try:
        content = torch.load(path, **arguments)
    except FileNotFoundError:
        raise CheckpointError(f"there is no {path}; was the checkpoint written by pbt_client.torch.save?") from None
    except Exception as error:
        raise CheckpointError(f"{path} cannot be loaded: {error}") from error
    if not isinstance(content, Mapping) or not {"states", "extra", "random"} <= content.keys():
        raise CheckpointError(f"{path} was not written by pbt_client.torch.save")
    missing = [name for name in states if name not in content["states"]]
    if missing:
        raise CheckpointError(f"{path} has no {', '.join(missing)}; it has {', '.join(content['states']) or 'nothing'}")
    for name, value in states.items():
        _restore(value, content["states"][name], f"{name} in {path}")
    if restore_random:
        _restore_random(content["random"], torch)
    return content["extra"]


def seed(value: int) -> None:
    """Seeds PyTorch (all devices), Python and, if it is imported, NumPy: `seed(interval.seed)` at the beginning of each interval."""
    import torch

    torch.manual_seed(value)
    random.seed(value)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(value)


def apply_to_optimizer(optimizer: Any, **values: Any) -> None:
    """Sets entries of all of an optimizer's parameter groups: `lr=`, `momentum=`, `weight_decay=`, `betas=`, … Call it after `load`.

    Raises KeyError for an entry that the optimizer does not have.
    """
    for group in optimizer.param_groups:
        for name, value in values.items():
            if name not in group:
                known = ", ".join(sorted(key for key in group if key != "params"))
                raise KeyError(f"{type(optimizer).__name__} has no {name!r}; it has {known}")
            if hasattr(group[name], "fill_"):
                group[name].fill_(value)
            else:
                group[name] = value


def _state(value: Any, name: str) -> Any:
    if callable(getattr(value, "state_dict", None)):
        return value.state_dict()
    if isinstance(value, Mapping):
        return {key: _state(item, f"{name}[{key!r}]") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_state(item, f"{name}[{index}]") for index, item in enumerate(value)]
    raise CheckpointError(f"{name} is of type {type(value).__name__}, which has no state_dict(); give it in extra=")


def _restore(value: Any, state: Any, name: str) -> None:
    if callable(getattr(value, "load_state_dict", None)):
        try:
            value.load_state_dict(state)
        except (KeyError, RuntimeError, ValueError) as error:
            raise CheckpointError(f"{name} does not fit: {error}") from error
    elif isinstance(value, Mapping) and isinstance(state, Mapping) and value.keys() == state.keys():
        for key, item in value.items():
            _restore(item, state[key], f"[{key!r}] of {name}")
    elif isinstance(value, (list, tuple)) and isinstance(state, list) and len(value) == len(state):
        for index, item in enumerate(value):
            _restore(item, state[index], f"[{index}] of {name}")
    else:
        raise CheckpointError(f"{name} does not fit what is to be restored: a {type(value).__name__}")


def _random_state(torch: Any) -> Dict[str, Any]:
    version, internal, gauss = random.getstate()
    state: Dict[str, Any] = {"torch": torch.get_rng_state(), "python": [version, torch.tensor(internal, dtype=torch.int64), gauss]}
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        state["cuda"] = torch.cuda.get_rng_state_all()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        kind, keys, position, has_gauss, cached = numpy.random.get_state()
        state["numpy"] = [kind, torch.tensor([int(key) for key in keys], dtype=torch.int64), position, has_gauss, cached]
    return state


def _restore_random(state: Mapping[str, Any], torch: Any) -> None:
    torch.set_rng_state(state["torch"].cpu())
    version, internal, gauss = state["python"]
    random.setstate((version, tuple(internal.tolist()), gauss))
    if "cuda" in state and torch.cuda.is_available() and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all([each.cpu() for each in state["cuda"]])
    numpy = sys.modules.get("numpy")
    if numpy is not None and "numpy" in state:
        kind, keys, position, has_gauss, cached = state["numpy"]
        numpy.random.set_state((kind, numpy.array(keys.tolist(), dtype="uint32"), position, has_gauss, cached))


def _plain(value: Any, where: str, torch: Any) -> Any:
    """The value with NumPy's numbers as Python's; the very same object where there is nothing to change."""
    if value is None or type(value) in (bool, int, float, str, torch.Tensor, torch.nn.Parameter):
        return value
    if isinstance(value, dict):
        inner: Callable[[Any], str] = lambda key: f"{where}[{key!r}]" if where else str(key)
        changed = {key: _plain(item, inner(key), torch) for key, item in value.items()}
        if _is_known_mapping(value):
            return value if all(changed[key] is value[key] for key in value) else changed
    elif type(value) in (list, tuple):
        items = [_plain(item, f"{where}[{index}]", torch) for index, item in enumerate(value)]
        return value if all(new is old for new, old in zip(items, value)) else type(value)(items)
    elif hasattr(value, "dtype") and getattr(value, "shape", None) == () and type(value).__module__ == "numpy":
        return value.item()
    raise CheckpointError(
        f"{where} is of type {type(value).__name__}, which only pickle can restore: make it numbers, texts, tensors, lists or dictionaries, "
        "or pass weights_only=False to save and load"
    )


def _version(torch: Any) -> Tuple[int, ...]:
    return tuple(int(part) for part in torch.__version__.split(".")[:2])


def _is_known_mapping(value: Any) -> bool:
    return type(value).__name__ in ("dict", "OrderedDict")
