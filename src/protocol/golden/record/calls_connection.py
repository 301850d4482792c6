"""Calls on the connection, the host, and objects that are no domains."""

import libvirt
from common import attempt

NETWORK = """
<network><name>{name}</name>{uuid}<forward mode='nat'/><bridge name='{name}'/>
  <ip address='192.168.{net}.1' netmask='255.255.255.0'>
    <dhcp><range start='192.168.{net}.2' end='192.168.{net}.254'/></dhcp></ip></network>"""
POOL = "<pool type='dir'><name>{name}</name><target><path>{path}</path></target></pool>"
VOLUME = "<volume><name>{name}</name><capacity>1048576</capacity><target><format type='{format}'/></target></volume>"
SECRET = "<secret ephemeral='no' private='no'><usage type='volume'><volume>/some/{name}</volume></usage></secret>"
FILTER = "<filter name='{name}' chain='root'><rule action='drop' direction='in' priority='500'><all/></rule></filter>"


def host(c):
    for function in (c.getType, c.getVersion, c.getLibVersion, c.getHostname, c.getURI, c.getCapabilities, c.getInfo,
                     c.getSysinfo, c.isSecure, c.isEncrypted, c.isAlive, c.getFreeMemory, c.getSecurityModel,
                     c.getMemoryParameters, c.getCPUMap, c.getSEVInfo, c.getDomainCapabilities,
                     c.getStoragePoolCapabilities):
        attempt(function)
    attempt(c.getMaxVcpus, None)
    attempt(c.getMaxVcpus, "test")
    attempt(c.getCellsFreeMemory, 0, 4)
    attempt(c.getCPUStats, -1)
    attempt(c.getCPUStats, 0)
    attempt(c.getMemoryStats, -1)
    attempt(c.getFreePages, [4, 2048], 0, 1)
    attempt(c.allocPages, {2048: 0}, 0, 1)
    attempt(c.getCPUModelNames, "x86_64")
    attempt(c.setMemoryParameters, {"shm_pages_to_scan": 100})
    attempt(c.suspendForDuration, 0, 1)
    cpu = "<cpu><arch>x86_64</arch><model>qemu64</model></cpu>"
    attempt(c.compareCPU, cpu)
    attempt(c.baselineCPU, [cpu])
    attempt(c.compareHypervisorCPU, None, None, None, None, cpu)
    attempt(c.baselineHypervisorCPU, None, None, None, None, [cpu])
    attempt(c.setIdentity, {"user-name": "somebody"})
    attempt(c.findStoragePoolSources, "dir", None)
    attempt(c.findStoragePoolSources, "logical", None)


def lists(c):
    for function in (c.numOfDomains, c.listDomainsID, c.numOfDefinedDomains, c.listDefinedDomains, c.numOfNetworks,
                     c.listNetworks, c.numOfDefinedNetworks, c.listDefinedNetworks, c.numOfStoragePools,
                     c.listStoragePools, c.numOfDefinedStoragePools, c.listDefinedStoragePools, c.numOfInterfaces,
                     c.listInterfaces, c.numOfDefinedInterfaces, c.listDefinedInterfaces, c.numOfSecrets, c.listSecrets,
                     c.numOfNWFilters, c.listNWFilters, c.listAllDomains, c.listAllNetworks, c.listAllStoragePools,
                     c.listAllInterfaces, c.listAllDevices, c.listAllSecrets, c.listAllNWFilters,
                     c.listAllNWFilterBindings, c.getAllDomainStats):
        attempt(function)
    attempt(c.numOfDevices, None)
    attempt(c.listDevices, None)
    attempt(c.numOfDevices, "net")
    attempt(c.listDevices, "net")


def networks(c):
    attempt(c.networkCreateXML, NETWORK.format(name="passing", uuid="", net=91))
    network = attempt(c.networkDefineXML, NETWORK.format(name="lasting", uuid="", net=92))
    for name in ("passing", "absent"):
        attempt(c.networkLookupByName, name)
    if network is None:
        return
    attempt(c.networkLookupByUUID, network.UUID())
    for function in (network.create, network.bridgeName, network.autostart, network.isActive, network.isPersistent,
                     network.XMLDesc, network.DHCPLeases, network.listAllPorts):
        attempt(function)
    attempt(network.setAutostart, 1)
    host_xml = "<host mac='52:54:00:00:00:01' ip='192.168.92.5'/>"
    attempt(network.update, libvirt.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST, -1,
            host_xml)
    ports(network)
    attempt(network.setAutostart, 0)
    attempt(network.destroy)
    attempt(network.undefine)
    passing = attempt(c.networkLookupByName, "passing")
    if passing:
        attempt(passing.destroy)


def ports(network):
    xml = """<networkport><owner><name>test</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid></owner>
             <mac address='52:54:00:00:00:02'/></networkport>"""
    port = attempt(network.portCreateXML, xml)
    if port is None:
        return
    attempt(network.listAllPorts)
    attempt(network.portLookupByUUID, port.UUID())
    attempt(port.XMLDesc)
    attempt(port.setParameters, {"inbound.average": 1000})
    attempt(port.getParameters)
    attempt(port.delete)


def storage(c, path):
    attempt(c.storagePoolCreateXML, POOL.format(name="passing", path=path))
    passing = attempt(c.storagePoolLookupByName, "passing")
    if passing:
        attempt(passing.destroy)
    pool = attempt(c.storagePoolDefineXML, POOL.format(name="lasting", path=path))
    attempt(c.storagePoolLookupByName, "absent")
    if pool is None:
        return
    attempt(c.storagePoolLookupByUUID, pool.UUID())
    attempt(c.storagePoolLookupByTargetPath, path)
    for function in (pool.build, pool.create, pool.refresh, pool.info, pool.autostart, pool.isActive, pool.isPersistent,
                     pool.XMLDesc):
        attempt(function)
    attempt(pool.setAutostart, 1)
    volumes(c, pool)
    for function in (pool.numOfVolumes, pool.listVolumes, pool.listAllVolumes):
        attempt(function)
    for volume in attempt(pool.listAllVolumes) or []:
        attempt(volume.delete)
    for function in (pool.destroy, pool.delete, pool.undefine):
        attempt(function)


def volumes(c, pool):
    volume = attempt(pool.createXML, VOLUME.format(name="one", format="raw"))
    if volume is None:
        return
    copy = attempt(pool.createXMLFrom, VOLUME.format(name="two", format="raw"), volume)
    attempt(pool.storageVolLookupByName, "one")
    attempt(pool.storageVolLookupByName, "absent")
    attempt(c.storageVolLookupByKey, volume.key())
    attempt(c.storageVolLookupByPath, volume.path())
    for function in (volume.info, volume.XMLDesc, volume.path, volume.storagePoolLookupByVolume, pool.listVolumes):
        attempt(function)
    attempt(volume.infoFlags, 1)
    attempt(volume.resize, 2097152)
    transfer(c, volume)
    if copy:
        attempt(copy.wipe)
        attempt(copy.wipePattern, 0)


def transfer(c, volume):
    """Data up and down again, once as it is and once with its holes."""
    for sparse in (0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM):
        stream = c.newStream()
        if attempt(volume.upload, stream, 0, 8192, sparse) is None:
            continue
        attempt(stream.send, b"a few bytes of data")
        if sparse:
            attempt(stream.sendHole, 4096)
        attempt(stream.finish)
    for sparse in (0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM):
        stream = c.newStream()
        if attempt(volume.download, stream, 0, 0, sparse) is None:
            continue
        try:
            if sparse:
                stream.sparseRecvAll(lambda *_: 0, lambda *_: 0, None)
            else:
                stream.recvAll(lambda *_: 0, None)
            stream.finish()
        except (libvirt.libvirtError, RuntimeError):
            attempt(stream.abort)
    stream = c.newStream()
    if attempt(volume.download, stream, 0, 0) is not None:
        attempt(stream.abort)


def secrets(c):
    secret = attempt(c.secretDefineXML, SECRET.format(name="volume"))
    if secret is None:
        return
    attempt(c.secretLookupByUUID, secret.UUID())
    attempt(c.secretLookupByUsage, libvirt.VIR_SECRET_USAGE_TYPE_VOLUME, "/some/volume")
    attempt(c.secretLookupByUsage, libvirt.VIR_SECRET_USAGE_TYPE_VOLUME, "/absent")
    attempt(secret.value)
    attempt(secret.setValue, b"quite\x00secret\xff")
    for function in (secret.value, secret.XMLDesc, c.listAllSecrets, secret.undefine):
        attempt(function)


def filters(c):
    nwfilter = attempt(c.nwfilterDefineXML, FILTER.format(name="dropping"))
    attempt(c.nwfilterLookupByName, "absent")
    if nwfilter is None:
        return
    attempt(c.nwfilterLookupByName, "dropping")
    attempt(c.nwfilterLookupByUUID, nwfilter.UUID())
    for function in (nwfilter.XMLDesc, c.numOfNWFilters, c.listNWFilters, c.listAllNWFilters):
        attempt(function)
    xml = """<filterbinding><owner><name>test</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid></owner>
             <portdev name='lo'/><mac address='52:54:00:00:00:02'/><filterref filter='dropping'/></filterbinding>"""
    binding = attempt(c.nwfilterBindingCreateXML, xml)
    attempt(c.nwfilterBindingLookupByPortDev, "lo")
    attempt(c.listAllNWFilterBindings)
    if binding:
        attempt(binding.XMLDesc)
        attempt(binding.delete)
    attempt(nwfilter.undefine)


def interfaces(c):
    attempt(c.changeBegin)
    interface = attempt(c.interfaceDefineXML, """<interface type='ethernet' name='eth7'><start mode='onboot'/>
        <mac address='aa:bb:cc:dd:ee:f7'/></interface>""")
    for name in c.listInterfaces() if attempt(c.numOfInterfaces) else ["lo"]:
        existing = attempt(c.interfaceLookupByName, name)
        if existing:
            attempt(c.interfaceLookupByMACString, existing.MACString())
            attempt(existing.isActive)
            attempt(existing.XMLDesc)
    if interface:
        for function in (interface.create, interface.destroy, interface.undefine):
            attempt(function)
    attempt(c.changeCommit)
    attempt(c.changeBegin)
    attempt(c.changeRollback)


def devices(c):
    for device in (attempt(c.listAllDevices) or [])[:6]:
        attempt(c.nodeDeviceLookupByName, device.name())
        for function in (device.XMLDesc, device.parent, device.numOfCaps, device.listCaps, device.isActive,
                         device.isPersistent, device.autostart):
            attempt(function)
    attempt(c.nodeDeviceLookupByName, "absent")
    attempt(c.nodeDeviceLookupSCSIHostByWWN, "2000000012341234", "1000000012341234")
    vport = """<device><parent>scsi_host1</parent><capability type='scsi_host'><capability type='fc_host'>
        <wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn></capability></capability></device>"""
    created = attempt(c.nodeDeviceCreateXML, vport)
    defined = attempt(c.nodeDeviceDefineXML, vport)
    for device in (created, defined):
        if device:
            for function in (device.XMLDesc, device.reset, device.reAttach, device.dettach, device.create,
                             device.destroy, device.undefine):
                attempt(function)
