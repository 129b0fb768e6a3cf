"""Writes Fashion-MNIST, from Debian's package, as the arrays that train.py reads."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import List, Optional

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

import fashion_mnist  # noqa: E402


def main(arguments: Optional[List[str]] = None) -> None:
    options = fashion_mnist.preparation_arguments(__doc__ or "", HERE / "data").parse_args(arguments)
    try:
        fashion_mnist.prepare(options.source, options.data)
    except fashion_mnist.DataError as error:
        sys.exit(f"prepare.py: {error}")


if __name__ == "__main__":
    main()
