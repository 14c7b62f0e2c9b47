"""Runs every function of one script and writes what became of each.

`python runner.py SCRIPT FILE`: a JSON object of names and tracebacks, empty where one succeeded.
"""

import asyncio
import importlib
import inspect
import json
import sys
import traceback
import warnings
from pathlib import Path


def main(script: str, written: str) -> None:
    """Run them in the order they are written in."""
    warnings.simplefilter("ignore")
    module = importlib.import_module(script)
    outcomes = {}
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == script and name[0] != "_":
            outcomes[name] = _outcome(function)
    Path(written).write_text(json.dumps(outcomes), encoding="utf-8")


def _outcome(function: object) -> str:
    assert callable(function)
    try:
        answer = function()
        if inspect.iscoroutine(answer):
            asyncio.run(answer)
    except Exception:  # noqa: BLE001  # whatever a client raises is told by the test
        return traceback.format_exc()
    return ""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
