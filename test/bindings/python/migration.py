"""Moves a domain in every way that there is, and writes down what came of it.

    migration.py MODULE URI FOLDER URI-OF-THE-DESTINATION
"""

import importlib
import sys

from recorder import Recorder

MODULE, URI, FOLDER, THERE = sys.argv[1:5]
sys.path.insert(0, FOLDER)
libvirt = importlib.import_module(MODULE)
record = Recorder(libvirt)
libvirt.registerErrorHandler(lambda _context, _error: None, None)
libvirt.virEventRegisterDefaultImpl()
conn, dconn = libvirt.open(URI), libvirt.open(THERE)
LIVE, P2P, TUNNELLED = libvirt.VIR_MIGRATE_LIVE, libvirt.VIR_MIGRATE_PEER2PEER, libvirt.VIR_MIGRATE_TUNNELLED
PARAMS = {
    "bandwidth": 7,
    "migrate_disks": ["vda", "vdb"],
    "parallel.connections": 3,
    "auto_converge.initial": 20,
    "destination_name": "new",
}


def dom():
    return conn.lookupByName("x")


def shown(moved):
    """The domain that is there."""
    return (moved.name(), moved.ID()) if hasattr(moved, "name") else moved


record("toURI", lambda: dom().migrateToURI("qemu://there/system", LIVE | P2P, None, 5))
record("toURI named", lambda: dom().migrateToURI("qemu://there/system", LIVE | P2P, "new", 0))
record("toURI2", lambda: dom().migrateToURI2("qemu://there/system", "tcp://there", "<domain/>", P2P, "new", 9))
record("toURI3", lambda: dom().migrateToURI3("qemu://there/system", PARAMS, P2P))
record("toURI3 to nowhere", lambda: dom().migrateToURI3(None, PARAMS, P2P))
record("toURI3 of a wrong type", lambda: dom().migrateToURI3("qemu://there/system", {"bandwidth": "fast"}, P2P))
record("migrate", lambda: dom().migrate(dconn, LIVE, None, None, 0), shown)
record("migrate named", lambda: dom().migrate(dconn, LIVE, "new", "tcp://there", 5), shown)
record("migrate2", lambda: dom().migrate2(dconn, "<domain/>", LIVE, None, None, 0), shown)
record("migrate3", lambda: dom().migrate3(dconn, PARAMS, LIVE), shown)
record("migrate3 peer to peer", lambda: dom().migrate3(dconn, PARAMS, P2P))
record("migrate3 tunnelled", lambda: dom().migrate3(dconn, PARAMS, TUNNELLED))
if MODULE == "tsvirt":
    record("migrate3 to no connection", lambda: dom().migrate3("there", PARAMS, LIVE))
for step in ("Begin", "Prepare", "Perform", "Finish", "Confirm"):
    failing = {**PARAMS, "destination_name": f"fail domainMigrate{step}3Params"}
    record(f"failing to {step}", lambda: dom().migrate3(dconn, failing, LIVE), shown)
