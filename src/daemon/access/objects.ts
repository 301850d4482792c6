/** What rules may look at of the object that a call is about. */

import { formatUuid } from "../../driver/object-list.ts";
import { LibvirtError } from "../../errors.ts";
import {
  type AclObject,
  type AnyProcedure,
  domain,
  domainCheckpoint,
  domainSnapshot,
  iface,
  network,
  networkPort,
  nodeDevice,
  nwfilter,
  nwfilterBinding,
  type Permission,
  type ProcedureName,
  procedures,
  secret,
  storagePool,
  storageVol,
} from "../../protocol/index.ts";
import { parseTree, type XmlElement } from "../../xml/index.ts";
import type { AccessSubject } from "./access-control.ts";

/** A kind of object that has names. */
export type ObjectKind = Exclude<AclObject, "connect">;

/**
 * An object by what rules call it. Null: it has this, but it is not known what it is. Undefined: it has no such thing.
 */
export interface ObjectFacts {
  readonly name?: string | null;
  readonly uuid?: string | null;
  /** For volumes, the name of their pool; for ports, that of their network. */
  readonly parent?: string | null;
}

/** The fields of the references by which clients and drivers name objects. */
interface Ref {
  readonly name?: string;
  readonly uuid?: Uint8Array;
  readonly pool?: string;
  readonly net?: Ref;
  readonly dom?: Ref;
  readonly portdev?: string;
}

/** How each kind is referred to, and how what a client says of one is checked. */
const kinds: {
  readonly [Kind in ObjectKind]: { readonly types: readonly unknown[]; readonly byUuid?: ProcedureName };
} = {
  domain: { types: [domain, domainSnapshot, domainCheckpoint], byUuid: "domainLookupByUuid" },
  interface: { types: [iface] },
  network: { types: [network, networkPort], byUuid: "networkLookupByUuid" },
  network_port: { types: [networkPort] },
  node_device: { types: [nodeDevice] },
  nwfilter: { types: [nwfilter], byUuid: "nwfilterLookupByUuid" },
  nwfilter_binding: { types: [nwfilterBinding] },
  secret: { types: [secret] },
  storage_pool: { types: [storagePool], byUuid: "storagePoolLookupByUuid" },
  storage_vol: { types: [storageVol] },
};

interface Shaped {
  readonly shape: { readonly kind: string; readonly fields?: Readonly<Record<string, unknown>>; readonly of?: unknown };
}

/** The first object of a kind among the fields of a structure, as its reference. */
export function referenceIn(type: unknown, value: unknown, kind: ObjectKind): Ref | undefined {
  const { types } = kinds[kind];
  const fields = (type as Shaped).shape.fields ?? {};
  for (const [field, fieldType] of Object.entries(fields)) {
    const inner = (fieldType as Shaped).shape.kind === "optional" ? (fieldType as Shaped).shape.of : fieldType;
    const ref = (value as Readonly<Record<string, unknown>>)[field] as Ref | null | undefined;
    if (!ref || !types.includes(inner)) continue;
    if (kind === "domain") return ref.dom ?? ref;
    return kind === "network" ? (ref.net ?? ref) : ref;
  }
  return undefined;
}

/** The facts of a reference that a driver gave, which are true. */
export function factsOf(kind: ObjectKind, ref: Ref): ObjectFacts {
  const uuid = ref.uuid === undefined ? {} : { uuid: formatUuid(ref.uuid) };
  if (kind === "storage_vol") return { name: ref.name ?? null, parent: ref.pool ?? null };
  if (kind === "network_port") return { ...uuid, parent: ref.net?.name ?? null };
  if (kind === "nwfilter_binding") return { name: ref.portdev ?? null };
  return kind === "secret" ? uuid : { name: ref.name ?? null, ...uuid };
}

/** An object of which nothing is known, as those of saved guests and of guests that come from elsewhere. */
const unknown: ObjectFacts = { name: null, uuid: null, parent: null };

/**
 * The object that a call is about, as the driver knows it: a client may put any name beside a UUID.
 * @throws LibvirtError the driver's, when there is no such object
 */
export async function objectOf(
  permission: Permission,
  procedure: AnyProcedure,
  args: unknown,
  subject: AccessSubject,
): Promise<ObjectFacts> {
  const [kind, what] = permission.split(":") as [ObjectKind, string];
  const ref = referenceIn(procedure.args, args, kind);
  // What is to be created may be made from another of its kind.
  if (ref !== undefined && what !== "create") return asKnown(kind, ref, subject);
  if (/Lookup/.test(procedure.name)) {
    // Whoever looks up an object says it in many ways; what is found tells.
    const result = await subject.call(procedure.name as ProcedureName, args as never);
    const found = referenceIn(procedure.result, result, kind);
    return found === undefined ? unknown : factsOf(kind, found);
  }
  const { name, xml, xmlDesc } = args as {
    readonly name?: unknown;
    readonly xml?: unknown;
    readonly xmlDesc?: unknown;
  };
  if (kind === "node_device" && typeof name === "string") return { name };
  const text = xml ?? xmlDesc;
  return typeof text === "string" ? describedIn(kind, text, args) : unknown;
}

async function asKnown(kind: ObjectKind, ref: Ref, subject: AccessSubject): Promise<ObjectFacts> {
  if (kind === "network_port" && ref.net !== undefined) {
    const net = await asKnown("network", ref.net, subject);
    return { ...factsOf(kind, ref), parent: net.name ?? null };
  }
  const { byUuid } = kinds[kind];
  if (byUuid === undefined || ref.uuid === undefined) return factsOf(kind, ref);
  const result = await subject.call(byUuid, { uuid: ref.uuid } as never);
  const found = referenceIn(procedures[byUuid].result, result, kind);
  return found === undefined ? unknown : factsOf(kind, found);
}

/** An object that is yet to be, from its document. What is not in it the driver will choose. */
function describedIn(kind: ObjectKind, xml: string, args: unknown): ObjectFacts {
  let root: XmlElement;
  try {
    root = parseTree(xml, { title: "document", domain: "ACCESS" });
  } catch {
    // The driver will say what is wrong with it.
    return unknown;
  }
  const { pool, network: net } = args as { readonly pool?: Ref; readonly network?: Ref };
  const name = textOf(root, "name") ?? root.attributes.find((attribute) => attribute.name === "name")?.value ?? null;
  const uuid = textOf(root, "uuid")?.replaceAll("-", "").toLowerCase() ?? null;
  const written = uuid !== null && /^[\da-f]{32}$/.test(uuid) ? formatUuid(Buffer.from(uuid, "hex")) : null;
  if (kind === "storage_vol") return { name, parent: pool?.name ?? null };
  if (kind === "network_port") return { uuid: written, parent: net?.name ?? null };
  if (kind === "nwfilter_binding") return unknown;
  return kind === "secret" ? { uuid: written } : { name, uuid: written };
}

function textOf(root: XmlElement, name: string): string | undefined {
  for (const node of root.nodes) {
    if (node.kind !== "element" || node.name !== name) continue;
    return node.nodes
      .map((inner) => (inner.kind === "text" || inner.kind === "cdata" ? inner.text : ""))
      .join("")
      .trim();
  }
  return undefined;
}

/** The object of a kind by a name, an id or a UUID of an old list; undefined when it is gone. */
export async function listedObject(
  kind: ObjectKind,
  key: string | number,
  args: unknown,
  subject: AccessSubject,
): Promise<ObjectFacts | undefined> {
  const lookup = typeof key === "number" ? (["domainLookupById", { id: key }] as const) : lookupOf(kind, key, args);
  if (lookup === null) return { name: String(key) };
  try {
    const result = await subject.call(lookup[0], lookup[1] as never);
    const ref = referenceIn(procedures[lookup[0]].result, result, kind);
    return ref === undefined ? undefined : factsOf(kind, ref);
  } catch (error) {
    if (error instanceof LibvirtError) return undefined;
    throw error;
  }
}

function lookupOf(kind: ObjectKind, key: string, args: unknown): readonly [ProcedureName, object] | null {
  if (kind === "domain") return ["domainLookupByName", { name: key }];
  if (kind === "network") return ["networkLookupByName", { name: key }];
  if (kind === "storage_pool") return ["storagePoolLookupByName", { name: key }];
  if (kind === "nwfilter") return ["nwfilterLookupByName", { name: key }];
  if (kind === "storage_vol") {
    return ["storageVolLookupByName", { pool: (args as { readonly pool: unknown }).pool, name: key }];
  }
  if (kind !== "secret") return null;
  return ["secretLookupByUuid", { uuid: Buffer.from(key.replaceAll("-", ""), "hex") }];
}
