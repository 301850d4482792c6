"""What the exercises share."""

import os
import threading

import libvirt

SOCKET = os.environ["SOCKET"]
FOLDER = os.environ["FOLDER"]

libvirt.registerErrorHandler(lambda context, error: None, None)
libvirt.virEventRegisterDefaultImpl()


def run_events():
    while True:
        libvirt.virEventRunDefaultImpl()


threading.Thread(target=run_events, daemon=True).start()


def connect(driver, path):
    return libvirt.open(f"{driver}+unix://{path}?socket={SOCKET}")


def attempt(function, *arguments):
    """Calls a function; what fails is recorded just as well, and gives None."""
    if os.environ.get("VERBOSE"):
        print(getattr(function, "__qualname__", function), flush=True)
    try:
        return function(*arguments)
    except libvirt.libvirtError as error:
        if os.environ.get("VERBOSE"):
            print(f"{getattr(function, '__qualname__', function)}: {error}", flush=True)
        return None


def no_event(*arguments):
    pass


def watch_everything(connection):
    """Registers for every event of every kind of object, and for the connection's end; gives what takes it back."""
    attempt(connection.setKeepAlive, 5, 3)
    attempt(connection.registerCloseCallback, no_event, None)
    undo = []
    for register, deregister, kinds in (
        (connection.domainEventRegisterAny, connection.domainEventDeregisterAny, 27),
        (connection.networkEventRegisterAny, connection.networkEventDeregisterAny, 1),
        (connection.storagePoolEventRegisterAny, connection.storagePoolEventDeregisterAny, 2),
        (connection.nodeDeviceEventRegisterAny, connection.nodeDeviceEventDeregisterAny, 2),
        (connection.secretEventRegisterAny, connection.secretEventDeregisterAny, 2),
    ):
        for kind in range(kinds):
            callback = attempt(register, None, kind, no_event, None)
            if callback is not None:
                undo.append((deregister, callback))
    undo.append((connection.unregisterCloseCallback,))
    return undo


def stop_watching(undo):
    for function, *arguments in undo:
        attempt(function, *arguments)
