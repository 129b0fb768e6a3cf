"""What the variables of the command protocol say."""

import json
from typing import Any, Dict, Mapping, Optional

from ._errors import MisuseError


def hyperparameters(environment: Mapping[str, str]) -> Dict[str, Any]:
    """What is in the file PBT_HYPERPARAMETERS; nothing where the variable is not set."""
    path = environment.get("PBT_HYPERPARAMETERS")
    if not path:
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            values = json.load(file)
    except (OSError, ValueError) as error:
        raise MisuseError(f"PBT_HYPERPARAMETERS={path} cannot be read: {error}") from None
    if not isinstance(values, dict):
        raise MisuseError(f"PBT_HYPERPARAMETERS={path} has no JSON object")
    return values


def integer(environment: Mapping[str, str], name: str, default: Optional[int]) -> Optional[int]:
    """A variable that is an integer; the default where it is empty or not there."""
    text = environment.get(name)
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise MisuseError(f"{name}={text} is no integer") from None


def real(environment: Mapping[str, str], name: str, default: Optional[float]) -> Optional[float]:
    """A variable that is a number; the default where it is empty or not there."""
    text = environment.get(name)
    if not text:
        return default
    try:
        return float(text)
    except ValueError:
        raise MisuseError(f"{name}={text} is no number") from None
