#!/usr/bin/python3
"""Records what the C libvirtd says to definitions: `unshare`, overlay mounts and root are needed, and python3-libvirt.

    node dist/src/drivers/qemu/validate/golden/list.js |
      /usr/bin/python3 src/drivers/qemu/validate/golden/record/record.py REPLIES > recorded.jsonl

REPLIES is the folder `qemucaps/qemucapabilitiesdata` of the conformance data. A private libvirtd in namespaces of its
own finds emulators that answer from there, so that its verdicts are about QEMUs that need not be installed. Each line
says what defining, and what starting, a definition was refused with; nothing when it was not.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import libvirt

INSIDE = "--inside"
HERE = pathlib.Path(__file__).resolve()
EMULATORS = {
    "x86_64": "8.0.0.x86_64",
    "i386": "8.0.0.x86_64",
    "aarch64": "7.0.0.aarch64",
    "s390x": "6.0.0.s390x",
    "ppc64": "7.1.0.ppc64",
    "riscv64": "5.2.0.riscv64",
}
CONFIG = """
unix_sock_dir = "{folder}/sock"
auth_unix_rw = "none"
auth_unix_ro = "none"
log_outputs = "4:stderr"
"""
QEMU_CONFIG = """
user = "root"
group = "root"
cgroup_controllers = []
namespaces = []
security_driver = "none"
spice_tls = 1
spice_tls_x509_cert_dir = "/tmp"
"""
# Devices that the host need not have: nothing is opened, only looked for.
NODES = ["kvm", "dri/renderD128", "tpm0", "vhost-scsi"]
SHOWN = ["null", "zero", "full", "random", "urandom", "ptmx", "pts", "shm", "net/tun"]


def main():
    if sys.argv[1] == INSIDE:
        serve(pathlib.Path(sys.argv[2]))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tsvirt-record-"))
    daemon = Daemon(folder, pathlib.Path(sys.argv[1]))
    try:
        for line in sys.stdin:
            case = json.loads(line)
            print(json.dumps({"id": case["id"], **daemon.judge(case["xml"])}), flush=True)
    finally:
        daemon.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Daemon:
    """A libvirtd that is started again when a definition has ended it."""

    def __init__(self, folder, replies):
        self.folder = folder
        self.process = None
        (folder / "recordings").mkdir()
        for name, recording in EMULATORS.items():
            shutil.copy(replies / f"caps_{recording}.replies", folder / "recordings" / name)
        libvirt.registerErrorHandler(lambda context, error: None, None)
        self.start()

    def start(self):
        command = ["unshare", "--mount", "--net"]
        command += [sys.executable, str(HERE), INSIDE, str(self.folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        for _ in range(120):
            time.sleep(0.25)
            try:
                self.connection = libvirt.open(f"qemu+unix:///system?socket={self.folder}/sock/libvirt-sock")
                self.connection.getVersion()
                return
            except libvirt.libvirtError:
                continue
        sys.exit("libvirtd does not answer")

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def judge(self, xml):
        try:
            refused = self.attempt(lambda: self.define(xml))
            if refused:
                return {"define": refused}
            refused = self.attempt(lambda: self.connection.domainXMLToNative("qemu-argv", xml, 0))
            return {"start": refused} if refused else {}
        except ConnectionError:
            self.stop()
            self.start()
            return {"crash": True}

    def define(self, xml):
        self.connection.defineXML(xml).undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)

    def attempt(self, function):
        try:
            function()
            return None
        except libvirt.libvirtError as error:
            if not self.connection.isAlive():
                raise ConnectionError from error
            return [error.get_error_code(), error.get_error_domain(), error.get_error_message()]


def serve(folder):
    """Runs libvirtd where only its own files, the recorded emulators and few devices are to be seen."""
    mount("--make-rprivate", "/")
    for path in ("/run", "/var/lib/libvirt", "/var/cache/libvirt", "/var/log"):
        mount("-t", "tmpfs", "tmpfs", path)
    shutil.copytree(folder / "recordings", "/run/recordings")
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    mount("-t", "tmpfs", "tmpfs", str(scratch))
    show_emulators(scratch)
    show_devices(scratch / "dev")
    shutil.copytree("/etc/libvirt", scratch / "etc", ignore=shutil.ignore_patterns("autostart", "networks"))
    (scratch / "etc" / "qemu.conf").write_text(QEMU_CONFIG)
    mount("--bind", str(scratch / "etc"), "/etc/libvirt")
    (folder / "sock").mkdir(exist_ok=True)
    (folder / "libvirtd.conf").write_text(CONFIG.format(folder=folder))
    os.execvp("libvirtd", ["libvirtd", "-f", str(folder / "libvirtd.conf"), "-p", str(folder / "libvirtd.pid")])


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def show_emulators(scratch):
    upper, work = scratch / "upper", scratch / "work"
    upper.mkdir()
    work.mkdir()
    for name in EMULATORS:
        shutil.copy(HERE.parent / "emulator.py", upper / f"qemu-system-{name}")
        (upper / f"qemu-system-{name}").chmod(0o755)
    mount("-t", "overlay", "-o", f"lowerdir=/usr/bin,upperdir={upper},workdir={work}", "overlay", "/usr/bin")


def show_devices(devices):
    devices.mkdir()
    for name in SHOWN:
        here, there = devices / name, pathlib.Path("/dev") / name
        here.parent.mkdir(parents=True, exist_ok=True)
        if there.is_dir():
            here.mkdir()
        else:
            here.touch()
        if there.exists():
            mount("--bind", str(there), str(here))
    for name in NODES:
        (devices / name).parent.mkdir(parents=True, exist_ok=True)
        (devices / name).touch()
        (devices / name).chmod(0o666)
    mount("--rbind", str(devices), "/dev")


main()
