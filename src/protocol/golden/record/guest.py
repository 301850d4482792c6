"""A small Linux guest that runs the real guest agent: kernel of the host, busybox, qemu-ga."""

import os
import pathlib
import re
import shutil
import subprocess

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in virtio_pci virtio_blk virtio_console virtio_net; do modprobe $module; done
hostname guest
ifconfig lo up; ifconfig eth0 up
udhcpc -i eth0 -s /lease -q -n -t 20 -T 1
mount -t ext4 /dev/vda /mnt
qemu-ga -d -m virtio-serial -p "$(ls /dev/vport*p1)" -t /run -f /run/qemu-ga.pid
exec sh </dev/ttyS0 >/dev/ttyS0 2>&1
"""
LEASE = """#!/bin/sh
[ "$1" = bound ] && ifconfig "$interface" "$ip" netmask "$subnet"
"""
PROGRAMS = ["/usr/sbin/qemu-ga", "/usr/sbin/chpasswd"]
MODULES = ["virtio_pci", "virtio_blk", "virtio_console", "virtio_net"]


def build(folder):
    """Makes a kernel and an initial file system; returns their paths."""
    version = sorted(os.listdir("/lib/modules"))[-1]
    root = pathlib.Path(folder) / "initrd"
    for name in ("bin", "sbin", "proc", "sys", "dev", "mnt", "run", "etc", "root"):
        (root / name).mkdir(parents=True)
    shutil.copy("/usr/bin/busybox", root / "bin/busybox")
    for name, script in (("init", INIT), ("lease", LEASE)):
        (root / name).write_text(script)
        (root / name).chmod(0o755)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/shadow").write_text("root::19000:0:99999:7:::\n")
    (root / "etc/group").write_text("root:x:0:\n")
    shutil.copytree("/etc/pam.d", root / "etc/pam.d")
    for program in PROGRAMS:
        copy_program(root, program)
    copy_modules(root, version)
    image = pathlib.Path(folder) / "initrd.img"
    names = subprocess.run(["find", "."], cwd=root, check=True, capture_output=True).stdout
    with image.open("wb") as out:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=root, input=names, stdout=out, check=True)
    return f"/boot/vmlinuz-{version}", str(image)


def copy_program(root, program):
    """A program and the libraries it needs."""
    listing = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    for path in [program, *re.findall(r"(/\S+) \(0x", listing)]:
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)


def copy_modules(root, version):
    """Modules with what they depend on."""
    source = pathlib.Path("/lib/modules") / version
    target = root / "lib/modules" / version
    target.mkdir(parents=True)
    shutil.copy(source / "modules.dep", target)
    for module in MODULES:
        for line in (source / "modules.dep").read_text().splitlines():
            path, needs = line.split(":")
            if path.endswith(f"/{module}.ko"):
                for name in [path, *needs.split()]:
                    (target / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source / name, target / name)
