"""Runs the examples that were written by hand, each on a connection of its own.

    run_examples.py PACKAGE FOLDER URI
"""

import glob
import importlib.util
import inspect
import os
import sys

package, folder, uri = sys.argv[1:]
sys.path.insert(0, package)
import tsvirt  # noqa: E402

tsvirt.registerErrorHandler(lambda context, error: None, None)
tsvirt.virEventRegisterDefaultImpl()

for path in sorted(glob.glob(os.path.join(folder, "*.py"))):
    # The test driver has no streams.
    if os.path.basename(path) == "streams.py":
        continue
    spec = importlib.util.spec_from_file_location("examples", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, example in inspect.getmembers(module, inspect.isfunction):
        if example.__module__ != "examples":
            continue
        if list(inspect.signature(example).parameters) == ["uri"]:
            example(uri)
        else:
            conn = tsvirt.open(uri)
            example(conn)
            conn.close()
