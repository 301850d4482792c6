/** What a PCI device is: its place, its names, what it is part of and what it has. */
import { readInteger, readText } from "../../host/node/sysfs.ts";
import { parsePciAddress } from "../../host/pci.ts";
import type { PciAddress } from "../../model/common/pci-address.ts";
import type { DeviceCapability } from "../../model/node-device.ts";
import { lookUpNames } from "./ids.ts";
import { linksOf } from "./pci-config.ts";
import type { DeviceSources } from "./scan.ts";

type PciCapability = Extract<DeviceCapability, { type: "pci" }>;

export async function describePci(sources: DeviceSources, path: string): Promise<PciCapability> {
  const { sys } = sources;
  const number = (file: string) => readInteger(sys, `${path}/${file}`);
  const address = parsePciAddress(lastOf(path));
  const [vendorId = 0, productId = 0, kind, numa] = await Promise.all(
    ["vendor", "device", "class", "numa_node"].map(number),
  );
  const [names, express, group] = await Promise.all([
    lookUpNames(sources.names, "pci.ids", vendorId, productId),
    sys.bytes(`${path}/config`).then((config) => linksOf(config ?? new Uint8Array())),
    iommuGroupOf(sources, path),
  ]);
  return {
    type: "pci",
    ...(kind !== undefined && { class: kind }),
    ...(address ?? { domain: 0, bus: 0, slot: 0, function: 0 }),
    product: { id: productId, ...(names.product !== undefined && { name: names.product }) },
    vendor: { id: vendorId, ...(names.vendor !== undefined && { name: names.vendor }) },
    ...(await functionsOf(sources, path)),
    ...(express.header === 1 && { pciBridge: {} }),
    ...(express.header === 2 && { cardbusBridge: {} }),
    ...(await mdevTypesOf(sources, path)),
    ...(group && { iommuGroup: group }),
    ...(numa !== undefined && numa >= 0 && { numa: { node: numa } }),
    ...(express.links && { "pci-express": { links: express.links } }),
  };
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Virtual functions of a card, or the card that this one is a function of. */
async function functionsOf({ sys }: DeviceSources, path: string) {
  const physical = await sys.resolve(`${path}/physfn`);
  const parent = physical === null ? undefined : parsePciAddress(lastOf(physical));
  const maxCount = await readInteger(sys, `${path}/sriov_totalvfs`);
  const links = (await sys.list(path)).filter((file) => /^virtfn\d+$/.test(file));
  const order = (file: string): number => Number(file.slice("virtfn".length));
  const addresses: PciAddress[] = [];
  for (const link of links.sort((a, b) => order(a) - order(b))) {
    const address = parsePciAddress(lastOf((await sys.resolve(`${path}/${link}`)) ?? ""));
    if (address) addresses.push(address);
  }
  return {
    ...(parent && { physFunction: { address: parent } }),
    ...(maxCount !== undefined && maxCount > 0 && { virtFunctions: { maxCount, addresses } }),
  };
}

async function iommuGroupOf({ sys }: DeviceSources, path: string) {
  const group = await sys.resolve(`${path}/iommu_group`);
  if (group === null) return undefined;
  const addresses = [...(await sys.list(`${group}/devices`))].sort().flatMap((name) => parsePciAddress(name) ?? []);
  return { number: Number(lastOf(group)), addresses };
}

/** Kinds of parts of a device that guests can get, each as a device of its own. */
async function mdevTypesOf({ sys }: DeviceSources, path: string) {
  const folder = `${path}/mdev_supported_types`;
  const types = await Promise.all(
    [...(await sys.list(folder))].sort().map(async (id) => {
      const name = await readText(sys, `${folder}/${id}/name`);
      return {
        id,
        ...(name !== undefined && { name }),
        deviceAPI: (await readText(sys, `${folder}/${id}/device_api`)) ?? "",
        availableInstances: (await readInteger(sys, `${folder}/${id}/available_instances`)) ?? 0,
      };
    }),
  );
  return types.length === 0 ? {} : { mdevTypes: { types } };
}
