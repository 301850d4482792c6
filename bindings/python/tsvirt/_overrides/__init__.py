"""Functions whose Python shape is better than what their C declaration would make.

Each is written once for both faces, as a generator: it yields the calls that it makes, (procedure, arguments), is sent the
result of each, and returns its own result. Its name is the function's in C.
"""
