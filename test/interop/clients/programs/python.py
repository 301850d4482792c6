"""What programs in Python do with a hypervisor, by libvirt's official module. Prints one JSON object.

arguments: URI of a QEMU connection, URI of a test connection, path of a guest's image
"""
import json
import sys
import threading

import libvirt

qemu_uri, test_uri, image = sys.argv[1:]
out = {}
libvirt.registerErrorHandler(lambda _context, _error: None, None)
libvirt.virEventRegisterDefaultImpl()


def run_events():
    while True:
        libvirt.virEventRunDefaultImpl()


threading.Thread(target=run_events, daemon=True).start()

XML = f"""<domain type='qemu'>
  <name>python</name>
  <memory unit='MiB'>32</memory>
  <os><type machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <disk type='file'><driver name='qemu' type='raw'/><source file='{image}'/><target dev='vda' bus='virtio'/><shareable/></disk>
    <interface type='user'><mac address='52:54:00:00:00:11'/><model type='virtio'/></interface>
    <serial type='pty'/>
    <graphics type='vnc' autoport='yes'/>
    <video><model type='vga'/></video>
  </devices>
</domain>"""


def error_of(call):
    try:
        call()
        return None
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain()]


conn = libvirt.open(qemu_uri)
out["type"] = conn.getType()
out["uri"] = conn.getURI()
out["alive"] = conn.isAlive()
out["libVersion"] = conn.getLibVersion()
out["capabilities"] = conn.getCapabilities().strip().startswith("<capabilities>")
out["domainCapabilities"] = "<domainCapabilities>" in conn.getDomainCapabilities(None, "x86_64", "pc", "qemu", 0)
out["nodeInfo"] = len(conn.getInfo())
out["missing"] = error_of(lambda: conn.lookupByName("nosuch"))

events = []
started = threading.Event()
gone = threading.Event()


def lifecycle(_conn, dom, event, detail, _opaque):
    events.append([dom.name(), event, detail])
    if event == libvirt.VIR_DOMAIN_EVENT_RESUMED:
        started.set()
    if event == libvirt.VIR_DOMAIN_EVENT_UNDEFINED:
        gone.set()


callback = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle, None)
conn.setKeepAlive(5, 5)
dom = conn.defineXML(XML)
dom.create()
dom.suspend()
dom.resume()
started.wait(20)
out["id"] = dom.ID() > 0
out["info"] = dom.info()[0]
out["state"] = dom.state()
out["listed"] = sorted(d.name() for d in conn.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE))
out["oldList"] = dom.ID() in conn.listDomainsID() and conn.numOfDomains() >= 1
out["stats"] = sorted({key.split(".")[0] for key in conn.domainListGetStats([dom])[0][1]})
out["memoryStats"] = "actual" in dom.memoryStats()
out["blockStats"] = len(dom.blockStats("vda"))
out["blockInfo"] = dom.blockInfo("vda")[0]
out["xml"] = "<alias name='virtio-disk0'/>" in dom.XMLDesc()
out["vcpus"] = dom.vcpusFlags()
dom.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "by Python", None, None)
out["title"] = dom.metadata(libvirt.VIR_DOMAIN_METADATA_TITLE, None)
out["autostart"] = (dom.setAutostart(1), dom.autostart(), dom.setAutostart(0))

stream = conn.newStream()
out["screenshot"] = dom.screenshot(stream, 0)
picture = bytearray()
stream.recvAll(lambda _stream, data, _opaque: picture.extend(data), None)
stream.finish()
# A screen on which nothing is yet takes a few hundred bytes.
out["picture"] = len(picture) > 100

console = conn.newStream()
dom.openConsole(None, console, libvirt.VIR_DOMAIN_CONSOLE_FORCE)
heard = b""
while b"tick" not in heard:
    heard += console.recv(1024)
console.abort()
out["console"] = True

out["running"] = error_of(dom.create)
dom.destroy()
dom.undefineFlags(0)
gone.wait(20)
conn.domainEventDeregisterAny(callback)
out["events"] = events
read_only = libvirt.openReadOnly(qemu_uri)
out["denied"] = error_of(lambda: read_only.defineXML(XML))
read_only.close()
out["closed"] = conn.close()

test = libvirt.open(test_uri)
domain = test.lookupByName("test")
domain.snapshotCreateXML("<domainsnapshot><name>one</name></domainsnapshot>")
out["snapshots"] = domain.snapshotListNames()
domain.revertToSnapshot(domain.snapshotLookupByName("one"))
out["networks"] = [net.name() for net in test.listAllNetworks()]
pool = test.storagePoolLookupByName("default-pool")
volume = pool.createXML("<volume><name>v</name><capacity unit='KiB'>64</capacity></volume>")
out["volume"] = volume.info()
volume.delete()
out["interfaces"] = [interface.name() for interface in test.listAllInterfaces()]
out["devices"] = sorted(device.name() for device in test.listAllDevices())
out["unsupported"] = error_of(lambda: domain.migrateSetMaxDowntime(5))
test.close()
print(json.dumps(out))
