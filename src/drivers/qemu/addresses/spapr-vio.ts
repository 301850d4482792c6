/** Registers of devices on pSeries' virtual I/O bus. */
import type { AnyDevice, ParsedDomain } from "../../../model/domain/index.ts";
import { malformed } from "../../../model/domain/refuse.ts";
import { isPseries } from "../definition/machine.ts";

/** The register that the first device of a kind has; the next one's is a page further. */
const firstRegister = { network: 0x1000n, scsi: 0x2000n, nvram: 0x3000n, tpm: 0x4000n, serial: 0x3000_0000n } as const;
const step = 0x1000n;

export function assignSpaprVio(domain: ParsedDomain): void {
  const taken = new Set<bigint>();
  const devices = [...vioDevices(domain)];
  for (const { device } of devices) reserve(device, taken);
  for (const { device, first } of devices) place(device, first, taken);
}

interface VioDevice {
  readonly device: AnyDevice;
  readonly first: bigint;
}

function* vioDevices(domain: ParsedDomain): Generator<VioDevice> {
  const { interfaces, controllers, serials, nvram, tpms } = domain.devices;
  for (const card of interfaces) if (card.model === "spapr-vlan") yield { device: card, first: firstRegister.network };
  for (const controller of controllers) {
    if (controller.type === "scsi" && controller.model === "ibmvscsi") {
      yield { device: controller, first: firstRegister.scsi };
    }
  }
  if (!isPseries(domain)) return;
  for (const serial of serials) {
    if (serial.target.type === "spapr-vio-serial") yield { device: serial, first: firstRegister.serial };
  }
  if (nvram !== undefined) yield { device: nvram, first: firstRegister.nvram };
  for (const tpm of tpms) if (tpm.model === "tpm-spapr") yield { device: tpm, first: firstRegister.tpm };
}

function registerOf({ address }: AnyDevice): bigint | undefined {
  return address?.type === "spapr-vio" ? address.reg : undefined;
}

function reserve(device: AnyDevice, taken: Set<bigint>): void {
  const register = registerOf(device);
  if (register === undefined) return;
  if (taken.has(register)) malformed(`spapr-vio address 0x${register.toString(16)} already in use`);
  taken.add(register);
}

function place(device: AnyDevice, first: bigint, taken: Set<bigint>): void {
  if (device.address !== undefined && device.address.type !== "spapr-vio") return;
  if (registerOf(device) !== undefined) return;
  let register = first;
  while (taken.has(register)) register += step;
  taken.add(register);
  device.address = { type: "spapr-vio", reg: register };
}
