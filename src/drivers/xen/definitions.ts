/** Definitions as clients give them, made whole as Xen's guests need it. */
import { randomBytes } from "node:crypto";
import { parseUuid } from "../../driver/object-list.ts";
import { LibvirtError } from "../../errors.ts";
import {
  type CompletionOptions,
  type Domain as Definition,
  finishDomain,
  type ParsedDomain,
  readParsedDomain,
} from "../../model/domain/index.ts";

export interface ReadDefinition {
  readonly definition: Definition;
  readonly uuid: Uint8Array;
}

export interface ReadOptions {
  /** Refuse what nobody knows (the VALIDATE flags). */
  readonly strict?: boolean;
  /** The document was accepted before: that of a guest that runs, or was saved. */
  readonly accepted?: boolean;
}

/** The architectures of guests, all of which this driver's hosts run. */
const arch = "x86_64";

/** The range of addresses that belongs to Xen. */
const newMac = (): string => {
  const [first = 0, ...others] = randomBytes(3);
  const octets = [first & 0x7f, ...others].map((octet) => octet.toString(16).padStart(2, "0"));
  return `00:16:3e:${octets.join(":")}`;
};

/** Machines by the kind of guest, as libvirt names them. */
const machines: Readonly<Record<string, string>> = { xen: "xenpv", xenpvh: "xenpvh", hvm: "xenfv" };

const completion: CompletionOptions = {
  arch,
  abiUpdate: true,
  newMac,
  wideScsi: false,
  hooks: { basics: completeBasics, devices: completeDevices },
};

function completeBasics({ os }: ParsedDomain): void {
  const machine = machines[os.type.value];
  if (os.type.machine === undefined && machine !== undefined) os.type.machine = machine;
}

/** Disks of files and devices are served by the kernel's own back end unless something else is said. */
function completeDevices({ devices }: ParsedDomain): void {
  for (const nic of devices.interfaces) nic.mac ??= { address: newMac() };
}

/**
 * Reads a definition, completes it and checks it.
 * @throws {LibvirtError} for what is malformed, contradicts itself, or what Xen cannot run
 */
export function readDefinition(xml: string, { strict = false, accepted = false }: ReadOptions = {}): ReadDefinition {
  const read = readParsedDomain(xml, { inactive: true, strict });
  const definition = finishDomain(read, { ...completion, abiUpdate: !accepted, skipValidation: accepted });
  delete definition.id;
  if (!accepted) checkDefinition(definition);
  return { definition, uuid: uuidOf(definition) };
}

function checkDefinition({ type, os, bootloader }: Definition): void {
  const unsupported = (detail: string) => new LibvirtError("CONFIG_UNSUPPORTED", "XEN", detail);
  if (type !== "xen") throw unsupported(`domain type '${type}' is not for Xen: its domains have the type 'xen'`);
  if (machines[os.type.value] === undefined) {
    throw unsupported(`os type '${os.type.value}' is not known: Xen has linux, xenpvh and hvm`);
  }
  if (os.type.value === "hvm") return;
  if (os.kernel === undefined && bootloader === undefined) {
    throw unsupported("a paravirtualized guest needs a <kernel>, or a <bootloader> that finds it");
  }
}

/** A completed definition's UUID as bytes. */
export function uuidOf({ uuid }: Definition): Uint8Array {
  const bytes = parseUuid(uuid);
  if (bytes) return bytes;
  throw new LibvirtError("INTERNAL_ERROR", "XEN", `'${uuid}' is no UUID`);
}
