#!/usr/bin/python3
"""Starts a private libvirtd in namespaces of its own and does the benchmark's work on it when told to.

    /usr/bin/python3 bench/c-daemon/daemon.py FOLDER

Reads one JSON request a line, {"work": NAME, ...}, and answers with one JSON line, the figures of that work. The figures
are taken inside of this process, so nothing of the way here is in them. Ends when its standard input does.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

INSIDE = "--inside"

CONFIG = """
unix_sock_dir = "{folder}/sock"
auth_unix_rw = "none"
auth_unix_ro = "none"
log_outputs = "3:file:{folder}/libvirtd.log"
"""

# Nothing is asked of the host's control groups and devices: not every machine that runs this may.
QEMU_CONFIG = """
cgroup_controllers = []
namespaces = []
security_driver = "none"
stdio_handler = "file"
"""

EMPTY = ["/run", "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt"]


def main():
    if sys.argv[1] == INSIDE:
        reap_until_done(lambda: inside(pathlib.Path(sys.argv[2])))
        return
    namespaces = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    command = [sys.executable, str(pathlib.Path(__file__).resolve()), INSIDE, sys.argv[1]]
    os.execvp("unshare", namespaces + command)


def reap_until_done(work):
    """The first process of the namespaces inherits all orphans, which libvirt waits to see gone."""
    worker = os.fork()
    if worker == 0:
        try:
            work()
        finally:
            os._exit(0)
    while True:
        child, status = os.wait()
        if child == worker:
            sys.exit(os.waitstatus_to_exitcode(status))


def inside(folder):
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    (folder / "sock").mkdir(parents=True)
    shutil.copytree("/etc/libvirt", folder / "etc")
    (folder / "etc" / "qemu.conf").write_text(QEMU_CONFIG)
    (folder / "libvirtd.conf").write_text(CONFIG.format(folder=folder))
    for path in EMPTY:
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", path], check=True)
    subprocess.run(["mount", "--bind", f"{folder}/etc", "/etc/libvirt"], check=True)
    subprocess.run(["virtlogd", "-d"], check=True)
    subprocess.Popen(
        ["libvirtd", "-f", f"{folder}/libvirtd.conf", "-p", f"{folder}/libvirtd.pid"], stdin=subprocess.DEVNULL
    )
    socket = folder / "sock" / "libvirt-sock"
    wait_for(socket)
    import works

    works.serve(str(socket))


def wait_for(path):
    for _ in range(200):
        if path.exists():
            return
        time.sleep(0.05)
    sys.exit(f"{path} did not appear")


main()
