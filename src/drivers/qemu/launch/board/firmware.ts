/** Firmware: flash memory with code and variables, or a ROM. */
import type { Domain, Storage } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { Guest } from "../context.ts";
import { type Image, imageAt, imageNames } from "../images/image.ts";
import { chainParts } from "../images/parts.ts";
import { option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

const code = imageNames("libvirt-pflash0");
const variables = imageNames("libvirt-pflash1");

const usesFlash = ({ os: { loader } }: Domain): boolean => loader?.type === "pflash" && loader.value !== undefined;

/** Where the variables are; undefined for firmware that keeps none. */
function nvramStorage({ os: { nvram } }: Domain): Storage | undefined {
  if (nvram?.storage !== undefined) return nvram.storage;
  return nvram?.value === undefined ? undefined : { type: "file", source: fileSource(nvram.value) };
}

type FileSource = NonNullable<Extract<Storage, { type: "file" }>["source"]>;
const fileSource = (file: string): FileSource => ({ index: 0, file, seclabels: [] });

/** The images of both kinds of flash memory, as nodes that the machine names. */
export function flashParts(guest: Guest): Part[] {
  const { domain } = guest;
  const { loader } = domain.os;
  if (!usesFlash(domain) || loader?.value === undefined) return [];
  const storage: Storage = { type: "file", source: fileSource(loader.value) };
  const options = { device: "disk" } as const;
  const nvram = nvramStorage(domain);
  const images: Image[] = [
    { ...imageAt(storage, code, guest), format: "raw", readonly: loader.readonly ?? false, options },
  ];
  if (nvram !== undefined) {
    images.push({ ...imageAt(nvram, variables, guest), format: "raw", readonly: false, options });
  }
  return images.flatMap((image) => chainParts({ images: [image], ended: false }, guest));
}

/** What the machine is told of them. */
export function pflashNodes(domain: Domain): JsonObject {
  if (!usesFlash(domain)) return {};
  return { pflash0: code.format, pflash1: nvramStorage(domain) === undefined ? undefined : variables.format };
}

export function loaderParts({ domain: { os } }: Guest): Part[] {
  const { loader } = os;
  if (loader?.value === undefined) return [];
  if (loader.type !== "pflash") return [option("-bios", loader.value)];
  // Only code in system management mode may change the flash.
  return loader.secure === true ? [option("-global", "driver=cfi.pflash01,property=secure,value=on")] : [];
}
