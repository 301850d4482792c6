/** The whole API as one document. */
import { join } from "node:path";
import { numbers } from "../../src/protocol/c/constant-names.ts";
import type { DeclaredFunction } from "../../src/protocol/c/header.ts";
import { headers } from "../../src/protocol/c/index.ts";
import {
  type AclRule,
  type AnyEvent,
  type AnyProcedure,
  DomainEventID,
  events,
  LIBVIRT_VERSION_NUMBER,
  NetworkEventID,
  NodeDeviceEventID,
  procedures,
  programs,
  type ReadOnlyRule,
  SecretEventID,
  StoragePoolEventID,
} from "../../src/protocol/index.ts";
import * as limits from "../../src/protocol/limits.ts";
import { type Comment, commentsIn } from "./comments.ts";
import { enumEntries } from "./constants.ts";
import type {
  AclEntry,
  ApiDocument,
  CallbackEntry,
  ClassEntry,
  EventEntry,
  LeftOut,
  NumberEntry,
  ProcedureEntry,
  ReadOnlyEntry,
  StructureEntry,
} from "./document.ts";
import { functionEntries } from "./functions.ts";
import { eventCallbacks, leftOutFunctions, leftOutMacros, leftOutStructures, leftOutValues } from "./special.ts";
import { fieldsOf, namedShapes } from "./wire-types.ts";

/** Errors that may come of any call: the server cannot do it, the line breaks, the host or the server fails. */
const commonErrors = ["NO_SUPPORT", "RPC", "SYSTEM_ERROR", "INTERNAL_ERROR", "NO_MEMORY"];

/** Describes the API from the sources of a project. @throws {Error} that names what nobody describes */
export function describe(project: string, version: string): ApiDocument {
  const said = commentsIn(join(project, "src", "api"));
  const enums = enumEntries(commentsIn(join(project, "src", "protocol", "constants")));
  const comments = new Map(said.flatMap((comment) => comment.functions.map((name) => [name, comment] as const)));
  return {
    name: "tsvirt",
    version,
    libvirt: dotted(LIBVIRT_VERSION_NUMBER),
    programs: programs.map(({ name, number, version: of }) => ({ name, number, version: of })),
    limits: numberEntries(limits),
    numbers: numberEntries(numbers),
    enums,
    structures: headers.flatMap(({ structures }) => structures.map((structure): StructureEntry => structure)),
    callbacks: headers.flatMap(({ callbacks }) => callbacks.map(callbackEntry)),
    shapes: namedShapes(),
    procedures: Object.values<AnyProcedure>(procedures).map(procedureEntry),
    events: Object.values<AnyEvent>(events).map(eventEntry),
    classes: classEntries(said),
    commonErrors,
    functions: functionEntries({ comments, enums }),
    leftOut: leftOut(),
  };
}

function dotted(version: number): string {
  return [Math.floor(version / 1000000), Math.floor(version / 1000) % 1000, version % 1000].join(".");
}

function numberEntries(values: Readonly<Record<string, number>>): NumberEntry[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function callbackEntry({ name, module, since, returns, arguments: declared }: DeclaredFunction): CallbackEntry {
  if (since === null) throw new Error(`${name} does not say since when it is there`);
  return { name, module, since, returns, arguments: declared };
}

function procedureEntry(procedure: AnyProcedure): ProcedureEntry {
  const { name, number, family, since, priority, phase, descriptors, stream } = procedure;
  return {
    name,
    program: procedure.program.name,
    number,
    family,
    function: procedure.cFunction,
    since,
    priority,
    phase,
    descriptors,
    stream: stream && {
      direction: stream.direction,
      argument: stream.argument,
      sparseFlag: stream.sparseFlag ?? null,
    },
    readOnly: readOnlyEntry(procedure.readOnly),
    acl: [
      ...procedure.acl.map(aclEntry),
      ...procedure.aclFilter.map((permission): AclEntry => ({ permission, when: "each", field: null, bits: null })),
    ],
    arguments: fieldsOf(procedure.args),
    result: fieldsOf(procedure.result),
  };
}

function readOnlyEntry(rule: ReadOnlyRule): ReadOnlyEntry {
  if (typeof rule === "string") return { rule, field: null, has: null, is: null };
  const has = "has" in rule ? rule.has : null;
  const is = "is" in rule ? rule.is : null;
  return { rule: "deniedIf", field: rule.deniedIf, has, is };
}

function aclEntry(rule: AclRule): AclEntry {
  if (typeof rule === "string") return { permission: rule, when: "always", field: null, bits: null };
  const { permission } = rule;
  if ("ifAnyFlag" in rule) return { permission, when: "anyFlag", field: "flags", bits: rule.ifAnyFlag };
  if ("ifNoFlag" in rule) return { permission, when: "noFlag", field: "flags", bits: rule.ifNoFlag };
  return { permission, when: "argument", field: rule.ifArgument, bits: rule.has };
}

/** The numbers of events by the family they are of. */
const eventNumbers: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  domain: DomainEventID,
  network: NetworkEventID,
  nodeDevice: NodeDeviceEventID,
  secret: SecretEventID,
  storagePool: StoragePoolEventID,
};

const callbackNames = new Map(
  headers.flatMap(({ callbacks }) => callbacks.map(({ name }) => [name.toLowerCase(), name] as const)),
);

function eventEntry(event: AnyEvent): EventEntry {
  const { name, number, family, since, eventID, hasCallbackID } = event;
  const known = Object.entries(eventNumbers[family] ?? {}).find(([, value]) => value === eventID);
  const key = known?.[0] ?? null;
  return {
    name,
    program: event.program.name,
    number,
    family,
    since,
    eventID,
    key,
    callback: callbackOf(event, key),
    hasCallbackID,
    message: fieldsOf(event.message),
  };
}

function callbackOf({ name, family, since }: AnyEvent, key: string | null): string | null {
  const told = eventCallbacks[key === null ? name : `${family} ${key}`];
  const callback = told ?? callbackNames.get(`virconnect${family}event${key?.replace(/_/g, "")}callback`.toLowerCase());
  // What came after the release that the headers are of has no type of callback there.
  if (callback === undefined && Number.parseInt(since, 10) >= 9) return null;
  if (callback === undefined) throw new Error(`nobody knows the type of callbacks for ${name}`);
  return callback;
}

/** The classes and what they are in C and on the wire. */
const classes: readonly (readonly [name: string, type: string, shape: string | null])[] = [
  ["Connection", "virConnectPtr", null],
  ["Domain", "virDomainPtr", "domain"],
  ["DomainSnapshot", "virDomainSnapshotPtr", "domainSnapshot"],
  ["DomainCheckpoint", "virDomainCheckpointPtr", "domainCheckpoint"],
  ["Network", "virNetworkPtr", "network"],
  ["NetworkPort", "virNetworkPortPtr", "networkPort"],
  ["Interface", "virInterfacePtr", "iface"],
  ["StoragePool", "virStoragePoolPtr", "storagePool"],
  ["StorageVol", "virStorageVolPtr", "storageVol"],
  ["NodeDevice", "virNodeDevicePtr", "nodeDevice"],
  ["Secret", "virSecretPtr", "secret"],
  ["NWFilter", "virNWFilterPtr", "nwfilter"],
  ["NWFilterBinding", "virNWFilterBindingPtr", "nwfilterBinding"],
  ["Stream", "virStreamPtr", null],
  ["AdminConnection", "virAdmConnectPtr", null],
  ["AdminServer", "virAdmServerPtr", "adminServer"],
  ["AdminClient", "virAdmClientPtr", "adminClient"],
];

function classEntries(said: readonly Comment[]): ClassEntry[] {
  const docs = new Map(said.map(({ name, text }) => [name, text]));
  return classes.map(([name, type, shape]) => {
    const doc = docs.get(name);
    if (doc === undefined) throw new Error(`the class ${name} has no doc comment`);
    // The text names the type in C and then where its parts stand in the sources, which is of no use here.
    return { name, type, shape, doc: doc.replace(/\s*\(`vir\w+`\)/, "").replace(/ Its methods stand in .*$/, "") };
  });
}

function leftOut(): LeftOut[] {
  const entries = (kind: LeftOut["kind"], list: readonly (readonly [RegExp, string])[]): LeftOut[] =>
    list.map(([names, reason]) => ({ kind, names: names.source, reason }));
  return [
    ...entries("function", leftOutFunctions),
    ...entries("macro", leftOutMacros),
    ...entries("value", leftOutValues),
    ...entries("structure", leftOutStructures),
  ];
}
