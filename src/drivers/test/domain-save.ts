/** Putting domains away and fetching them back: save files, managed saves, core dumps. */
import { resolve } from "node:path";
import { checkDumpFate, saveFileOf, wantsRunning } from "../../driver/domain/save.ts";
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { LibvirtError, systemError } from "../../errors.ts";
import { writeDurably } from "../../host/durable.ts";
import { readBounded } from "../../host/files.ts";
import {
  DomainCoreDumpFlags,
  DomainCoreDumpFormat,
  DomainEventStartedDetailType,
  DomainEventStoppedDetailType,
  DomainEventSuspendedDetailType,
  DomainEventType,
  DomainPausedReason,
  type Domain as DomainRef,
  DomainRunningReason,
  DomainSaveRestoreFlags,
  DomainShutoffReason,
  DomainState,
} from "../../protocol/index.ts";
import { type Definition, formatDefinition, parseDefinition, uuidOf } from "./definition.ts";
import { adoptDefinition } from "./domain-define.ts";
import {
  emitLifecycle,
  findActiveDomain,
  findDomain,
  setState,
  start,
  stopAndTell,
  type TestDomain,
} from "./domain-state.ts";
import type { TestNode } from "./state.ts";

type SaveProcedures =
  | "domainSave"
  | "domainSaveFlags"
  | "domainSaveParams"
  | "domainRestore"
  | "domainRestoreFlags"
  | "domainRestoreParams"
  | "domainSaveImageGetXmlDesc"
  | "domainSaveImageDefineXml"
  | "domainManagedSave"
  | "domainHasManagedSaveImage"
  | "domainManagedSaveRemove"
  | "domainManagedSaveGetXmlDesc"
  | "domainManagedSaveDefineXml"
  | "domainCoreDump"
  | "domainCoreDumpWithFormat";

/** What a save file begins with, as libvirt's test driver writes it; then the definition's length, and the definition. */
const magic = Buffer.from("TestGuestMagic\0", "latin1");
const lengthSize = 4;
/** The longest definition that a save file may hold, in bytes. */
const maxDefinition = 4 * 1024 * 1024;

const { RUNNING, PAUSED } = DomainSaveRestoreFlags;

function imageOf(definition: Definition, id: number): Buffer {
  const xml = Buffer.from(formatDefinition(definition, id, { secure: true }));
  const length = Buffer.alloc(lengthSize);
  length.writeInt32LE(xml.length);
  return Buffer.concat([magic, length, xml]);
}

async function write(path: string, content: Uint8Array): Promise<void> {
  await writeDurably(resolve(path), content, { mode: 0o600, domain: "TEST" });
}

/** Reads the definition of a save file. */
async function readImage(path: string): Promise<Definition> {
  const image = await readBounded(resolve(path), magic.length + lengthSize + maxDefinition, "TEST");
  if (image === null) {
    throw systemError("TEST", `cannot read domain image '${path}'`, { code: "ENOENT", errno: -2 });
  }
  // Magic and length are ASCII or control bytes; what follows is text.
  if (!image.startsWith(magic.toString("latin1"))) {
    throw new LibvirtError("INTERNAL_ERROR", "TEST", `'${path}' is no save file of this driver: mismatched magic`);
  }
  const xml = image.slice(image.indexOf("<"));
  return parseDefinition(xml).definition;
}

async function save(node: TestNode, dom: DomainRef, path: string, dxml: string | null): Promise<void> {
  const domain = findActiveDomain(node, dom);
  const { id } = domain;
  const definition = dxml === null ? domain.live : changedFor(domain.live, dxml);
  await write(path, imageOf(definition, id)).catch((error: LibvirtError) => {
    throw systemError("TEST", `saving domain '${domain.name}' to '${path}': open failed`, error.cause);
  });
  if (findActiveDomain(node, dom).id !== id) {
    throw new LibvirtError("OPERATION_ABORTED", "TEST", `domain '${domain.name}' was started anew while it was saved`);
  }
  stopAndTell(node, domain, DomainShutoffReason.SAVED, DomainEventStoppedDetailType.SAVED);
}

/** A definition given in place of the saved one: it must be about the same domain. */
function changedFor(saved: Definition, xml: string): Definition {
  const { definition } = parseDefinition(xml);
  if (definition.uuid === saved.uuid && definition.name === saved.name) return definition;
  const detail = `the definition of '${definition.name}' (${definition.uuid}) is not of the saved domain '${saved.name}' (${saved.uuid})`;
  throw new LibvirtError("CONFIG_UNSUPPORTED", "TEST", detail);
}

async function restore(node: TestNode, path: string, dxml: string | null, flags: number): Promise<void> {
  const saved = await readImage(path);
  const definition = dxml === null ? saved : changedFor(saved, dxml);
  const uuid = uuidOf(definition);
  const domain = adoptDefinition(node, definition, uuid, "start");
  start(node, domain, DomainRunningReason.RESTORED, definition);
  emitLifecycle(node, domain, DomainEventType.STARTED, DomainEventStartedDetailType.RESTORED);
  if ((flags & PAUSED) === 0) return;
  setState(domain, DomainState.PAUSED, DomainPausedReason.USER);
  emitLifecycle(node, domain, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.RESTORED);
}

function managedSave(node: TestNode, domain: TestDomain, flags: number): void {
  if (!domain.live) throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "domain is not running");
  if (!domain.persistent) {
    throw new LibvirtError("OPERATION_INVALID", "TEST", "cannot do managed save for transient domain");
  }
  const paused = (flags & (RUNNING | PAUSED)) === 0 ? domain.state === DomainState.PAUSED : (flags & PAUSED) !== 0;
  domain.managedSave = { definition: domain.live, paused };
  stopAndTell(node, domain, DomainShutoffReason.SAVED, DomainEventStoppedDetailType.SAVED);
}

/** The managed save of a domain, or OPERATION_INVALID. */
function savedGuest({ name, managedSave: saved }: TestDomain) {
  if (saved) return saved;
  throw new LibvirtError("OPERATION_INVALID", "TEST", `domain '${name}' does not have managed save image`);
}

async function dump(node: TestNode, dom: DomainRef, path: string, format: number, flags: number): Promise<void> {
  if (format !== DomainCoreDumpFormat.RAW) {
    throw new LibvirtError("OPERATION_UNSUPPORTED", "TEST", "kdump-compressed format is not supported here");
  }
  findActiveDomain(node, dom);
  await write(path, magic);
  if ((flags & DomainCoreDumpFlags.CRASH) === 0) return;
  const { CRASHED } = DomainEventStoppedDetailType;
  stopAndTell(node, findActiveDomain(node, dom), DomainShutoffReason.CRASHED, CRASHED);
}

export function domainSaveHandlers(node: TestNode): Handlers<SaveProcedures> {
  const find = (dom: DomainRef) => findDomain(node, dom);
  return {
    domainSave: ({ dom, to }) => save(node, dom, to, null),
    domainSaveFlags({ dom, to, dxml, flags }) {
      wantsRunning(flags, "DOMAIN");
      checkFlags(flags, 0, "domainSaveFlags", "TEST");
      return save(node, dom, to, dxml);
    },
    domainSaveParams({ dom, params, flags }) {
      wantsRunning(flags, "DOMAIN");
      checkFlags(flags, 0, "domainSaveParams", "TEST");
      const { path, xml } = saveFileOf(params, "TEST");
      return save(node, dom, path, xml);
    },
    domainRestore: ({ from }) => restore(node, from, null, 0),
    domainRestoreFlags({ from, dxml, flags }) {
      wantsRunning(flags, "DOMAIN");
      checkFlags(flags, RUNNING | PAUSED, "domainRestoreFlags", "TEST");
      return restore(node, from, dxml, flags);
    },
    domainRestoreParams({ params, flags }) {
      wantsRunning(flags, "DOMAIN");
      checkFlags(flags, RUNNING | PAUSED, "domainRestoreParams", "TEST");
      const { path, xml } = saveFileOf(params, "TEST");
      return restore(node, path, xml, flags);
    },
    async domainSaveImageGetXmlDesc({ file, flags }) {
      checkFlags(flags, 1, "domainSaveImageGetXmlDesc", "TEST");
      return { xml: formatDefinition(await readImage(file), null, { secure: (flags & 1) !== 0 }) };
    },
    async domainSaveImageDefineXml({ file, dxml, flags }) {
      wantsRunning(flags, "DOMAIN");
      checkFlags(flags, RUNNING | PAUSED, "domainSaveImageDefineXml", "TEST");
      const definition = changedFor(await readImage(file), dxml);
      await write(file, imageOf(definition, 0));
    },
    domainManagedSave({ dom, flags }) {
      wantsRunning(flags, "DOMAIN");
      checkFlags(flags, DomainSaveRestoreFlags.BYPASS_CACHE | RUNNING | PAUSED, "domainManagedSave", "TEST");
      managedSave(node, find(dom), flags);
    },
    domainHasManagedSaveImage({ dom, flags }) {
      checkFlags(flags, 0, "domainHasManagedSaveImage", "TEST");
      return { result: Number(find(dom).managedSave !== null) };
    },
    domainManagedSaveRemove({ dom, flags }) {
      checkFlags(flags, 0, "domainManagedSaveRemove", "TEST");
      find(dom).managedSave = null;
    },
    domainManagedSaveGetXmlDesc({ dom, flags }) {
      checkFlags(flags, 1, "domainManagedSaveGetXmlDesc", "TEST");
      return { xml: formatDefinition(savedGuest(find(dom)).definition, null, { secure: (flags & 1) !== 0 }) };
    },
    domainManagedSaveDefineXml({ dom, dxml, flags }) {
      wantsRunning(flags, "DOMAIN");
      checkFlags(flags, RUNNING | PAUSED, "domainManagedSaveDefineXml", "TEST");
      const domain = find(dom);
      const saved = savedGuest(domain);
      const definition = dxml === null ? saved.definition : changedFor(saved.definition, dxml);
      const paused = (flags & (RUNNING | PAUSED)) === 0 ? saved.paused : (flags & PAUSED) !== 0;
      domain.managedSave = { definition, paused };
    },
    domainCoreDump({ dom, to, flags }) {
      checkDumpFate(flags);
      checkFlags(flags, DomainCoreDumpFlags.CRASH, "domainCoreDump", "TEST");
      return dump(node, dom, to, DomainCoreDumpFormat.RAW, flags);
    },
    domainCoreDumpWithFormat({ dom, to, dumpformat, flags }) {
      checkDumpFate(flags);
      checkFlags(flags, DomainCoreDumpFlags.CRASH, "domainCoreDumpWithFormat", "TEST");
      return dump(node, dom, to, dumpformat, flags);
    },
  };
}
