"""What a program sees when it makes mistakes, and when the wire breaks.

    faults.py MODULE URI [FOLDER]

The other end of URI counts the bytes that come, and cuts the wire when a domain named "cut" is asked for: the program is
told by a line of its input when that end is ready for the next connection. Prints one JSON line a step.
"""

import importlib
import json
import sys
import threading

if len(sys.argv) > 3:
    sys.path.insert(0, sys.argv[3])
libvirt = importlib.import_module(sys.argv[1])
libvirt.registerErrorHandler(lambda _context, _error: None, None)


def say(step, *what):
    print(json.dumps([step, *what]), flush=True)


def raised(call):
    try:
        call()
    except libvirt.libvirtError as error:
        return ["libvirtError", error.get_error_code(), error.get_error_domain()]
    except Exception as error:  # noqa: BLE001 - which one is what is asked
        return [type(error).__name__, str(error)]
    return ["nothing"]


conn = libvirt.open(sys.argv[2])
dom = conn.lookupByName("test")
say("ready")
sys.stdin.readline()
wrong = {
    "name": lambda: conn.lookupByName(7),
    "id": lambda: conn.lookupByID("7"),
    "xml": lambda: conn.defineXML(b"<domain/>"),
    "flags": lambda: dom.XMLDesc("0"),
    "autostart": lambda: dom.setAutostart("yes"),
    "memory": lambda: dom.setMemory(1.5),
    "params": lambda: dom.setMemoryParameters([("hard_limit", 1)], 0),
    "vcpu": lambda: dom.pinVcpu(None, (True,)),
    "uuid": lambda: conn.lookupByUUID("no bytes"),
    "uuidstr": lambda: conn.lookupByUUIDString(3),
}
for parameter, call in wrong.items():
    say("wrong", parameter, *raised(call))
say("after wrong", dom.name(), dom.isActive())

# A thread waits for an answer that never comes while another makes the call that ends the wire.
say("cutting")
say("cut", *raised(lambda: conn.lookupByName("cut")))
say("after the cut", *raised(dom.isActive))
say("alive", conn.isAlive())
sys.stdin.readline()
again = libvirt.open(sys.argv[2])
say("again", again.lookupByName("test").isActive(), again.lookupByUUIDString(dom.UUIDString()).name())
results = []
threads = [threading.Thread(target=lambda: results.append(again.lookupByName("test").name())) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
say("threads", results)
again.close()
