"""libvirt's QEMU driver with guests of its own, and the drivers for networks, storage and so on beside it."""

import os
import socket
import subprocess
import time

import guest
import libvirt
import libvirt_lxc
import libvirt_qemu
from calls_connection import NETWORK, devices, filters, host, interfaces, lists, networks, secrets, storage
from calls_domain import agent, checkpoints, lifecycle, running, saving, snapshots, tuning
from common import FOLDER, SOCKET, attempt, connect, no_event, stop_watching, watch_everything

MAC = "52:54:00:00:00:10"
DOMAIN = """<domain type='qemu'><name>{name}</name><memory unit='KiB'>{memory}</memory><vcpu current='1'>2</vcpu>
  <iothreads>1</iothreads><os><type arch='x86_64' machine='pc'>hvm</type>{boot}</os><features><acpi/></features>
  <cpu mode='custom' match='exact'><model>qemu64</model></cpu>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
  <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{disk}'/><target dev='vda'
   bus='virtio'/></disk>{extra}
  <serial type='pty'/><channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
  <graphics type='vnc' port='-1' autoport='yes'/><video><model type='vga'/></video><memballoon model='virtio'/>
  </devices></domain>"""
INTERFACE = f"<interface type='network'><mac address='{MAC}'/><source network='guests'/><model type='virtio'/></interface>"
TRANSIENT = libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB
BOOT = "<kernel>{}</kernel><initrd>{}</initrd><cmdline>console=ttyS0 quiet</cmdline>"
DISK = "<disk type='file' device='disk'><driver type='raw'/><source file='{}'/><target dev='vdb' bus='virtio'/></disk>"


def image(name, file_system=False):
    path = f"{FOLDER}/{name}.qcow2"
    if file_system:
        raw = f"{FOLDER}/{name}.raw"
        subprocess.run(["truncate", "-s", "16M", raw], check=True)
        subprocess.run(["mkfs.ext4", "-q", raw], check=True)
        subprocess.run(["qemu-img", "convert", "-O", "qcow2", raw, path], check=True)
    else:
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", path, "16M"], check=True)
    return path


def start_guest(c):
    kernel, initrd = guest.build(FOLDER)
    xml = DOMAIN.format(name="linux", memory=262144, boot=BOOT.format(kernel, initrd), extra=INTERFACE,
                        disk=image("linux", file_system=True))
    attempt(c.networkCreateXML, NETWORK.format(name="guests", uuid="", net=93))
    d = c.defineXML(xml)
    attempt(d.create)
    for _ in range(120):
        if attempt(libvirt_qemu.qemuAgentCommand, d, '{"execute":"guest-ping"}', 5, 0):
            return d
        time.sleep(0.5)
    print("the guest's agent does not answer")
    return d


def monitor(c, d):
    """The QEMU program."""
    callback = attempt(libvirt_qemu.qemuMonitorEventRegister, c, d, None, no_event, None, 0)
    attempt(libvirt_qemu.qemuMonitorCommand, d, '{"execute":"query-status"}', 0)
    attempt(libvirt_qemu.qemuMonitorCommand, d, '{"execute":"nonsense"}', 0)
    attempt(libvirt_qemu.qemuMonitorCommandWithFiles, d, '{"execute":"query-fdsets"}', [], 0)
    with open("/dev/null") as file:
        attempt(libvirt_qemu.qemuMonitorCommandWithFiles, d, '{"execute":"getfd","arguments":{"fdname":"x"}}',
                [file.fileno()], 0)
    attempt(libvirt_qemu.qemuAttach, c, 1, 0)
    attempt(d.suspend)
    attempt(d.resume)
    time.sleep(0.3)
    if callback is not None:
        attempt(libvirt_qemu.qemuMonitorEventDeregister, c, callback)
    attempt(libvirt_lxc.lxcOpenNamespace, d, 0)


def blocks(d):
    """Block jobs, backups, thresholds, and what plugging does."""
    attempt(d.blockResize, "vda", 32768)
    attempt(d.blockRebase, "vda", None)
    copy = f"<disk type='file'><source file='{FOLDER}/copy.qcow2'/><driver type='qcow2'/></disk>"
    attempt(d.blockCopy, "vda", copy, {"granularity": 65536, "bandwidth": 1}, TRANSIENT)
    attempt(d.blockJobInfo, "vda")
    attempt(d.blockJobSetSpeed, "vda", 0)
    wait_for_job(d)
    attempt(d.blockJobAbort, "vda")
    external = f"""<domainsnapshot><disks><disk name='vda' snapshot='external'><source file='{FOLDER}/over.qcow2'/>
        </disk></disks></domainsnapshot>"""
    attempt(d.snapshotCreateXML, external, libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY
            | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA)
    attempt(d.blockPull, "vda")
    wait_for_job(d)
    attempt(d.blockCommit, "vda", None, None)
    attempt(d.setBlockThreshold, "vda", 1)
    attempt(d.backupBegin, "<domainbackup mode='push'/>", None)
    attempt(d.backupGetXMLDesc)
    wait_for_job(d)
    attempt(d.jobStats, libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)
    plug(d)


def wait_for_job(d):
    for _ in range(40):
        info = attempt(d.blockJobInfo, "vda")
        if not info or info["cur"] == info["end"]:
            return
        time.sleep(0.1)


def plug(d):
    path = f"{FOLDER}/plug.raw"
    subprocess.run(["truncate", "-s", "1M", path], check=True)
    attempt(d.attachDevice, DISK.format(path))
    attempt(d.updateDeviceFlags, DISK.format(path), 1)
    attempt(d.detachDevice, DISK.format(path))
    time.sleep(1)
    attempt(d.attachDeviceFlags, DISK.format(path), 1)
    attempt(d.detachDeviceAlias, "virtio-disk1", 1)
    time.sleep(1)
    attempt(d.setVcpus, 2)
    attempt(d.setGuestVcpus, "1", 0)


def streams_and_descriptors(c, d):
    for function, arguments in ((d.openConsole, (None,)), (d.openChannel, ("org.qemu.guest_agent.0",))):
        stream = c.newStream(libvirt.VIR_STREAM_NONBLOCK)
        if attempt(function, *arguments, stream, 0) is not None:
            attempt(stream.send, b"echo hello\n")
            time.sleep(0.5)
            attempt(stream.recv, 1024)
            attempt(stream.finish)
    descriptor = attempt(d.openGraphicsFD, 0, 0)
    if descriptor:
        os.close(descriptor)
    ours, theirs = socket.socketpair()
    attempt(d.openGraphics, 0, theirs.fileno(), libvirt.VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH)
    time.sleep(0.5)
    ours.close()
    with open(f"{FOLDER}/associate", "wb") as file:
        attempt(d.FDAssociate, "group", [file.fileno()])
    with open("/dev/null") as file:
        attempt(d.createWithFiles, [file.fileno()])
        attempt(c.createXMLWithFiles, "<domain type='qemu'/>", [file.fileno()])


def migrate(c, xml):
    """There and back again, in the ways that the handshake between the hosts can go."""
    there = f"qemu+unix:///system?socket={os.environ['OTHER_SOCKET']}"
    back = f"qemu+unix:///system?socket={SOCKET}"
    live = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_UNSAFE
    peer, tunnel = libvirt.VIR_MIGRATE_PEER2PEER, libvirt.VIR_MIGRATE_TUNNELLED
    other = libvirt.open(there)
    address = {"migrate_uri": "tcp:127.0.0.1"}
    d = attempt(c.createXML, xml)
    if d:
        attempt(d.migrate3, other, address, live)
        attempt(other.lookupByName("traveller").migrate2, c, None, live, None, "tcp:127.0.0.1")
        attempt(c.lookupByName("traveller").migrateToURI3, there, address, live | peer)
        attempt(other.lookupByName("traveller").migrateToURI3, back, {}, live | peer | tunnel)
        d = attempt(c.lookupByName, "traveller") or d
        attempt(d.migrate3, other, {}, 0)
        attempt(d.migrateStartPostCopy)
        attempt(d.destroy)
    other.close()


def main():
    c = connect("qemu", "/system")
    watching = watch_everything(c)
    host(c)
    lists(c)
    networks(c)
    os.makedirs(f"{FOLDER}/pool")
    storage(c, f"{FOLDER}/pool")
    secrets(c)
    filters(c)
    interfaces(c)
    devices(c)
    d = start_guest(c)
    attempt(c.networkLookupByName("guests").DHCPLeases)
    attempt(c.networkLookupByName("guests").listAllPorts)
    running(c, d, interface=MAC)
    tuning(c, d, interface=MAC)
    agent(d)
    monitor(c, d)
    streams_and_descriptors(c, d)
    blocks(d)
    checkpoints(d)
    attempt(d.destroy)
    attempt(d.create)
    snapshots(d)
    attempt(d.create)
    saving(c, d, f"{FOLDER}/linux.save")
    lists(c)
    attempt(d.destroy)
    small = DOMAIN.replace("{memory}", "65536").replace("{boot}", "").replace("{extra}", "")
    lifecycle(c, small.replace("{disk}", image("small")))
    migrate(c, small.format(name="traveller", disk=image("traveller")))
    attempt(d.undefineFlags, libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
            | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA)
    read_only = libvirt.openReadOnly(f"qemu+unix:///system?socket={SOCKET}")
    attempt(read_only.getAllDomainStats)
    time.sleep(1)
    stop_watching(watching)
    c.close()


main()
