"""Short examples for the reference pages, about events. They run on test:///default."""

import tsvirt as libvirt


def virConnectDomainEventRegisterAny(conn):
    def changed(conn, dom, event, detail, opaque):
        if event == libvirt.VIR_DOMAIN_EVENT_SUSPENDED:
            print(dom.name(), "is paused")

    callback_id = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, changed, None)
    conn.lookupByName("test").suspend()
    conn.domainEventDeregisterAny(callback_id)
