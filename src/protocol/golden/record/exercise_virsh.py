"""Calls that virsh and virt-admin make and the Python binding does not."""

import os
import subprocess

from common import SOCKET

ADMIN = [
    "srv-list",
    "srv-threadpool-info libvirtd",
    "srv-threadpool-set libvirtd --max-workers 21",
    "srv-clients-list libvirtd",
    "srv-clients-info libvirtd",
    "srv-clients-set libvirtd --max-clients 4000",
    "client-info libvirtd --client 1",
    "client-disconnect libvirtd --client 9999",
    "srv-update-tls libvirtd",
    "dmn-log-outputs",
    "dmn-log-outputs --outputs 3:stderr",
    "dmn-log-filters",
    "dmn-log-filters --filters 3:util",
    "daemon-timeout --timeout 1000",
    "version --daemon",
]
VIRSH = [
    "dominfo test",
    "domstate test --reason",
    "domblklist test",
    "domiflist test",
    "domtime test",
    "nodesevinfo",
    "pool-capabilities",
    "domcapabilities",
    "net-dhcp-leases default",
    "event --all --timeout 1",
    "net-event --all --timeout 1",
    "domsetlaunchsecstate test --secret x --secrethdr y",
    "guestinfo test",
    "domdirtyrate-calc test",
]


def run(program, uri, commands):
    for command in commands:
        subprocess.run([program, "-c", uri, *command.split()], check=False, capture_output=not os.environ.get("VERBOSE"))


run("virt-admin", f"libvirtd+unix:///system?socket={os.environ['ADMIN_SOCKET']}", ADMIN)
run("virsh", f"test+unix:///default?socket={SOCKET}", VIRSH)
run("virsh", f"qemu+unix:///system?socket={SOCKET}", ["qemu-monitor-event --timeout 1", "iface-list", "nodedev-list"])
