"""One client of a daemon, by libvirt's own Python module, or by another one with its names.

    /usr/bin/python3 bench/wire/client.py [MODULE FOLDER]

Reads one JSON request a line, {"work": NAME, "uri": URI, ...}, and answers with one JSON line: the seconds that each
repetition took, one after the other.
"""

import asyncio
import importlib
import json
import sys
import time

sys.path[:0] = sys.argv[2:3]
libvirt = importlib.import_module(sys.argv[1] if len(sys.argv) > 1 else "libvirt")

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


def in_flight(uri, name, count, callers, repeat):
    """The same by asyncio: so many callers on one connection, each of whom looks up and asks so many times."""
    aio = importlib.import_module(f"{libvirt.__name__}.aio")

    async def caller(conn):
        for _ in range(count):
            await (await conn.lookupByName(name)).info()

    async def run():
        took = []
        async with await aio.open(uri) as conn:
            for _ in range(repeat):
                begin = time.perf_counter()
                await asyncio.gather(*(caller(conn) for _ in range(callers)))
                took.append(time.perf_counter() - begin)
        return took

    return asyncio.run(run())


works = {"inFlight": in_flight, "lookup": lookup, "list": list_all, "connect": connect, "define": define, "hold": hold}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = works[request.pop("work")](**request)
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
