"""libvirt's test driver: every kind of object, without touching the host."""

import time

import libvirt
from calls_connection import devices, filters, host, interfaces, lists, networks, secrets, storage
from calls_domain import agent, checkpoints, lifecycle, running, saving, snapshots, tuning
from common import FOLDER, attempt, connect, stop_watching, watch_everything

DOMAIN = """<domain type='test'><name>{name}</name><memory unit='KiB'>8388608</memory><vcpu>2</vcpu>
  <os><type arch='x86_64'>hvm</type></os><iothreads>1</iothreads>
  <devices><disk type='file' device='disk'><source file='/guest/{name}.img'/><target dev='vda'/></disk>
  <interface type='network'><mac address='aa:bb:cc:dd:ee:ff'/><source network='default'/><target dev='testnet0'/>
  </interface><graphics type='vnc' port='5901'/></devices></domain>"""


def main():
    connection = connect("test", "/default")
    watching = watch_everything(connection)
    host(connection)
    lists(connection)
    networks(connection)
    storage(connection, "/default-pool-2")
    secrets(connection)
    filters(connection)
    interfaces(connection)
    devices(connection)
    domain = connection.lookupByName("test")
    running(connection, domain)
    tuning(connection, domain)
    agent(domain)
    lifecycle(connection, DOMAIN)
    saving(connection, domain, f"{FOLDER}/test.save")
    other = connection.defineXML(DOMAIN.format(name="other"))
    attempt(other.create)
    running(connection, other)
    snapshots(other)
    checkpoints(other)
    attempt(other.destroy)
    attempt(other.undefine)
    lists(connection)
    read_only = libvirt.openReadOnly(connection_uri())
    attempt(read_only.lookupByName("test").shutdown)
    time.sleep(1)
    stop_watching(watching)
    connection.close()


def connection_uri():
    from common import SOCKET

    return f"test+unix:///default?socket={SOCKET}"


main()
