"""Short examples for the reference pages: the body of each function stands at the method for the function of C that it is
called after. They run on test:///default."""

import tsvirt as libvirt


def virConnectOpen(uri):
    conn = libvirt.open(uri)
    print(conn.getHostname())
    conn.close()


def virConnectOpenReadOnly(uri):
    conn = libvirt.openReadOnly(uri)
    dom = conn.lookupByName("test")
    try:
        dom.suspend()
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_OPERATION_DENIED:
            raise
        print("may look, may not touch")
    conn.close()


def virConnectListAllDomains(conn):
    running = conn.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)
    for dom in running:
        print(dom.ID(), dom.name(), dom.UUIDString())


def virDomainLookupByName(conn):
    try:
        dom = conn.lookupByName("web")
        print(dom.UUIDString())
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
            raise
        print("there is no such domain")


def virConnectGetAllDomainStats(conn):
    wanted = libvirt.VIR_DOMAIN_STATS_STATE | libvirt.VIR_DOMAIN_STATS_CPU_TOTAL | libvirt.VIR_DOMAIN_STATS_BALLOON
    for dom, stats in conn.getAllDomainStats(wanted):
        print(dom.name(), stats.get("state.state"), stats.get("balloon.current"))


def virNodeGetInfo(conn):
    model, memory, cpus, mhz, *_ = conn.getInfo()
    print(f"{model}: {cpus} processors of {mhz} MHz, {memory} MiB")


def virSetErrorFunc(conn):
    libvirt.registerErrorHandler(lambda context, error: print("libvirt:", error[2]), None)
    try:
        conn.lookupByName("web")
    except libvirt.libvirtError:
        pass


def virGetLastError(conn):
    try:
        conn.lookupByName("web")
    except libvirt.libvirtError:
        print(libvirt.virGetLastError()[2])
