"""Checks examples: each compiles, and each call of a method that the package has fits the method's signature.

    examples.py PACKAGE EXAMPLES

EXAMPLES is a JSON list of {"label", "owner", "method", "text"}. What is wrong is printed, a line each.
"""

import ast
import inspect
import json
import sys

sys.path.insert(0, sys.argv[1])
import tsvirt  # noqa: E402


def of(owner, method):
    return getattr(getattr(tsvirt, owner) if owner else tsvirt, method)


def wrong(example):
    """Why an example is none; None when it is one."""
    try:
        tree = ast.parse(example["text"])
    except SyntaxError as error:
        return f"{error}"
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == example["method"]
    ]
    if not calls:
        return "it is not called"
    target = of(example["owner"], example["method"])
    signature = inspect.signature(target)
    for call in calls:
        given = [None] * len(call.args)
        named = {keyword.arg: None for keyword in call.keywords}
        itself = [None] if example["owner"] else []
        try:
            signature.bind(*itself, *given, **named)
        except TypeError as error:
            return f"{error}"
    return None


with open(sys.argv[2], encoding="utf-8") as file:
    for each in json.load(file):
        reason = wrong(each)
        if reason is not None:
            print(f"{each['label']}: {reason}: {each['text']!r}")
