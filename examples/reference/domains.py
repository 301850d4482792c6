"""Short examples for the reference pages, about domains. They run on test:///default."""

import tsvirt as libvirt


def virDomainDefineXML(conn):
    dom = conn.defineXML("""
        <domain type='test'>
          <name>web</name>
          <memory unit='MiB'>512</memory>
          <vcpu>2</vcpu>
          <os><type>hvm</type></os>
        </domain>""")
    print(dom.name(), dom.UUIDString())


def virDomainCreateXML(conn):
    xml = "<domain type='test'><name>once</name><memory>65536</memory><os><type>hvm</type></os></domain>"
    dom = conn.createXML(xml, libvirt.VIR_DOMAIN_START_PAUSED)
    dom.resume()
    dom.destroy()  # Nothing is left of it: it was never defined.


def virDomainCreate(conn):
    dom = conn.lookupByName("test")
    dom.destroy()
    dom.create()
    print(dom.ID())


def virDomainShutdown(conn):
    dom = conn.lookupByName("test")
    dom.shutdown()  # The guest is asked, no more.
    state, reason = dom.state()
    print(state == libvirt.VIR_DOMAIN_SHUTOFF)


def virDomainDestroy(conn):
    dom = conn.lookupByName("test")
    try:
        dom.destroy()
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_OPERATION_INVALID:
            raise  # Otherwise it was not running.


def virDomainUndefineFlags(conn):
    dom = conn.lookupByName("test")
    dom.destroy()
    dom.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE)


def virDomainGetInfo(conn):
    dom = conn.lookupByName("test")
    state, max_mem, memory, vcpus, cpu_time = dom.info()
    print("running" if state == libvirt.VIR_DOMAIN_RUNNING else "not running")
    print(f"{memory} of {max_mem} KiB, {vcpus} processors, {cpu_time // 1000000} ms")


def virDomainGetXMLDesc(conn):
    dom = conn.lookupByName("test")
    xml = dom.XMLDesc()
    print(xml.splitlines()[0])


def virDomainSetMemoryFlags(conn):
    dom = conn.lookupByName("test")
    dom.setMemoryFlags(1024 * 1024, libvirt.VIR_DOMAIN_MEM_LIVE | libvirt.VIR_DOMAIN_MEM_CONFIG)


def virDomainSetMetadata(conn):
    dom = conn.lookupByName("test")
    uri = "https://example.org/roles"
    dom.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<role>web</role>", "roles", uri)
    dom.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "The web server", None, None, libvirt.VIR_DOMAIN_AFFECT_CONFIG)


def virDomainGetMetadata(conn):
    dom = conn.lookupByName("test")
    uri = "https://example.org/roles"
    dom.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<role>web</role>", "roles", uri)
    print(dom.metadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, uri))


def virDomainManagedSave(conn):
    dom = conn.lookupByName("test")
    dom.managedSave()
    dom.create()  # The guest goes on where it was.


def virDomainSnapshotCreateXML(conn):
    dom = conn.lookupByName("test")
    snap = dom.snapshotCreateXML("<domainsnapshot><name>before-upgrade</name></domainsnapshot>")
    dom.suspend()
    dom.revertToSnapshot(snap)


def virDomainListAllSnapshots(conn):
    dom = conn.lookupByName("test")
    dom.snapshotCreateXML("<domainsnapshot/>")
    for snap in dom.listAllSnapshots():
        print(snap.getName(), snap.isCurrent())
