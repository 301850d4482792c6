/** s390: each PCI function has two numbers of its own, by which the guest knows it. */
import type { AddressOf, ParsedDomain } from "../../../../model/domain/index.ts";
import { broken, malformed } from "../../../../model/domain/refuse.ts";
import type { DefinitionContext } from "../../definition/context.ts";
import { isS390 } from "../../definition/machine.ts";
import { pciDevices } from "./needs.ts";

type Zpci = NonNullable<AddressOf<"pci">["zpci"]>;

const firstUid = 1;
const lastUid = 0xffff;
const lastFid = 0xffff_ffff;

/** Numbers the functions; what is given stays, and a half that is given is completed before the rest. */
export function assignZpci(domain: ParsedDomain, context: DefinitionContext): void {
  if (!isS390(domain) || !context.capabilities.has("zpci")) return;
  const all = [...zpciOf(domain, context)];
  const uids = new Set<number>();
  const fids = new Set<number>();
  for (const { uid, fid } of all) {
    if (uid === 0) malformed("Invalid PCI address uid='0x0000', must be > 0x0000 and <= 0xffff");
    if (uid !== undefined) take(uids, uid, "uid");
    if (fid !== undefined) take(fids, fid, "fid");
  }
  const isOpen = ({ uid, fid }: Zpci): boolean => uid === undefined && fid === undefined;
  for (const zpci of [...all.filter((one) => !isOpen(one)), ...all.filter(isOpen)]) {
    zpci.uid ??= next(uids, firstUid, lastUid, "uid");
    zpci.fid ??= next(fids, 0, lastFid, "fid");
  }
}

/** Bridges are not visible to these guests. */
function* zpciOf(domain: ParsedDomain, context: DefinitionContext): Generator<Zpci> {
  const controllers = new Set<unknown>(domain.devices.controllers.filter(({ type }) => type === "pci"));
  for (const { device } of pciDevices(domain, context)) {
    if (device.address?.type !== "pci" || controllers.has(device)) continue;
    device.address.zpci ??= {};
    yield device.address.zpci;
  }
}

function take(taken: Set<number>, number: number, what: string): void {
  if (taken.has(number)) malformed(`zPCI ${what} 0x${number.toString(16)} is already reserved`);
  taken.add(number);
}

function next(taken: Set<number>, first: number, last: number, what: string): number {
  for (let number = first; number <= last; number++) {
    if (taken.has(number)) continue;
    taken.add(number);
    return number;
  }
  return broken(`There is no more free ${what}`);
}
