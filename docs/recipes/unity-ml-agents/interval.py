#!/usr/bin/env python3
"""Runs mlagents-learn for one interval of pbt: interval.py config.yaml [argument of mlagents-learn …]

mlagents-learn takes hyperparameters from a YAML file only. This fills that file: ${NAME} is the value of a hyperparameter, ${steps}
the length of the interval. Then it starts mlagents-learn from the checkpoint that pbt names, with the results in the directory that
becomes the new one. README.md beside this file says why each argument is needed.
"""

import json
import os
import string
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

PORTS_FOR_EACH_MEMBER = 16


def scalar(value: Any) -> str:
    """A value in YAML. PyYAML, which reads it, takes 1e-05 for a text: a float needs a dot."""
    text = json.dumps(value)
    if isinstance(value, float) and "e" in text and "." not in text:
        text = text.replace("e", ".0e")
    return text


def fill(template: str, hyperparameters: Dict[str, Any], steps: str) -> str:
    """The template with its values; a name that there is none for is an error."""
    values = {name: scalar(value) for name, value in hyperparameters.items()}
    values["steps"] = steps
    try:
        return string.Template(template).substitute(values)
    except (KeyError, ValueError) as error:
        sys.exit(f"interval.py: the template cannot be filled: {error}; there are {', '.join(sorted(values))}")


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)

    checkpoint_in, results = os.environ["PBT_CHECKPOINT_IN"], Path(os.environ["PBT_CHECKPOINT_OUT"])
    hyperparameters = json.loads(Path(os.environ["PBT_HYPERPARAMETERS"]).read_text())
    config = results / "config.yaml"
    config.write_text(fill(Path(sys.argv[1]).read_text(), hyperparameters, os.environ["PBT_STEPS"]))
    port = 5005 + PORTS_FOR_EACH_MEMBER * int(os.environ["PBT_MEMBER"])
    command: List[str] = ["mlagents-learn", str(config), "--results-dir", str(results), "--run-id", "run"]
    command += ["--seed", os.environ["PBT_SEED"], "--base-port", str(port)]
    previous = results / "previous"
    if checkpoint_in:
        previous.symlink_to(Path(checkpoint_in) / "run", target_is_directory=True)
        command += ["--initialize-from", "previous"]

    # What follows --env-args goes to the Unity program: the arguments of the study come last.
    code = subprocess.run([*command, *sys.argv[2:]], check=False).returncode
    if checkpoint_in:
        previous.unlink()
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
