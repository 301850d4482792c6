"""The benchmark's works on the C libvirtd, by libvirt's own Python module. `bench/works.ts` does the same with tsvirt."""

import json
import sys
import threading
import time

import libvirt

libvirt.registerErrorHandler(lambda context, error: None, None)


def seconds(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def side_by_side(items, callers, action):
    """Does the action for all items with so many callers at once."""
    waiting = list(items)
    lock = threading.Lock()

    def caller():
        while True:
            with lock:
                if not waiting:
                    return
                item = waiting.pop(0)
            action(item)

    threads = [threading.Thread(target=caller) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def start_and_stop(conn, xml, repeat):
    """One domain, started and ended again and again."""
    domain = conn.defineXML(xml)
    starts, stops = [], []
    for _ in range(repeat):
        starts.append(seconds(domain.create))
        stops.append(seconds(domain.destroy))
    domain.undefine()
    return {"create": starts, "destroy": stops}


def many(conn, xmls, callers, repeat):
    """Many domains started by several callers, then asked for all their statistics, then ended."""
    domains = [conn.defineXML(xml) for xml in xmls]
    started = seconds(lambda: side_by_side(domains, callers, lambda domain: domain.create()))
    stats = [seconds(lambda: conn.getAllDomainStats(0, 0)) for _ in range(repeat)]
    side_by_side(domains, callers, lambda domain: domain.destroy())
    for domain in domains:
        domain.undefine()
    return {"starts": [started], "stats": stats}


def define(conn, xmls, callers):
    took = seconds(lambda: side_by_side(xmls, callers, conn.defineXML))
    domains = conn.listAllDomains()
    lists = [seconds(conn.listAllDomains) for _ in range(5)]
    for domain in domains:
        domain.undefine()
    return {"define": [took / len(xmls)], "list": lists}


def dumpxml(conn, xml, count):
    domain = conn.defineXML(xml)

    def dump():
        for _ in range(count):
            domain.XMLDesc(0)

    took = seconds(dump)
    domain.undefine()
    return {"dumpxml": [took / count]}


WORKS = {"startAndStop": start_and_stop, "many": many, "define": define, "dumpxml": dumpxml}


def serve(socket):
    conn = libvirt.open(f"qemu+unix:///system?socket={socket}")
    print(json.dumps({"ready": conn.getLibVersion()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        work = WORKS[request.pop("work")]
        try:
            answer = work(conn, **request)
        except libvirt.libvirtError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)
    conn.close()
