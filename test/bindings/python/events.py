"""Registers for each kind of event, and writes down what the callback is given.

    events.py MODULE URI FOLDER

The other end sends an event of each kind that is registered for, with the answer to the next call.
"""

import importlib
import sys
import threading

from recorder import Recorder

sys.path.insert(0, sys.argv[3])
libvirt = importlib.import_module(sys.argv[1])
record = Recorder(libvirt)
libvirt.registerErrorHandler(lambda _context, _error: None, None)
libvirt.virEventRegisterDefaultImpl()


def run_events():
    while True:
        libvirt.virEventRunDefaultImpl()


threading.Thread(target=run_events, daemon=True).start()
conn = libvirt.open(sys.argv[2])

FAMILIES = {
    "VIR_DOMAIN_EVENT_ID_": (conn.domainEventRegisterAny, conn.domainEventDeregisterAny),
    "VIR_NETWORK_EVENT_ID_": (conn.networkEventRegisterAny, conn.networkEventDeregisterAny),
    "VIR_STORAGE_POOL_EVENT_ID_": (conn.storagePoolEventRegisterAny, conn.storagePoolEventDeregisterAny),
    "VIR_NODE_DEVICE_EVENT_ID_": (conn.nodeDeviceEventRegisterAny, conn.nodeDeviceEventDeregisterAny),
    "VIR_SECRET_EVENT_ID_": (conn.secretEventRegisterAny, conn.secretEventDeregisterAny),
}

for prefix, (register, deregister) in FAMILIES.items():
    # In the order of their names: both modules go the same way.
    for name in sorted(each for each in dir(libvirt) if each.startswith(prefix) and not each.endswith("_LAST")):
        came = threading.Event()
        given = []

        def callback(*details):
            given.append(details)
            came.set()

        number = register(None, getattr(libvirt, name), callback, "opaque")
        conn.getHostname()
        if not came.wait(60):
            raise SystemExit(f"no event of the kind {name}")
        record(name, lambda: [tuple(details) for details in given])
        deregister(number)
conn.close()
