/** The first file system of the lab's guests: it says that it is up, lives, and goes when it is asked to. */
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { Archive } from "./cpio.ts";
import type { Packages } from "./packages.ts";

const init = `#!/bin/sh
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in /modules/*.ko; do insmod $module; done
echo "GUEST-UP type=$(cat /sys/hypervisor/guest_type) uuid=$(cat /sys/hypervisor/uuid)"
echo "GUEST-DEVICES blk=$(ls /sys/block) net=$(ls /sys/class/net)"
while read -r line; do
  case $line in
    "read "*) echo "\${line#read } holds $(head -c 12 /dev/\${line#read })" ;;
    crash) echo c > /proc/sysrq-trigger ;;
    *) echo "GUEST-SAYS $line" ;;
  esac
done
while :; do sleep 3600; done
`;

const commands = ["sh", "mount", "cat", "echo", "sleep", "insmod", "ls", "head"];
const modules = ["block/xen-blkfront.ko", "net/xen-netfront.ko"];

export function guestImage({ root, kernel }: Packages): Buffer {
  const archive = new Archive();
  for (const path of ["/proc", "/sys", "/dev"]) archive.folder(path);
  archive.copy("/bin/busybox", "/bin/busybox");
  for (const name of commands) archive.link(`/bin/${name}`, "busybox");
  for (const [name, applet] of [
    ["poweroff", "poweroff"],
    ["halt", "halt"],
    ["reboot", "reboot"],
  ] as const) {
    archive.program(`/sbin/${name}`, `#!/bin/sh\nexec /bin/busybox ${applet} -f\n`);
  }
  for (const module of modules) {
    archive.copy(`/modules/${basename(module)}`, join(root, "lib/modules", kernel, "kernel/drivers", module));
  }
  archive.program("/init", init);
  return gzipSync(archive.finish(), { level: 1 });
}
