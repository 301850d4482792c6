/** s390: what a PCI device is to a guest whose PCI is not like others'. */
import type { AnyDevice } from "../../../../model/domain/index.ts";
import { aliasOf } from "../address.ts";
import { device } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

/** The device's identifiers on a zPCI machine, said before the device itself. */
export function zpciParts(target: AnyDevice): Part[] {
  const { address } = target;
  if (address?.type !== "pci" || address.zpci === undefined) return [];
  const { uid, fid } = address.zpci;
  return [device("zpci", { uid, fid, target: aliasOf(target), id: `zpci${uid}` })];
}
