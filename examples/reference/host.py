"""Short examples for the reference pages, about networks, storage, secrets and devices. They run on test:///default."""

import tsvirt as libvirt


def virNetworkDefineXML(conn):
    net = conn.networkDefineXML("""
        <network>
          <name>lab</name>
          <forward mode='nat'/>
          <bridge name='virbr7'/>
          <ip address='192.168.77.1' netmask='255.255.255.0'>
            <dhcp><range start='192.168.77.10' end='192.168.77.99'/></dhcp>
          </ip>
        </network>""")
    net.create()
    net.setAutostart(1)


def virNetworkUpdate(conn):
    net = conn.networkLookupByName("default")
    host = "<host mac='52:54:00:6d:90:02' name='web' ip='192.168.122.20'/>"
    net.update(libvirt.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST, -1, host)


def virStoragePoolDefineXML(conn):
    pool = conn.storagePoolDefineXML("""
        <pool type='dir'>
          <name>images</name>
          <target><path>/srv/images</path></target>
        </pool>""")
    pool.create()
    state, capacity, allocation, available = pool.info()
    print(f"{available} of {capacity} bytes are free")


def virStorageVolCreateXML(conn):
    pool = conn.storagePoolLookupByName("default-pool")
    vol = pool.createXML("""
        <volume>
          <name>web.img</name>
          <capacity unit='GiB'>20</capacity>
        </volume>""")
    print(vol.path())


def virSecretSetValue(conn):
    secret = conn.secretDefineXML("""
        <secret>
          <usage type='volume'><volume>/srv/images/web.luks</volume></usage>
        </secret>""")
    secret.setValue(b"open sesame")


def virNodeDeviceGetXMLDesc(conn):
    for dev in conn.listAllDevices():
        print(dev.listCaps(), dev.XMLDesc())


def virInterfaceGetXMLDesc(conn):
    iface = conn.interfaceLookupByName("eth1")
    print(iface.MACString(), iface.XMLDesc())
