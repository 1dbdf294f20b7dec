"""One side of a pair in a process of its own: `python -m benchmarks.side <module> <function> <argument> ...`.

Imports come before the clock starts. Where the function returns another one, that one gives the answer, after the
clock has stopped.
"""

import importlib
import json
import os
import sys
import time

if __name__ == "__main__":
    module, name, *arguments = sys.argv[1:]
    function = getattr(importlib.import_module(f"benchmarks.{module}"), name)
    began, busy = time.monotonic(), sum(os.times()[:4])
    answer = function(*arguments)
    took = {"seconds": time.monotonic() - began, "cpu": sum(os.times()[:4]) - busy}
    print("\n" + json.dumps(took | {"answer": answer() if callable(answer) else answer}))
