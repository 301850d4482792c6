/** What a disk or a drive of the host is. */
import { readInteger, readText } from "../../host/node/sysfs.ts";
import type { DeviceCapability } from "../../model/node-device.ts";
import { type DeviceSources, udevProperties } from "./scan.ts";

/** The kernel counts sizes in these, whatever a disk's own blocks are, in bytes. */
const sector = 512n;

export async function describeStorage(sources: DeviceSources, path: string): Promise<DeviceCapability> {
  const { sys } = sources;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const udev = await udevProperties(sources, path);
  const text = (file: string) => readText(sys, `${path}/device/${file}`);
  const [vendor, model] = await Promise.all([text("vendor"), text("model")]);
  const bus = udev.get("ID_BUS");
  const serial = udev.get("ID_SERIAL") ?? udev.get("ID_SERIAL_SHORT");
  const said = { bus, model: udev.get("ID_MODEL") ?? model, vendor: udev.get("ID_VENDOR") ?? vendor, serial };
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined && value !== ""));
  return {
    type: "storage",
    block: `/dev/${name}`,
    drive_type: await driveType(sources, path, name),
    ...given,
    ...(await mediumOf(sources, path)),
  };
}

async function driveType({ sys }: DeviceSources, path: string, name: string): Promise<string> {
  if (/^sr\d/.test(name)) return "cdrom";
  if (/^fd\d/.test(name)) return "floppy";
  return (await readInteger(sys, `${path}/device/type`)) === 5 ? "cdrom" : "disk";
}

/** What is in it: of a drive whose medium can be taken out, apart. */
async function mediumOf({ sys }: DeviceSources, path: string) {
  const size = BigInt((await readInteger(sys, `${path}/size`)) ?? 0) * sector;
  const block = BigInt((await readInteger(sys, `${path}/queue/logical_block_size`)) ?? Number(sector));
  const blocks = { logical_block_size: block, num_blocks: block > 0n ? size / block : 0n };
  if ((await readInteger(sys, `${path}/removable`)) !== 1) return { size, ...blocks };
  return size === 0n
    ? { removable: { media_available: 0 } }
    : { removable: { media_available: 1, media_size: size, ...blocks } };
}
