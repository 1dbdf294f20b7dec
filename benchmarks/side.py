"""One side of a pair in a process of its own: `python -m benchmarks.side <module> <function> <argument> ...`.

Imports come before the clock starts. Where the function returns another one, that one gives the answer, after the
clock has stopped.
"""

import importlib
import json
import sys
import time

if __name__ == "__main__":
    module, name, *arguments = sys.argv[1:]
    function = getattr(importlib.import_module(f"benchmarks.{module}"), name)
    began = time.monotonic()
    answer = function(*arguments)
    seconds = time.monotonic() - began
    print("\n" + json.dumps({"seconds": seconds, "answer": answer() if callable(answer) else answer}))
