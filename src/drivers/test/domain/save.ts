/** Putting domains away and fetching them back: save files, managed saves, core dumps. */
import { type ManagedSaves, type SaveFiles, saveHandlers } from "../../../driver/domain/save-handlers.ts";
import { uuidOf } from "../../../driver/object-list.ts";
import { LibvirtError, systemError } from "../../../errors.ts";
import { writeDurably } from "../../../host/durable.ts";
import { readBounded } from "../../../host/files.ts";
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
} from "../../../protocol/index.ts";
import type { TestNode } from "../state.ts";
import { adoptDefinition } from "./define.ts";
import { type Definition, formatDefinition, parseDefinition } from "./definition.ts";
import { emitLifecycle, findActiveDomain, findDomain, setState, start, stopAndTell, type TestDomain } from "./state.ts";

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
  await writeDurably(path, content, { mode: 0o600, domain: "TEST" });
}

/** Reads the definition of a save file. */
async function readImage(path: string): Promise<Definition> {
  const image = await readBounded(path, magic.length + lengthSize + maxDefinition, "TEST");
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

async function restore(node: TestNode, path: string, dxml: string | null, running: boolean | undefined): Promise<void> {
  const saved = await readImage(path);
  const definition = dxml === null ? saved : changedFor(saved, dxml);
  const uuid = uuidOf(definition, "TEST");
  const domain = adoptDefinition(node, definition, uuid, "start");
  start(node, domain, DomainRunningReason.RESTORED, definition);
  emitLifecycle(node, domain, DomainEventType.STARTED, DomainEventStartedDetailType.RESTORED);
  if (running !== false) return;
  setState(domain, DomainState.PAUSED, DomainPausedReason.USER);
  emitLifecycle(node, domain, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.RESTORED);
}

function managedSave(node: TestNode, domain: TestDomain, running: boolean | undefined): void {
  if (!domain.live) throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "domain is not running");
  if (!domain.persistent) {
    throw new LibvirtError("OPERATION_INVALID", "TEST", "cannot do managed save for transient domain");
  }
  const paused = running === undefined ? domain.state === DomainState.PAUSED : !running;
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

const knownFlags = {
  save: 0,
  restore: RUNNING | PAUSED,
  managedSave: DomainSaveRestoreFlags.BYPASS_CACHE | RUNNING | PAUSED,
  dump: DomainCoreDumpFlags.CRASH,
};

function saveFiles(node: TestNode): SaveFiles {
  return {
    save: (dom, { path, xml }) => save(node, dom, path, xml),
    restore: ({ path, xml, running }) => restore(node, path, xml, running),
    describe: async (path, secure) => formatDefinition(await readImage(path), null, { secure }),
    async replace(path, xml) {
      const saved = await readImage(path);
      await write(path, imageOf(xml === null ? saved : changedFor(saved, xml), 0));
    },
    dump: (dom, { path, format, flags }) => dump(node, dom, path, format, flags),
  };
}

function managedSaves(node: TestNode): ManagedSaves {
  const find = (dom: DomainRef) => findDomain(node, dom);
  return {
    save: (dom, { running }) => managedSave(node, find(dom), running),
    has: (dom) => find(dom).managedSave !== null,
    remove(dom) {
      find(dom).managedSave = null;
    },
    describe: (dom, secure) => formatDefinition(savedGuest(find(dom)).definition, null, { secure }),
    replace(dom, xml, running) {
      const domain = find(dom);
      const saved = savedGuest(domain);
      const definition = xml === null ? saved.definition : changedFor(saved.definition, xml);
      domain.managedSave = { definition, paused: running === undefined ? saved.paused : !running };
    },
  };
}

export function domainSaveHandlers(node: TestNode) {
  return saveHandlers("TEST", knownFlags, saveFiles(node), managedSaves(node));
}
