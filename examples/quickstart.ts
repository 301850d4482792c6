/**
 * The first five minutes: a real Linux in a virtual machine, from its definition to its removal, with the public API
 * alone. Run by ./quickstart.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Connection, type Domain, type LibvirtError, open, silenceErrors } from "../src/api/index.ts";
import { main as shell } from "../src/cli/main.ts";
import { buildGuest, type GuestImage, readyLine } from "./guest.ts";

const name = "quickstart";

/** Nothing here takes longer on any machine that can do it at all. */
const bootLimit = 50_000;
const shutdownLimit = 20_000;

function say(text: string): void {
  process.stdout.write(`\n\x1b[1m==> ${text}\x1b[0m\n`);
}

/** Where guests live: the user's own folder; for root one that QEMU, which does not run as root, may enter. */
function dataFolder(): string {
  if (process.getuid?.() === 0) return "/var/lib/tsvirt-quickstart";
  return join(process.env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "tsvirt-quickstart");
}

function domainXml(type: "kvm" | "qemu", { kernel, initrd }: GuestImage): string {
  return `<domain type='${type}'>
  <name>${name}</name>
  <title>A small Linux</title>
  <memory unit='MiB'>192</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <kernel>${kernel}</kernel>
    <initrd>${initrd}</initrd>
    <cmdline>console=ttyS0 quiet</cmdline>
  </os>
  <features><acpi/></features>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <devices>
    <interface type='user'><model type='virtio'/></interface>
    <serial type='pty'/>
    <console type='pty'/>
    <graphics type='vnc' autoport='yes'/>
    <video><model type='vga'/></video>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    <memballoon model='virtio'/>
  </devices>
</domain>
`;
}

/** Defines the guest for KVM and starts it paused; where KVM does not work, says why and takes software emulation. */
async function defineAndStart(conn: Connection, guest: GuestImage): Promise<Domain> {
  try {
    return await startAs(conn, "kvm", guest);
  } catch (error) {
    console.log(`KVM cannot be used here: ${(error as LibvirtError).message}`);
    console.log("So QEMU emulates the processor in software.");
    return startAs(conn, "qemu", guest);
  }
}

async function startAs(conn: Connection, type: "kvm" | "qemu", guest: GuestImage): Promise<Domain> {
  const xml = domainXml(type, guest);
  await writeFile(join(dataFolder(), `${name}.xml`), xml);
  const domain = await conn.defineXML(xml);
  try {
    await domain.create();
  } catch (error) {
    await domain.undefine();
    throw error;
  }
  if (type === "kvm") console.log("KVM runs the guest: /dev/kvm is usable.");
  return domain;
}

/** Shows the guest's serial console until it has printed that it is up. */
async function watchBoot(domain: Domain): Promise<void> {
  const console = await domain.openConsole();
  const limit = setTimeout(
    () => console.destroy(new Error(`the guest did not come up in ${bootLimit / 1000} s`)),
    bootLimit,
  );
  let seen = "";
  try {
    for await (const chunk of console) {
      process.stdout.write(chunk as Uint8Array);
      seen += Buffer.from(chunk as Uint8Array).toString("latin1");
      // The line is whole when it has its end.
      const ready = seen.indexOf(readyLine);
      if (ready >= 0 && seen.includes("\n", ready)) return;
    }
    throw new Error("the guest's console ended before it was up");
  } finally {
    clearTimeout(limit);
    console.destroy();
  }
}

async function screenshot(domain: Domain): Promise<void> {
  const { stream, mimeType } = await domain.screenshot();
  const path = join(dataFolder(), `${name}.${mimeType === "image/png" ? "png" : "ppm"}`);
  await writeFile(path, stream);
  console.log(`${path} (${mimeType})`);
}

/** Presses the ACPI power button and waits for the event that says the guest is off. */
async function shutDown(conn: Connection, domain: Domain): Promise<void> {
  const signal = AbortSignal.timeout(shutdownLimit);
  const events = conn.events({ signal });
  await domain.shutdown();
  for await (const event of events) {
    if (event.type !== "lifecycle") continue;
    console.log(`event: ${event.domain.name()} ${event.event} (${event.detail})`);
    if (event.event === "stopped") return;
  }
}

async function leftOver(conn: Connection): Promise<void> {
  for (const domain of await conn.listAllDomains()) {
    if (domain.name() !== name) continue;
    if (await domain.isActive()) await domain.destroy();
    await domain.undefine();
  }
}

async function main(): Promise<void> {
  const begin = performance.now();
  const folder = dataFolder();
  await mkdir(folder, { recursive: true });
  say("a guest: Debian's kernel and an initramfs of BusyBox");
  const guest = await buildGuest(join(folder, "guest"));
  console.log(`${guest.kernel}\n${guest.initrd}`);

  const uri = `qemu:///embed?root=${join(folder, "root")}`;
  say(`open ${uri}: the driver runs in this process, there is no daemon`);
  await using conn = await open(uri);
  await leftOver(conn);

  say(`define '${name}' from ${join(folder, `${name}.xml`)} and start it`);
  const domain = await defineAndStart(conn, guest);
  say("its serial console");
  await watchBoot(domain);
  for (const words of [["list"], ["dominfo", name], ["domstats", name]]) {
    say(`tsvirt ${words.join(" ")}`);
    await shell(["-c", uri, ...words]);
  }
  say("a screenshot");
  await screenshot(domain);
  say("shut it down by its power button");
  await shutDown(conn, domain);
  await domain.undefine();
  console.log(`'${name}' is gone: ${(await conn.listAllDomains()).length} domains are left`);
  say(`done in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  console.log(`Your turn: bin/tsvirt -c '${uri}' help`);
}

silenceErrors();
await main();
