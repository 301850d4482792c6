#!/usr/bin/python3
"""Records real messages of the C libvirtd: `unshare` and root are needed, and python3-libvirt.

    /usr/bin/python3 src/protocol/golden/record/record.py src/protocol/golden/recorded.jsonl

Starts a private libvirtd in namespaces of its own, makes as many different calls as it can against its test and QEMU
drivers, and writes a few messages of each kind for each procedure: one JSON array per line, with the kind, the
program, the procedure's number, and the whole message in base64.
"""

import base64
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import uuid

from proxy import Proxy

FOLDER = pathlib.Path(__file__).resolve().parent
INSIDE = "--inside"
# Of each kind of message of each procedure, so many, and none larger unless there is no other.
KEEP = 3
LARGE = 6000

CONFIG = """
unix_sock_dir = "{folder}/sock"
auth_unix_rw = "none"
auth_unix_ro = "none"
host_uuid = "{uuid}"
log_outputs = "3:file:{folder}/libvirtd.log"
"""

# QEMU runs as root in here, and nothing is asked of the host's control groups.
QEMU_CONFIG = """
user = "root"
group = "root"
cgroup_controllers = []
namespaces = []
stdio_handler = "file"
"""

EMPTY = ["/run", "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt"]


def main():
    if sys.argv[1] == INSIDE:
        reap_until_done(lambda: inside(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])))
        return
    target = pathlib.Path(sys.argv[1]).resolve()
    folder = tempfile.mkdtemp(prefix="tsvirt-record-")
    try:
        namespaces = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
        command = [sys.executable, str(pathlib.Path(__file__).resolve()), INSIDE, folder, str(target)]
        sys.exit(subprocess.run(namespaces + command, check=False).returncode)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reap_until_done(work):
    """The first process of the namespaces inherits all orphans, which libvirt waits to see gone. With it they all end."""
    worker = os.fork()
    if worker == 0:
        work()
        os._exit(0)
    while True:
        child, status = os.wait()
        if child == worker:
            sys.exit(os.waitstatus_to_exitcode(status))


def inside(folder, target):
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "-t", "sysfs", "sysfs", "/sys"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    frames = []
    environment = os.environ | {"FOLDER": str(folder)}
    # A domain moves only between hosts, which two daemons are if each has its own folders and its own host UUID.
    for name, variable in (("first", "SOCKET"), ("other", "OTHER_SOCKET")):
        environment[variable] = start(folder / name, "libvirt-sock", frames)
        environment[f"ADMIN_{variable}"] = proxy(folder / name, "libvirt-admin-sock", frames)
    for script in sorted(FOLDER.glob("exercise_*.py")):
        print(f"== {script.name}", flush=True)
        try:
            subprocess.run([sys.executable, script], env=environment, check=False, timeout=240)
        except subprocess.TimeoutExpired as error:
            print(f"{script.name} took longer than {error.timeout} s", flush=True)
    write(frames, target)


def start(folder, socket, frames):
    """Starts a daemon that sees folders of its own; returns the socket of a proxy in front of it."""
    (folder / "sock").mkdir(parents=True)
    shutil.copytree("/etc/libvirt", folder / "etc")
    (folder / "etc" / "qemu.conf").write_text(QEMU_CONFIG)
    (folder / "libvirtd.conf").write_text(CONFIG.format(folder=folder, uuid=uuid.uuid4()))
    mounts = [f"mount -t tmpfs tmpfs {path}" for path in EMPTY] + [f"mount --bind {folder}/etc /etc/libvirt"]
    daemons = ["virtlogd -d", f"exec libvirtd -f {folder}/libvirtd.conf -p {folder}/libvirtd.pid"]
    subprocess.Popen(["unshare", "--mount", "sh", "-ec", "\n".join(mounts + daemons)])
    wait_for(folder / "sock" / "libvirt-admin-sock")
    return proxy(folder, socket, frames)


def proxy(folder, socket, frames):
    path = str(folder / f"proxy-{socket}")
    Proxy(path, str(folder / "sock" / socket), lambda *frame: frames.append(frame))
    return path


def wait_for(path):
    for _ in range(200):
        if path.exists():
            return
        time.sleep(0.05)
    sys.exit(f"{path} did not appear")


KINDS = {0: "call", 1: "reply", 2: "event", 3: "stream", 4: "call", 5: "reply", 6: "hole"}


def write(frames, target):
    groups = collections.defaultdict(dict)
    for from_client, frame in frames:
        program, _, procedure, kind, _, status = [
            int.from_bytes(frame[at : at + 4], "big") for at in range(4, 28, 4)
        ]
        name = "error" if status == 1 else KINDS[kind]
        # The same body again says nothing new.
        groups[name, program, procedure].setdefault(frame[28:], frame)
    lines = []
    for (name, program, procedure), bodies in sorted(groups.items(), key=lambda group: (group[0][1:], group[0][0])):
        by_length = sorted(bodies.values(), key=len)
        small = [frame for frame in by_length if len(frame) <= LARGE] or by_length[:1]
        # The longest of the small ones say most; the shortest shows what is left out.
        chosen = small if len(small) <= KEEP else [small[0], *small[1 - KEEP :]]
        for frame in chosen:
            lines.append(json.dumps([name, program, procedure, base64.b64encode(frame).decode()]))
    target.write_text("\n".join(lines) + "\n")
    answered = {key[1:] for key in groups if key[0] == "reply"}
    print(f"{len(lines)} messages; procedures called: {len({key[1:] for key in groups if key[0] == 'call'})}, "
          f"answered: {len(answered)}, events: {len({key[1:] for key in groups if key[0] == 'event'})}")


main()
