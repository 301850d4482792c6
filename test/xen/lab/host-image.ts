/** The first file system of the lab's host (dom0): Xen's programs and daemons, Node, libvirt's programs, and no more. */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Archive } from "./cpio.ts";
import { librariesOf } from "./libraries.ts";
import type { Packages } from "./packages.ts";
import { linesOf, run } from "./programs.ts";

const init = (xen: string): string => `#!/bin/sh
export PATH=/usr/lib/xen-${xen}/bin:/usr/bin:/usr/sbin:/bin:/sbin HOME=/root
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
mkdir -p /dev/pts /run/xen /run/xenstored /run/lock /var/lib/xen/dump
mount -t devpts devpts /dev/pts; mount -t tmpfs tmpfs /tmp
for module in xen-privcmd xenfs xen-evtchn xen-gntdev xen-gntalloc loop xen-blkback xen-netback; do
  insmod /modules/$module.ko || echo "insmod $module failed"
done
mount -t xenfs xenfs /proc/xen; ip link set lo up; hostname dom0
xenstored --pid-file /run/xenstored.pid
xen-init-dom0
xenconsoled --pid-file=/run/xenconsoled.pid --log=guest --log-dir=/var/log/xen
/run-tests > /dev/hvc0 2>&1
sync; poweroff -f
`;

const programs = [
  ...["xl", "xenstored", "xenconsoled", "xenconsole", "xen-init-dom0", "libxl-save-helper", "oxenstored"],
  ...["xenstore-control", "xen-diag"],
];
/** Without the folder of drivers before them, in the order in which they are loaded. */
const modules = [
  ...["xen/xen-privcmd.ko", "xen/xenfs/xenfs.ko", "xen/xen-evtchn.ko", "xen/xen-gntdev.ko", "xen/xen-gntalloc.ko"],
  ...["block/loop.ko", "block/xen-blkback/xen-blkback.ko", "net/xen-netback/xen-netback.ko"],
];
/** Those that a test loads when it needs them. */
const spareModules = ["xen/xen-pciback/xen-pciback.ko"];
/** Programs of this machine that come along where it has them. */
const guests = ["/usr/bin/virsh", "/usr/sbin/libvirtd"];
/** libvirt's driver for Xen, and what it reads. */
const libxlDriver = "usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_libxl.so";
const processorModels = "/usr/share/libvirt/cpu_map";

/** A hotplug script that says at once that its device is there: Debian's own need more than this host has. */
const hotplug = (answer: string): string => `#!/bin/sh
case $1 in
  add|online) ${answer}; xenstore-write $XENBUS_PATH/hotplug-status connected ;;
esac
exit 0
`;
const blockScript = `#!/bin/sh
# A file becomes a loop device, whose numbers the back end wants.
case $1 in
  add)
    file=$(xenstore-read $XENBUS_PATH/params); file=\${file#aio:}
    mode=$(xenstore-read $XENBUS_PATH/mode)
    if [ -b "$file" ]; then device=$file
    else
      device=$(losetup -f); case $mode in r*) losetup -r $device "$file" ;; *) losetup $device "$file" ;; esac
    fi
    xenstore-write $XENBUS_PATH/node $device
    xenstore-write $XENBUS_PATH/physical-device $(stat -c '%t:%T' $device) $XENBUS_PATH/hotplug-status connected ;;
  remove)
    device=$(xenstore-read $XENBUS_PATH/node)
    case $device in /dev/loop*) losetup -d $device ;; esac ;;
esac
exit 0
`;

/** Node without what only debuggers read. */
async function strippedNode(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "xen-lab-"));
  try {
    const path = join(folder, "node");
    await run("strip", ["--strip-unneeded", "-o", path, process.execPath]);
    return readFileSync(path);
  } catch {
    return readFileSync(process.execPath);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All of the host but the project and its tests. */
export async function hostImage({ root, xen, kernel }: Packages): Promise<Buffer> {
  const archive = new Archive();
  const folders = ["proc", "sys", "dev", "run", "tmp", "root", "etc/xen/scripts", "var/log/xen", "var/lib/xen"];
  for (const path of [...folders, "var/lib/xenstored", "usr/lib64"]) archive.folder(`/${path}`);
  for (const [path, target] of [
    ["lib", "usr/lib"],
    ["lib64", "usr/lib64"],
    ["var/run", "../run"],
  ] as const) {
    archive.link(`/${path}`, target);
  }
  archive.copy("/bin/busybox", "/bin/busybox");
  for (const name of await linesOf("/bin/busybox", ["--list"])) {
    if (name !== "" && name !== "busybox") archive.link(`/bin/${name}`, "busybox");
  }
  const bin = join(root, "usr/lib", `xen-${xen}`, "bin");
  const tools = programs.map((name) => join(bin, name)).filter((path) => existsSync(path));
  for (const path of tools) archive.copy(`/usr/lib/xen-${xen}/bin/${basename(path)}`, path);
  const storeTool = join(root, "usr/bin/xenstore");
  archive.copy("/usr/bin/xenstore", storeTool);
  for (const name of ["read", "write", "ls", "list", "rm", "watch"])
    archive.link(`/usr/bin/xenstore-${name}`, "xenstore");
  archive.program("/usr/bin/node", await strippedNode());
  const own = guests.filter((path) => existsSync(path));
  for (const path of own) archive.copy(path, path);
  const places = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map((path) => join(root, path));
  const driver = join(root, libxlDriver);
  archive.copy(`/${libxlDriver}`, driver);
  if (existsSync(processorModels)) {
    // Emulated processors lack virtual-8086 mode extensions, without which libvirt knows none at all, and its driver ends.
    const least = join(processorModels, "x86_486.xml");
    archive.copyTree(processorModels, processorModels, (path) => path !== least);
    archive.file(least, readFileSync(least, "utf8").replace("<feature name='vme'/>", ""));
  }
  for (const library of await librariesOf([...tools, storeTool, process.execPath, driver, ...own], places)) {
    archive.copy(`/usr/lib/x86_64-linux-gnu/${basename(library)}`, library);
  }
  archive.copy("/usr/lib64/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2");
  const drivers = join(root, "lib/modules", kernel, "kernel/drivers");
  for (const module of [...modules, ...spareModules])
    archive.copy(`/modules/${basename(module)}`, join(drivers, module));
  archive.file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n");
  archive.file("/etc/group", "root:x:0:\nnogroup:x:65534:\n");
  archive.file("/etc/hosts", "127.0.0.1 localhost dom0\n");
  archive.file("/etc/xen/xl.conf", "");
  archive.program("/etc/xen/scripts/block", blockScript);
  archive.program("/etc/xen/scripts/vif-bridge", hotplug("ip link set $vif up"));
  archive.program("/init", init(xen));
  return archive.finish();
}
