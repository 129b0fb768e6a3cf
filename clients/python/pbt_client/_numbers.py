"""Measurements as JSON takes them."""

from typing import Any, Dict, Iterable, List, Mapping, Union

Number = Union[int, float]

# Beyond this an integer is written as a float: readers of JSON differ in what they make of longer ones.
_MAX_INT = 2**63
_MAX_DEPTH = 30


def number(value: object, name: str) -> Number:
    """The value as a Python number: also of NumPy's, of PyTorch's and of whatever has `item()` or `__float__`.

    Raises TypeError, which names the measurement, for anything else. NaN and infinities pass.
    """
    kind = type(value)
    if kind is float:
        return value  # type: ignore[return-value]
    try:
        plain = _plain(value)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise TypeError(f"{name} must be a number, but is {_describe(value)} ({error})") from None
    return plain


def numbers(values: Iterable[object], name: str) -> List[Number]:
    """A list of numbers; of arrays too."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise TypeError(f"{name} must be a list of numbers, but is {_describe(values)}")
    if hasattr(values, "tolist"):
        values = values.tolist()
    return [number(value, f"{name}[{index}]") for index, value in enumerate(values)]


def named(values: Mapping[str, object], name: str, depth: int = 0) -> Dict[str, Any]:
    """Numbers by name; a mapping among them keeps its place."""
    if depth == _MAX_DEPTH:
        raise TypeError(f"{name} is nested too deeply: {_MAX_DEPTH} levels are taken")
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} must be a mapping of names to numbers, but is {_describe(values)}")
    plain: Dict[str, Any] = {}
    for key, value in values.items():
        if not isinstance(key, str):
            raise TypeError(f"the names in {name} must be texts, but one is {_describe(key)}")
        if type(value) is float:
            plain[key] = value
            continue
        path = f"{name}[{key!r}]"
        plain[key] = named(value, path, depth + 1) if isinstance(value, Mapping) else number(value, path)
    return plain


def _plain(value: Any) -> Number:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return int(value) if -_MAX_INT <= value < _MAX_INT else float(value)
    if not isinstance(value, float) and hasattr(value, "item"):
        item = value.item()
        if isinstance(item, (bool, int, float)):
            return _plain(item)
        raise TypeError(f"its item() is {_describe(item)}")
    if not hasattr(value, "__float__"):
        raise TypeError("it cannot be made a float")
    return float(value)


def _describe(value: object) -> str:
    text = repr(value)
    return f"{text if len(text) <= 80 else text[:77] + '...'} of type {type(value).__name__}"
