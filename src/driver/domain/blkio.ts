/** Shares of block devices and limits on them (virDomainSetBlkioParameters). */
import { LibvirtError } from "../../errors.ts";
import type { Blkiotune, Domain as Definition } from "../../model/domain/index.ts";
import { DomainBlkio, type TypedParameter, typesOf } from "../../protocol/index.ts";
import { stringParam, uintParam } from "../typed-parameters.ts";

type BlkioDevice = Blkiotune["devices"][number];

/** Parameters of single devices, as `path,value,path,value`: their keys in the model. */
const deviceLimits = [
  [DomainBlkio.DEVICE_WEIGHT, "weight"],
  [DomainBlkio.DEVICE_READ_IOPS, "read_iops_sec"],
  [DomainBlkio.DEVICE_WRITE_IOPS, "write_iops_sec"],
  [DomainBlkio.DEVICE_READ_BPS, "read_bytes_sec"],
  [DomainBlkio.DEVICE_WRITE_BPS, "write_bytes_sec"],
] as const satisfies readonly (readonly [string, keyof BlkioDevice])[];

export const blkioTypes = typesOf(Object.values(DomainBlkio));

/** The limits as parameters. */
export function blkioParams({ blkiotune }: Definition): TypedParameter[] {
  const devices = blkiotune?.devices ?? [];
  const listed = deviceLimits.map(([field, key]) => {
    const set = devices.filter((device) => device[key]);
    return stringParam(field, set.map((device) => `${device.path},${device[key]}`).join(","));
  });
  return [uintParam(DomainBlkio.WEIGHT, blkiotune?.weight ?? 0), ...listed];
}

/** Pairs of device and number from `path,value,path,value`. */
function parseDeviceLimits(field: string, value: string): Map<string, bigint> {
  const parts = value === "" ? [] : value.split(",");
  const pairs = new Map<string, bigint>();
  for (let at = 0; at < parts.length; at += 2) {
    const path = parts[at] ?? "";
    const number = parts[at + 1] ?? "";
    if (!path.startsWith("/") || !/^\d{1,19}$/.test(number)) {
      throw new LibvirtError("INVALID_ARG", "DOMAIN", `unable to parse blkio device '${field}' '${value}'`);
    }
    pairs.set(path, BigInt(number));
  }
  return pairs;
}

function withDeviceLimit(
  devices: readonly BlkioDevice[],
  key: string,
  limits: ReadonlyMap<string, bigint>,
): BlkioDevice[] {
  const numeric = (value: bigint) => (key.endsWith("bytes_sec") ? value : Number(value));
  const changed = devices.map((device) => {
    const value = limits.get(device.path);
    return value === undefined ? device : { ...device, [key]: numeric(value) };
  });
  const known = new Set(devices.map(({ path }) => path));
  const added = [...limits].filter(([path]) => !known.has(path));
  return [...changed, ...added.map(([path, value]) => ({ path, [key]: numeric(value) }))];
}

/** The definition with what was given of the limits. */
export function withBlkio(definition: Definition, given: ReadonlyMap<string, unknown>): Definition {
  const blkiotune: Blkiotune = { ...definition.blkiotune, devices: definition.blkiotune?.devices ?? [] };
  const weight = given.get(DomainBlkio.WEIGHT);
  if (typeof weight === "number") blkiotune.weight = weight;
  for (const [field, key] of deviceLimits) {
    const value = given.get(field);
    if (typeof value === "string") {
      blkiotune.devices = withDeviceLimit(blkiotune.devices, key, parseDeviceLimits(field, value));
    }
  }
  return { ...definition, blkiotune };
}
