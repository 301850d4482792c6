import assert from "node:assert/strict";
import { test } from "node:test";
import { LibvirtError } from "../../../errors.ts";
import { formatDomain } from "../../domain/index.ts";
import { formatSexpr, formatXendDomain, parseSexpr, parseXenDomain, parseXendDomain } from "../index.ts";

const fails = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof LibvirtError && error.codeName === code && message.test(error.message);

test("expressions are read and printed", () => {
  assert.deepEqual(parseSexpr(`(a (b 'c (d)' "e\\"f") () g)`), ["a", ["b", "c (d)", 'e"f'], [], "g"]);
  for (const word of ["", "a b", "it's", '"', "\\", "(", "x\ny"])
    assert.deepEqual(parseSexpr(formatSexpr(["w", word])), ["w", word]);
  for (const [text, message] of [
    ["(a", /line 1: a bracket is not closed/],
    ["a)", /line 1: a bracket too many|there is a bracket too many/],
    ["(a\n'b)", /line 2?1?: a string does not end/],
    ["(a) (b)", /one expression/],
    ["", /one expression/],
    ["(".repeat(1000), /too deep/],
    [`(${"a ".repeat(600_000)})`, /more than 500000/],
  ] as const) {
    assert.throws(() => parseSexpr(text), fails("SEXPR_SERIAL", message), text.slice(0, 20));
  }
});

/** What xend answered of a paravirtual domain that runs, after its documentation. */
const paravirtual = `(domain (domid 6) (on_crash restart) (uuid 596a5d21-71f4-8fb2-e068-e2386a5c413e) (bootloader_args '')
 (vcpus 2) (name pvtest) (on_poweroff destroy) (on_reboot restart) (bootloader '') (maxmem 512) (memory 420.0) (shadow_memory 0)
 (cpu_weight 256) (cpu_cap 0) (features '') (start_time 1166200400.1) (cpu_time 0.65) (online_vcpus 1) (status 2) (state -b----)
 (vcpu_avail 1)
 (image (linux (kernel /var/lib/xen/vmlinuz.2Dn2YT) (ramdisk /var/lib/xen/initrd.img) (root /dev/xvda1) (args 'method=http://h/ (a)')))
 (device (vbd (backend 0) (dev xvda:disk) (uname file:/xen/pv1.img) (mode w)))
 (device (tap (dev xvdb:disk) (uname tap:qcow2:/xen/pv2.img) (mode r)))
 (device (vif (bridge xenbr1) (mac 00:16:3e:1b:b1:47) (script vif-bridge) (devid 0)))
 (device (vkbd (devid 0)))
 (device (vfb (type vnc) (vncunused 0) (vncdisplay 3) (vnclisten 127.0.0.1)))
 (device (pci (dev (domain 0x0001) (bus 0x0c) (slot 0x1b) (func 0x2))))
 (device (console (protocol vt100) (location 2))))`;

test("a paravirtual domain of xend", () => {
  const domain = parseXendDomain(paravirtual);
  assert.equal(domain.id, 6);
  assert.deepEqual([domain.memory.value, domain.currentMemory], [524288n, 430080n]);
  assert.deepEqual([domain.vcpu.value, domain.vcpu.current], [2, 1]);
  assert.equal(domain.os.cmdline, "root=/dev/xvda1 method=http://h/ (a)");
  const xml = formatDomain(domain, { inactive: true });
  for (const line of [
    "<driver name='file' type='raw'/>",
    "<driver name='tap' type='qcow2'/>",
    "<source file='/xen/pv2.img'/>",
    "<readonly/>",
    "<graphics type='vnc' port='5903' autoport='no' listen='127.0.0.1'>",
    "<address domain='0x0001' bus='0x0c' slot='0x1b' function='0x2'/>",
    "<source bridge='xenbr1'/>",
  ]) {
    assert.ok(xml.includes(line), `no ${line} in:\n${xml}`);
  }
  const again = parseXendDomain(formatXendDomain(parseXenDomain(xml)));
  assert.equal(formatDomain(again, { inactive: true }), xml);
});

test("a fully virtualized domain of xend", () => {
  const text = `(vm (name fv) (uuid 596a5d21-71f4-8fb2-e068-e2386a5c4139) (memory 350) (maxmem 382) (vcpus 1) (on_poweroff destroy)
   (on_reboot destroy) (on_crash destroy)
   (image (hvm (kernel /usr/lib/xen/boot/hvmloader) (device_model /usr/lib/xen/bin/qemu-dm) (boot c) (acpi 1) (apic 1) (pae 0)
     (usb 1) (usbdevice tablet) (serial pty) (parallel none) (localtime 1) (rtc_timeoffset 3600) (vnc 1) (vncunused 1) (soundhw sb16)))
   (device (vbd (dev hda:disk) (uname phy:/dev/sda8) (mode w!)))
   (device (vbd (dev ioemu:hdc:cdrom) (uname '') (mode r)))
   (device (vif (mac 00:16:3e:0a:7b:39) (bridge b) (script vif-bridge) (type ioemu) (model e1000))))`;
  const domain = parseXendDomain(text);
  const xml = formatDomain(domain, { inactive: true });
  for (const line of [
    "<clock offset='variable' adjustment='3600' basis='localtime'/>",
    "<emulator>/usr/lib/xen/bin/qemu-dm</emulator>",
    "<shareable/>",
    "<disk type='block' device='cdrom'>",
    "<input type='tablet' bus='usb'/>",
    "<model type='e1000'/>",
    "<sound model='sb16'/>",
    "<boot dev='hd'/>",
  ]) {
    assert.ok(xml.includes(line), `no ${line} in:\n${xml}`);
  }
  assert.ok(!xml.includes("<pae/>"));
  const written = formatXendDomain(parseXenDomain(xml));
  assert.ok(written.includes("(image (hvm "), written);
  assert.equal(formatDomain(parseXendDomain(written), { inactive: true }), xml);
});

test("what is no domain is refused", () => {
  assert.throws(() => parseXendDomain("(host (name a))"), fails("XML_ERROR", /begins with/));
  assert.throws(() => parseXendDomain("(domain (name a) (memory much))"), fails("CONF_SYNTAX", /memory/));
  assert.throws(
    () => parseXendDomain("(domain (name a) (device (vbd (uname file:/x))))"),
    fails("XML_ERROR", /needs a name/),
  );
});
