"""What virt-manager does with a daemon, by its own code, with its windows on whatever display there is.

    virt_manager.py QEMU-URI IMAGE
"""

import json
import os
import re
import sys
import traceback

os.environ["GSETTINGS_BACKEND"] = "memory"
os.environ["GDK_BACKEND"] = "x11"
os.environ["NO_AT_BRIDGE"] = "1"
sys.path.insert(0, "/usr/share/virt-manager")

import gi

gi.require_version("LibvirtGLib", "1.0")
gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk, LibvirtGLib
from virtinst import BuildConfig, DeviceDisk, cli

cli.setupLogging("virt-manager", False, False, False)
os.environ["GSETTINGS_SCHEMA_DIR"] = BuildConfig.gsettings_dir
from virtManager import config
from virtManager.lib.testmock import CLITestOptionsClass

config.vmmConfig.get_instance(BuildConfig, CLITestOptionsClass([]))
LibvirtGLib.init(None)
LibvirtGLib.event_register()
from virtManager.connmanager import vmmConnectionManager
from virtManager.engine import vmmEngine
from virtManager.host import vmmHost
from virtManager.vmwindow import vmmVMWindow

URI, IMAGE = sys.argv[1:3]
answers = {}


def until(true, what):
    """Lets the program run until something is so."""
    late = []
    timer = GLib.timeout_add_seconds(60, lambda: late.append(what) or False)
    while not true():
        if late:
            print(f"it does not come to: {what}; {json.dumps(answers)}", file=sys.stderr)
            os._exit(1)
        GLib.MainContext.default().iteration(True)
    GLib.source_remove(timer)



def work():
    connection = vmmConnectionManager.get_instance().conns[URI]
    until(connection.is_active, "an open connection")
    until(lambda: connection.get_vm_by_name("guest"), "the guest in the list")
    guest = connection.get_vm_by_name("guest")

    answers["state"] = connection.get_state_text()
    answers["guests"] = [vm.get_name() for vm in connection.list_vms()]
    answers["kind"] = [guest.get_arch(), guest.get_hv_type(), guest.get_machtype(), guest.is_hvm(), guest.is_persistent()]
    answers["status"] = guest.run_status()
    answers["disks"] = [disk.target for disk in guest.get_disk_devices_norefresh()]
    answers["cards"] = [card.macaddr for card in guest.get_interface_devices_norefresh()]
    answers["host"] = [connection.host_memory_size() > 0, connection.host_active_processor_count()]
    answers["snapshots supported"] = guest.snapshots_supported() is None
    answers["autostart"] = [guest.get_autostart(), guest.set_autostart(True), guest.get_autostart()]

    # The windows that a person would have open.

    window = vmmVMWindow.get_instance(None, guest)
    window.show()
    window.activate_config_page()
    until(window.is_visible, "the guest's window")
    vmmHost.show_instance(None, connection)

    guest.suspend()
    until(lambda: guest.run_status() == "Paused", "the guest paused")
    answers["paused"] = guest.run_status()
    guest.resume()
    until(lambda: guest.run_status() == "Running", "the guest running")
    guest.define_overview(title="a title", description="about it")
    until(lambda: guest.get_xml_to_define().count("a title") == 1, "the guest's title")
    answers["title"] = re.findall("<(?:title|description)>.*", guest.get_xml_to_define())

    disk = DeviceDisk(connection.get_backend())
    disk.set_source_path(IMAGE + ".second")
    disk.target, disk.bus, disk.driver_type = "vdb", "virtio", "raw"
    guest.attach_device(disk)
    guest.add_device(disk)
    targets = lambda: [disk.target for disk in guest.get_disk_devices_norefresh()]
    until(lambda: len(targets()) == 2, "another disk")
    answers["with another disk"] = targets()

    guest.destroy()
    until(lambda: guest.run_status() == "Shutoff", "the guest off")
    answers["off"] = guest.run_status()
    guest.startup()
    until(lambda: guest.run_status() == "Running", "the guest running again")

    # Another one that somebody else makes, and takes away again.
    other = guest.get_xml_to_define().replace("<name>guest<", "<name>other<")
    other = re.sub(r"<uuid>.*?</uuid>|<mac .*?/>|<alias .*?/>", "", other)
    connection.define_domain(other)
    until(lambda: connection.get_vm_by_name("other"), "another guest in the list")
    answers["two"] = sorted(vm.get_name() for vm in connection.list_vms())
    connection.get_vm_by_name("other").delete()
    until(lambda: not connection.get_vm_by_name("other"), "the other guest gone from the list")
    answers["one"] = [vm.get_name() for vm in connection.list_vms()]


def run():
    try:
        work()
        print(json.dumps(answers), flush=True)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


GLib.idle_add(run)
vmmEngine.get_instance().start(URI, vmmEngine.CLI_SHOW_HOST_SUMMARY, None, True)
