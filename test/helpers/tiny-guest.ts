/**
 * A whole guest in one boot sector, for tests that need a running guest and no operating system: prints
 * "TINY GUEST READY" on the first serial port as soon as the firmware hands over, then "tick" once a second, sleeps in
 * between, and turns itself off when the ACPI power button is pressed. It listens to that button before
 * it says that it is ready: QEMU forgets a press that nobody listens to.
 */
import { writeFile } from "node:fs/promises";

const CODE =
  "fa31c08ed88ed0bc007cfbba0206b80001efbe667ce8300031c9f4ba0006edf6c40175104183f91272f031c9be797ce81600" +
  "ebe6b80001efbe807ce80a00ba0406b80020eff4ebfdac84c0741888c3bafd03bf0040eca82075034f75f8baf80388d8eeeb" +
  "e3c354494e592047554553542052454144590d0a007469636b0d0a00706f77657220627574746f6e3a206f66660d";

/** Where the registers of power management begin among the ports: with SeaBIOS on machine `pc`, and in Xen's HVM guests. */
const powerPorts = { pc: 0x600, xenfv: 0xb000 } as const;

/** `mov dx, PORT` with one of the registers of power management. */
const powerRegister = /ba(0[024])06/g;

/** Writes a raw disk image of 1 MiB with the guest. */
export async function writeTinyGuest(path: string, machine: keyof typeof powerPorts = "pc"): Promise<void> {
  const image = Buffer.alloc(1024 * 1024);
  const page = (powerPorts[machine] >> 8).toString(16).padStart(2, "0");
  image.write(CODE.replace(powerRegister, `ba$1${page}`), "hex");
  image.writeUInt16LE(0xaa55, 510);
  await writeFile(path, image);
}
