# What OpenStack's compute driver does with a hypervisor, by its own code: nova.virt.libvirt of Debian's python3-nova, which
# runs a thread of its own for libvirt's events. Prints one JSON object.
# arguments: URI of a QEMU connection with a running domain "guest", image of a guest that runs without a disk driver of its own
import json
import sys

import eventlet

eventlet.monkey_patch(os=False)

from nova import conf  # noqa: E402
from nova.virt import event as virtevent  # noqa: E402
from nova.virt.libvirt import config, guest, host  # noqa: E402

uri, image = sys.argv[1:]
CONF = conf.CONF
CONF([], project="nova", default_config_files=[])
CONF.set_override("virt_type", "qemu", "libvirt")

heard = []
out = {}
here = host.Host(uri, lifecycle_event_handler=heard.append)
here.initialize()

capabilities = here.get_capabilities()
out["arch"] = capabilities.host.cpu.arch
out["guests"] = sorted({each.arch for each in capabilities.guests} & {"x86_64", "i686"})
domain_capabilities = here.get_domain_capabilities()
out["machines"] = "q35" in domain_capabilities["x86_64"]
out["min version"] = here.has_min_version((7, 0, 0), (5, 2, 0), "QEMU")
out["driver"] = here.get_driver_type()
out["memory"] = here.get_memory_mb_total() > 0
out["processors"] = here.get_online_cpus() != set()
out["cpu stats"] = sorted(here.get_cpu_stats())


def definition():
    made = config.LibvirtConfigGuest()
    made.virt_type = "qemu"
    made.name = "instance-00000001"
    made.uuid = "3a6b4ad8-4cb2-4a5b-9d73-6c0a2a3d7e11"
    made.memory = 32 * 1024
    made.vcpus = 1
    made.os_type = "hvm"
    made.os_mach_type = "pc"
    made.features.append(config.LibvirtConfigGuestFeatureACPI())
    disk = config.LibvirtConfigGuestDisk()
    disk.source_type, disk.source_path = "file", image
    disk.driver_name, disk.driver_format = "qemu", "raw"
    disk.target_dev, disk.target_bus = "vda", "virtio"
    disk.shareable = True
    made.add_device(disk)
    serial = config.LibvirtConfigGuestSerial()
    serial.type = "pty"
    made.add_device(serial)
    return made


def plugged(name):
    disk = config.LibvirtConfigGuestDisk()
    disk.source_type, disk.source_path = "file", image
    disk.driver_name, disk.driver_format = "qemu", "raw"
    disk.target_dev, disk.target_bus = name, "virtio"
    disk.shareable = True
    return disk


made = guest.Guest.create(definition().to_xml(), here)
made.launch()
out["state"] = made.get_power_state(here)
info = made.get_info(here)
out["info"] = [info.state, info.internal_id is not None]
out["found"] = made.uuid == definition().uuid
# libvirtd lists them in the order of a table whose seed is another one with each start.
out["listed"] = sorted(each.name for each in here.list_guests())
out["disks"] = [each.target_dev for each in made.get_all_disks()]
made.attach_device(plugged("vdb"), persistent=True, live=True)
out["with another"] = [each.target_dev for each in made.get_all_disks()]
# The guest is asked to let go of it, and this one never answers.
made.detach_device(plugged("vdb"), persistent=True, live=True)
made.pause()
out["paused"] = made.get_power_state(here)
made.resume()
out["job"] = made.get_job_info().type
out["serial"] = next(iter(made.get_interfaces()), None)
made.poweroff()
made.delete_configuration()
for _ in range(600):
    if any(each.transition == virtevent.EVENT_LIFECYCLE_STOPPED for each in heard):
        break
    eventlet.sleep(0.05)
out["events"] = [each.get_name() for each in heard if isinstance(each, virtevent.LifecycleEvent)]
print(json.dumps(out))
