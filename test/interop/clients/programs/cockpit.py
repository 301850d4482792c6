"""The D-Bus calls that Cockpit makes, to libvirt-dbus on a bus of the test's own. Prints one JSON object.

Must run within a session bus on which libvirt-dbus can be activated as org.libvirt.
"""
import json

import dbus

bus = dbus.SessionBus()
out = {}
connect = dbus.Interface(bus.get_object("org.libvirt", "/org/libvirt/QEMU"), "org.libvirt.Connect")
properties = dbus.Interface(bus.get_object("org.libvirt", "/org/libvirt/QEMU"), "org.freedesktop.DBus.Properties")
out["version"] = int(properties.Get("org.libvirt.Connect", "LibVersion"))
out["capabilities"] = "<capabilities>" in connect.GetCapabilities().replace("\n", "")
paths = connect.ListDomains(dbus.UInt32(0))
out["domains"] = []
for path in paths:
    domain = bus.get_object("org.libvirt", path)
    everything = dbus.Interface(domain, "org.freedesktop.DBus.Properties").GetAll("org.libvirt.Domain")
    face = dbus.Interface(domain, "org.libvirt.Domain")
    state = [int(part) for part in face.GetState(dbus.UInt32(0))]
    stats = face.GetStats(dbus.UInt32(0), dbus.UInt32(0))
    xml = face.GetXMLDesc(dbus.UInt32(0))
    out["domains"].append(
        {
            "name": str(everything["Name"]),
            "active": bool(everything["Active"]),
            "persistent": bool(everything["Persistent"]),
            "osType": str(everything["OSType"]),
            "state": state,
            "stats": len(stats) > 5,
            "xml": "<domain" in xml,
            "snapshots": len(face.ListDomainSnapshots(dbus.UInt32(0))),
        }
    )
out["nodeMemory"] = "total" in connect.NodeGetMemoryStats(dbus.Int32(-1), dbus.UInt32(0))


def listed(method):
    try:
        return len(method(dbus.UInt32(0)))
    except dbus.DBusException as error:
        return error.get_dbus_name()


out["networks"] = listed(connect.ListNetworks)
out["pools"] = listed(connect.ListStoragePools)
# How many there are is the host's business.
out["listsDevices"] = isinstance(listed(connect.ListNodeDevices), int)
out["listsInterfaces"] = isinstance(listed(connect.ListInterfaces), int)
guest = dbus.Interface(bus.get_object("org.libvirt", connect.DomainLookupByName("guest")), "org.libvirt.Domain")
guest.Suspend()
out["suspended"] = int(guest.GetState(dbus.UInt32(0))[0])
guest.Resume()
out["resumed"] = int(guest.GetState(dbus.UInt32(0))[0])
print(json.dumps(out))
