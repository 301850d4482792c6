/** Images of disks as nodes of QEMU's block layer. */
import type { DeviceContext } from "../../../src/drivers/qemu/launch/devices/context.ts";
import { formatCreation, storageCreation } from "../../../src/drivers/qemu/launch/images/create.ts";
import {
  type Chain,
  chainOf,
  type Image,
  type ImageNames,
  imageNames,
} from "../../../src/drivers/qemu/launch/images/image.ts";
import { formatNode, hasSliceNode, sliceNode, storageNode } from "../../../src/drivers/qemu/launch/images/parts.ts";
import { imageReference, referenceProps } from "../../../src/drivers/qemu/launch/images/reference.ts";
import { type JsonObject, parseJson } from "../../../src/drivers/qemu/monitor/json.ts";
import { parseDomain } from "../../../src/model/domain/index.ts";
import { deviceContext } from "../../helpers/device-context.ts";
import { type Handler, input, type Produced, type Request } from "../protocol.ts";

export const blockNodes: Handler = async (request) => {
  switch (request.op) {
    case "disk":
      return await diskNodes(request);
    case "create":
      return await creation(request);
    default:
      throw new Error(`operation '${request.op}' is not there`);
  }
};

/** How large libvirt's own test says that the image and its place are, in bytes. */
const capacity = 2n * 0xffff_ffffn;
const physical = 0x1_0000_0000n;

async function creation(request: Request): Promise<Produced> {
  const { image, context } = topImage(await input(request));
  const backing = request.files?.backing === undefined ? undefined : topImage(await input(request, "backing")).image;
  const place = storageCreation(image, physical, context);
  const inside = formatCreation(image, capacity, backing, context);
  return [`protocol:`, pretty(place ?? {}), "", "format:", pretty(inside ?? {})].join("\n");
}

function topImage(text: string): { readonly image: Image; readonly context: DeviceContext } {
  // The suite's disks are no parts of a guest, and have no place in one.
  const { chain, context } = readDisk(text.replace("</disk>", "<target dev='vda' bus='virtio'/></disk>"));
  const [image] = chain.images;
  if (image === undefined) throw new Error("the case has no image");
  return { image, context };
}

async function diskNodes(request: Request): Promise<Produced> {
  const { chain, context } = readDisk(await input(request));
  const { images, ended } = chain;
  const nodes = images.flatMap((image, at) => {
    const backing = images[at + 1]?.names.format ?? (ended ? null : undefined);
    const slice = hasSliceNode(image) ? [sliceNode(image)] : [];
    return [formatNode(image, backing), ...slice, storageNode(image, context)];
  });
  return {
    output: nodes.map(pretty).join("\n"),
    outputs: { expectedSourceOnly: images.map((image) => sourceOnly(image, context)).join("\n") },
  };
}

/** The disk of a case: the suite names nodes in elements that only libvirt's own status files have. */
function readDisk(text: string): { readonly chain: Chain; readonly context: DeviceContext } {
  const domain = parseDomain(
    `<domain type='qemu'><name>x</name><memory>1</memory><os><type arch='x86_64'>hvm</type></os><devices>${text}</devices></domain>`,
    { skipValidation: true },
  );
  const [disk] = domain.devices.disks;
  if (disk === undefined) throw new Error("the case has no disk");
  disk.alias ??= "disk";
  const names = nodeNames(text);
  const context = deviceContext(domain);
  return { chain: chainOf(disk, context, () => names.next().value ?? imageNames("missing")), context };
}

function* nodeNames(text: string): Generator<ImageNames, undefined> {
  for (const [, names = ""] of text.matchAll(/<nodenames>(.*?)<\/nodenames>/gs)) {
    const named = (type: string): string => new RegExp(`type='${type}' name='([^']*)'`).exec(names)?.[1] ?? "";
    const storage = named("storage");
    const format = named("format");
    yield {
      ...imageNames("node"),
      storage,
      format,
      authSecret: `${storage}-secalias`,
      encryptionSecret: `${format}-encalias`,
    };
  }
  return undefined;
}

const pretty = (value: JsonObject): string => JSON.stringify(value, null, 2);

function sourceOnly(image: Image, context: DeviceContext): string {
  const lines = [
    "source only properties:",
    pretty(referenceProps(image, context)),
    "backing store string:",
    spread(imageReference(image, context)),
  ];
  return `(\n${lines.join("\n")}\n)`;
}

/** The suite shows JSON inside a reference on lines of its own. */
function spread(reference: string): string {
  if (!reference.startsWith("json:")) return reference;
  const { file } = parseJson(reference.slice(5)) as { file: JsonObject };
  return `json:{"file":${pretty(file)}\n}`;
}
