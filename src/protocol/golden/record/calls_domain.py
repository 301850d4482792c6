"""Calls on domains."""

import libvirt
from common import FOLDER, attempt

LIVE, CONFIG = libvirt.VIR_DOMAIN_AFFECT_LIVE, libvirt.VIR_DOMAIN_AFFECT_CONFIG


def running(c, d, disk="vda", interface="aa:bb:cc:dd:ee:ff"):
    """Questions that a running domain answers."""
    for function in (d.info, d.state, d.OSType, d.maxMemory, d.maxVcpus, d.XMLDesc, d.autostart, d.isActive,
                     d.isPersistent, d.isUpdated, d.hasManagedSaveImage, d.hasCurrentSnapshot, d.schedulerType,
                     d.schedulerParameters, d.memoryParameters, d.blkioParameters, d.numaParameters, d.perfEvents,
                     d.jobInfo, d.jobStats, d.memoryStats, d.vcpus, d.vcpuPinInfo, d.emulatorPinInfo, d.ioThreadInfo,
                     d.securityLabel, d.securityLabelList, d.controlInfo, d.diskErrors, d.launchSecurityInfo,
                     d.messages, d.vcpusFlags, d.migrateGetMaxDowntime, d.migrateGetMaxSpeed, d.migrateGetCompressionCache):
        attempt(function)
    attempt(c.lookupByID, d.ID())
    attempt(c.lookupByUUID, d.UUID())
    attempt(c.lookupByUUIDString, d.UUIDString())
    attempt(c.lookupByName, "absent")
    attempt(d.state, 0)
    attempt(d.getCPUStats, True)
    attempt(d.getCPUStats, False)
    attempt(d.schedulerParametersFlags, LIVE)
    attempt(d.blockStats, disk)
    attempt(d.blockStatsFlags, disk)
    attempt(d.blockInfo, disk)
    attempt(d.blockIoTune, disk, LIVE)
    attempt(d.blockJobInfo, disk)
    attempt(d.blockPeek, disk, 0, 16)
    attempt(d.memoryPeek, 0, 16, libvirt.VIR_MEMORY_PHYSICAL)
    attempt(d.interfaceStats, interface)
    attempt(d.interfaceParameters, interface)
    attempt(d.interfaceAddresses, libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE)
    attempt(c.domainListGetStats, [d], 0)
    attempt(c.getAllDomainStats, 0)
    attempt(d.backupGetXMLDesc)
    attempt(c.domainXMLToNative, "qemu-argv", d.XMLDesc())
    attempt(c.domainXMLFromNative, "qemu-argv", "qemu -name x")
    screenshot(c, d)


def screenshot(c, d):
    stream = c.newStream()
    if attempt(d.screenshot, stream, 0) is not None:
        try:
            stream.recvAll(lambda *_: 0, None)
            stream.finish()
        except (libvirt.libvirtError, RuntimeError):
            attempt(stream.abort)


def tuning(c, d, disk="vda", interface="aa:bb:cc:dd:ee:ff"):
    """Settings of a running domain, most of which are set to what they were."""
    attempt(d.setAutostart, 1)
    attempt(d.setAutostart, 0)
    attempt(d.setMemory, d.maxMemory() - 1024)
    attempt(d.setMemoryFlags, d.maxMemory(), LIVE)
    attempt(d.setMaxMemory, d.maxMemory())
    attempt(d.setMemoryStatsPeriod, 2)
    attempt(d.setMemoryParameters, {"hard_limit": 9007199254740991}, LIVE)
    attempt(d.setBlkioParameters, {"weight": 500}, LIVE)
    attempt(d.setNumaParameters, {"numa_nodeset": "0"}, CONFIG)
    attempt(d.setSchedulerParameters, {"weight": 50})
    attempt(d.setSchedulerParametersFlags, {"cpu_shares": 1024}, LIVE)
    attempt(d.setPerfEvents, {"cpu_clock": False}, LIVE)
    attempt(d.setVcpus, 2)
    attempt(d.setVcpusFlags, 2, LIVE)
    attempt(d.setVcpu, "1", 1, LIVE)
    attempt(d.pinVcpu, 0, (True,))
    attempt(d.pinVcpuFlags, 0, (True,), LIVE)
    attempt(d.pinEmulator, (True,), LIVE)
    attempt(d.addIOThread, 5, LIVE)
    attempt(d.setIOThreadParams, 5, {"poll_max_ns": 100}, LIVE)
    attempt(d.pinIOThread, 5, (True,), LIVE)
    attempt(d.ioThreadInfo, LIVE)
    attempt(d.delIOThread, 5, LIVE)
    attempt(d.setBlockIoTune, disk, {"total_bytes_sec": 1000000, "group_name": "g"}, LIVE)
    attempt(d.blockIoTune, disk, LIVE)
    attempt(d.setInterfaceParameters, interface, {"inbound.average": 1000}, LIVE)
    attempt(d.setBlockThreshold, disk, 1000)
    attempt(d.setMetadata, libvirt.VIR_DOMAIN_METADATA_TITLE, "A title", None, None, LIVE)
    attempt(d.setMetadata, libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<a/>", "k", "urn:k", LIVE)
    attempt(d.metadata, libvirt.VIR_DOMAIN_METADATA_TITLE, None)
    attempt(d.metadata, libvirt.VIR_DOMAIN_METADATA_ELEMENT, "urn:k")
    attempt(d.setLifecycleAction, 0, 1, LIVE)
    attempt(d.sendKey, 0, 0, [28, 42], 2)
    attempt(d.injectNMI)
    attempt(d.sendProcessSignal, 1, 15)
    attempt(d.migrateSetMaxDowntime, 300)
    attempt(d.migrateSetMaxSpeed, 100)
    attempt(d.migrateSetCompressionCache, 67108864)
    attempt(d.startDirtyRateCalc, 1)
    attempt(d.setLaunchSecurityState, {"sev-secret": "x", "sev-secret-header": "y"})
    attempt(d.abortJob)
    attempt(d.abortJobFlags, 0)
    devices(d)


def devices(d):
    disk = "<disk type='file' device='disk'><source file='{0}'/><target dev='{1}' bus='virtio'/></disk>"
    xml = disk.format("/absent.img", "vdx")
    attempt(d.attachDevice, xml)
    attempt(d.attachDeviceFlags, xml, LIVE)
    attempt(d.updateDeviceFlags, xml, LIVE)
    attempt(d.detachDevice, xml)
    attempt(d.detachDeviceFlags, xml, LIVE)
    attempt(d.detachDeviceAlias, "absent", LIVE)


def agent(d):
    """What the guest's agent answers, if there is one."""
    for function in (d.getTime, d.fsInfo, d.guestVcpus, d.guestInfo, d.hostname):
        attempt(function)
    attempt(d.setTime, {"seconds": 1700000000, "nseconds": 0})
    attempt(d.fsFreeze)
    attempt(d.fsThaw)
    attempt(d.fSTrim, None, 0)
    attempt(d.interfaceAddresses, libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT)
    attempt(d.setUserPassword, "root", "not so secret")
    attempt(d.authorizedSSHKeysSet, "root", ["ssh-rsa AAAA somebody@somewhere"])
    attempt(d.authorizedSSHKeysGet, "root")
    attempt(d.setGuestVcpus, "0", 1)
    attempt(d.agentSetResponseTimeout, 5)


def lifecycle(c, xml):
    """A domain's way from its definition to its end, and those of passing ones."""
    d = attempt(c.defineXML, xml.format(name="lasting"))
    attempt(c.defineXMLFlags, "<domain/>", 0)
    if d:
        attempt(d.rename, "renamed")
        attempt(d.create)
        attempt(d.suspend)
        attempt(d.resume)
        attempt(d.reboot)
        attempt(d.reset)
        attempt(d.pMSuspendForDuration, 0, 0)
        attempt(d.pMWakeup)
        attempt(d.coreDump, f"{FOLDER}/core", 0)
        attempt(d.coreDumpWithFormat, f"{FOLDER}/core", 0, 0)
        attempt(d.shutdownFlags, 0)
        attempt(d.shutdown)
        attempt(d.destroy)
        attempt(d.createWithFlags, libvirt.VIR_DOMAIN_START_PAUSED)
        attempt(d.destroyFlags, 0)
        attempt(d.undefineFlags, 0)
    d = attempt(c.defineXMLFlags, xml.format(name="short"), 0)
    if d:
        attempt(d.undefine)
    d = attempt(c.createXML, xml.format(name="passing"))
    if d:
        attempt(d.destroy)
    attempt(c.createXML, "<domain/>")


def saving(c, d, path):
    attempt(d.save, path)
    attempt(c.saveImageGetXMLDesc, path)
    attempt(c.saveImageDefineXML, path, d.XMLDesc())
    attempt(c.restore, path)
    attempt(d.saveFlags, path, None, 0)
    attempt(c.restoreFlags, path, None, 0)
    attempt(d.saveParams, {"file": path})
    attempt(c.restoreParams, {"file": path})
    attempt(d.create)
    attempt(d.managedSave)
    attempt(d.managedSaveGetXMLDesc)
    attempt(d.managedSaveDefineXML, d.XMLDesc())
    attempt(d.hasManagedSaveImage)
    attempt(d.managedSaveRemove)
    attempt(d.create)


def snapshots(d):
    xml = "<domainsnapshot><name>{}</name></domainsnapshot>"
    first = attempt(d.snapshotCreateXML, xml.format("first"))
    second = attempt(d.snapshotCreateXML, xml.format("second"))
    for function in (d.snapshotNum, d.snapshotListNames, d.listAllSnapshots, d.hasCurrentSnapshot, d.snapshotCurrent):
        attempt(function)
    attempt(d.snapshotLookupByName, "absent")
    if first and second:
        attempt(d.snapshotLookupByName, "first")
        for function in (first.getXMLDesc, second.getParent, first.getParent, first.numChildren, first.listChildrenNames,
                         first.listAllChildren, second.isCurrent, second.hasMetadata):
            attempt(function)
        attempt(d.revertToSnapshot, first)
        attempt(second.delete)
        attempt(first.delete)


def checkpoints(d, disk="vda"):
    first = attempt(d.checkpointCreateXML, "<domaincheckpoint><name>first</name></domaincheckpoint>")
    second = attempt(d.checkpointCreateXML, "<domaincheckpoint><name>second</name></domaincheckpoint>")
    attempt(d.listAllCheckpoints)
    attempt(d.checkpointLookupByName, "absent")
    if first and second:
        attempt(d.checkpointLookupByName, "first")
        for function in (first.getXMLDesc, second.getParent, first.listAllChildren):
            attempt(function)
        attempt(second.delete)
        attempt(first.delete)
