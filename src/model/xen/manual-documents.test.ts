/** The two kinds of documents of libvirt's first manual: memory in KiB without a unit, UUIDs without hyphens. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fullyVirtualizedXml } from "../../../test/helpers/xen-manual.ts";
import { formatDomain } from "../domain/index.ts";
import { formatXenConfiguration, parseXenDomain } from "./index.ts";

const paravirtual = `<domain type='xen' id='18'>
  <name>guest4</name>
  <uuid>5c1d8a5e2f3b4d6e8f90a1b2c3d4e5f6</uuid>
  <os>
    <type>linux</type>
    <kernel>/boot/vmlinuz-guest</kernel>
    <initrd>/boot/initrd-guest.img</initrd>
    <root>/dev/sda1</root>
    <cmdline>ro selinux=0 3</cmdline>
  </os>
  <memory>131072</memory>
  <vcpu>1</vcpu>
  <devices>
    <disk type='file'>
      <source file='/images/guest4.img'/>
      <target dev='sda1'/>
    </disk>
    <interface type='bridge'>
      <source bridge='xenbr0'/>
      <mac address='AA:00:00:00:00:11'/>
      <script path='/etc/xen/scripts/vif-bridge'/>
    </interface>
    <console tty='/dev/pts/5'/>
  </devices>
</domain>`;

const full = fullyVirtualizedXml("/images");

const linesOf = (text: string): Set<string> => new Set(text.split("\n"));

function includes(text: string, ...expected: readonly string[]): void {
  const lines = linesOf(text);
  for (const line of expected) assert.ok(lines.has(line), `no line ${line} in:\n${text}`);
}

test("the paravirtual document means what it always did", () => {
  const domain = parseXenDomain(paravirtual);
  assert.equal(domain.uuid, "5c1d8a5e-2f3b-4d6e-8f90-a1b2c3d4e5f6");
  assert.equal(domain.memory.value, 131072n);
  assert.deepEqual(domain.os.type, { arch: "x86_64", machine: "xenpv", value: "xen" });
  const xml = formatDomain(domain, { inactive: true });
  includes(xml, "    <type arch='x86_64' machine='xenpv'>linux</type>", "    <root>/dev/sda1</root>");
  includes(xml, "  <memory unit='KiB'>131072</memory>", "      <target type='xen' port='0'/>");
  assert.ok(formatDomain(domain).includes("<console type='pty' tty='/dev/pts/5'>"));
  includes(
    formatXenConfiguration(domain, "xl"),
    'name = "guest4"',
    'uuid = "5c1d8a5e-2f3b-4d6e-8f90-a1b2c3d4e5f6"',
    "memory = 128",
    "maxmem = 128",
    'kernel = "/boot/vmlinuz-guest"',
    'ramdisk = "/boot/initrd-guest.img"',
    'cmdline = "root=/dev/sda1 ro selinux=0 3"',
    'disk = [ "format=raw,vdev=sda1,access=rw,target=/images/guest4.img" ]',
    'vif = [ "mac=aa:00:00:00:00:11,bridge=xenbr0,script=/etc/xen/scripts/vif-bridge" ]',
  );
  includes(formatXenConfiguration(domain, "xm"), 'root = "/dev/sda1"', 'extra = "ro selinux=0 3"');
});

test("the fully virtualized document means what it always did", () => {
  const domain = parseXenDomain(full);
  assert.deepEqual(domain.os.type, { arch: "x86_64", machine: "xenfv", value: "hvm" });
  includes(
    formatDomain(domain, { inactive: true }),
    "    <graphics type='vnc' port='5904' autoport='no'>",
    "      <target dev='fda' bus='fdc'/>",
    "      <model type='cirrus' vram='8192' heads='1' primary='yes'/>",
    "    <memballoon model='xen'/>",
  );
  includes(
    formatXenConfiguration(domain, "xl"),
    'builder = "hvm"',
    'boot = "c"',
    ...["pae = 1", "acpi = 1", "apic = 1", "memory = 512", "vnc = 1", "vncunused = 0", "vncdisplay = 4"],
    'device_model_override = "/usr/lib/xen/bin/qemu-dm"',
    'disk = [ "format=raw,vdev=hda,access=rw,target=/images/full0", "format=raw,vdev=hdc,access=ro,devtype=cdrom,target=/images/install.iso" ]',
    'device_model_args_hvm = [ "-drive", "if=floppy,index=0,format=raw,file=/images/floppy.img" ]',
    'on_crash = "restart"',
  );
  includes(
    formatXenConfiguration(domain, "xm"),
    'kernel = "/usr/lib/xen/boot/hvmloader"',
    'disk = [ "file:/images/full0,hda,w", "file:/images/install.iso,hdc:cdrom,r" ]',
    'fda = "/images/floppy.img"',
  );
});
