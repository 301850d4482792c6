"""One client of a daemon, by libvirt's own Python module.

    /usr/bin/python3 bench/wire/client.py

Reads one JSON request a line, {"work": NAME, "uri": URI, ...}, and answers with one JSON line: the seconds that each
repetition took, one after the other.
"""

import json
import sys
import time

import libvirt

libvirt.registerErrorHandler(lambda context, error: None, None)

connections = {}


def connection(uri):
    if uri not in connections:
        connections[uri] = libvirt.open(uri)
    return connections[uri]


def timed(repeat, action):
    took = []
    for _ in range(repeat):
        begin = time.perf_counter()
        action()
        took.append(time.perf_counter() - begin)
    return took


def lookup(uri, name, count, repeat):
    """Looks a domain up and asks for its state, so many times in each repetition."""
    conn = connection(uri)

    def action():
        for _ in range(count):
            conn.lookupByName(name).info()

    return timed(repeat, action)


def list_all(uri, repeat):
    return timed(repeat, connection(uri).listAllDomains)


def connect(uri, repeat):
    return timed(repeat, lambda: libvirt.open(uri).close())


def define(uri, xml, first, count):
    """Defines domains whose names are numbered."""
    conn = connection(uri)

    def action():
        for number in range(first, first + count):
            conn.defineXML(xml.replace("NUMBER", str(number)))

    return timed(1, action)


def hold(uri):
    """Keeps a connection open: the state of the test driver lives as long as somebody has it open."""
    connection(uri)
    return []


works = {"lookup": lookup, "list": list_all, "connect": connect, "define": define, "hold": hold}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = works[request.pop("work")](**request)
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
