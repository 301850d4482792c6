/** Putting domains away and fetching them back: save files, managed saves, core dumps. */
import { resolve } from "node:path";
import { checkDumpFate, type SaveFile, saveFileOf, wantsRunning } from "../../../driver/domain/save.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { CallContext, Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { makeFolder } from "../../../host/files.ts";
import { formatDomain } from "../../../model/domain/index.ts";
import {
  DomainCoreDumpFlags,
  DomainCoreDumpFormat,
  DomainEventStoppedDetailType,
  type Domain as DomainRef,
  DomainSaveImageXMLFlags,
  DomainSaveRestoreFlags,
  DomainShutoffReason,
  DomainState,
} from "../../../protocol/index.ts";
import { XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import { endGuest } from "../run/end.ts";
import { pauseGuest, resumeGuest } from "../run/pause.ts";
import { startDomain } from "../run/start.ts";
import { changedDefinition, readSaved, replaceSaved } from "../save/image.ts";
import { saveGuest } from "../save/save.ts";
import { uniqueDomain } from "./definitions.ts";

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

const { RUNNING, PAUSED } = DomainSaveRestoreFlags;
const { SECURE } = DomainSaveImageXMLFlags;
const { CRASH, LIVE } = DomainCoreDumpFlags;

interface FileArguments extends SaveFile {
  readonly flags: number;
}

async function restore(host: XenHost, { path, xml, flags }: FileArguments, { signal }: CallContext): Promise<void> {
  const wanted = wantsRunning(flags, "XEN");
  const { definition: saved, uuid, running } = await readSaved(path);
  const definition = xml === null ? saved : changedDefinition(saved, uuid, xml);
  const { name } = definition;
  await host.look();
  await host.reserve([name], uuid, async () => {
    const domain = host.domains.counterpart({ name, uuid }, uniqueDomain) ?? new XenDomain(name, uuid);
    await domain.jobs.run("domainRestoreFlags", async () => {
      await startDomain(host, domain, definition, { paused: !(wanted ?? running), from: path, signal });
    });
  });
}

async function managedSave(host: XenHost, domain: XenDomain, flags: number, signal: AbortSignal): Promise<void> {
  domain.guest();
  if (domain.persistent === null) {
    throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "cannot do managed save for transient domain");
  }
  await makeFolder(host.layout.saves, 0o700, "XEN");
  await saveGuest(host, domain, host.managedSavePath(domain), { running: wantsRunning(flags, "XEN"), signal });
  domain.managedSave = true;
}

function savedPath(host: XenHost, domain: XenDomain): string {
  if (domain.managedSave) return host.managedSavePath(domain);
  throw new LibvirtError("OPERATION_INVALID", "XEN", "domain does not have managed save image");
}

async function describeImage(path: string, flags: number): Promise<{ xml: string }> {
  const { definition } = await readSaved(path);
  return { xml: formatDomain(definition, { inactive: true, secure: (flags & SECURE) !== 0 }) };
}

async function dump(
  host: XenHost,
  domain: XenDomain,
  { to, format, flags }: { readonly to: string; readonly format: number; readonly flags: number },
  signal: AbortSignal,
): Promise<void> {
  if (format !== DomainCoreDumpFormat.RAW) {
    throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", "Xen writes cores in its own format alone (RAW)");
  }
  checkDumpFate(flags);
  const live = domain.guest();
  const stops = (flags & LIVE) === 0 && live.status.state === DomainState.RUNNING;
  if (stops) await pauseGuest(host, live);
  try {
    await host.roads.tools.dumpCore(live.id, to, { signal });
  } finally {
    if (stops && (flags & CRASH) === 0) await resumeGuest(host, live);
  }
  if ((flags & CRASH) === 0) return;
  const { CRASHED: reason } = DomainShutoffReason;
  await endGuest(host, domain, live, { reason, detail: DomainEventStoppedDetailType.CRASHED });
}

export function saveHandlers(host: XenHost): Handlers<SaveProcedures> {
  const change = (ref: DomainRef, name: string, work: (domain: XenDomain) => Promise<void>, signal?: AbortSignal) =>
    host.finder.change(ref, name, work, signal);
  const save = (ref: DomainRef, { path, xml, flags }: FileArguments, { signal }: CallContext) => {
    const options = { xml: xml ?? undefined, running: wantsRunning(flags, "XEN"), signal };
    return change(ref, "domainSaveFlags", (domain) => saveGuest(host, domain, resolve(path), options), signal);
  };
  const find = async (ref: DomainRef): Promise<XenDomain> => {
    await host.look();
    return host.finder.find(ref);
  };
  const flagsOf = RUNNING | PAUSED;
  return {
    domainSave: ({ dom, to }, call) => save(dom, { path: to, xml: null, flags: 0 }, call),
    domainSaveFlags({ dom, to, dxml, flags }, call) {
      checkFlags(flags, flagsOf, "domainSaveFlags", "XEN");
      return save(dom, { path: to, xml: dxml, flags }, call);
    },
    domainSaveParams({ dom, params, flags }, call) {
      checkFlags(flags, flagsOf, "domainSaveParams", "XEN");
      return save(dom, { ...saveFileOf(params, "XEN"), flags }, call);
    },
    domainRestore: ({ from }, call) => restore(host, { path: resolve(from), xml: null, flags: 0 }, call),
    domainRestoreFlags({ from, dxml, flags }, call) {
      checkFlags(flags, flagsOf, "domainRestoreFlags", "XEN");
      return restore(host, { path: resolve(from), xml: dxml, flags }, call);
    },
    domainRestoreParams({ params, flags }, call) {
      checkFlags(flags, flagsOf, "domainRestoreParams", "XEN");
      const { path, xml } = saveFileOf(params, "XEN");
      return restore(host, { path: resolve(path), xml, flags }, call);
    },
    domainSaveImageGetXmlDesc({ file, flags }) {
      checkFlags(flags, SECURE, "domainSaveImageGetXmlDesc", "XEN");
      return describeImage(resolve(file), flags);
    },
    domainSaveImageDefineXml({ file, dxml, flags }) {
      checkFlags(flags, flagsOf, "domainSaveImageDefineXml", "XEN");
      return replaceSaved(resolve(file), dxml, wantsRunning(flags, "XEN"));
    },
    domainManagedSave({ dom, flags }, { signal }) {
      checkFlags(flags, flagsOf, "domainManagedSave", "XEN");
      return change(dom, "domainManagedSave", (domain) => managedSave(host, domain, flags, signal), signal);
    },
    async domainHasManagedSaveImage({ dom, flags }) {
      checkFlags(flags, 0, "domainHasManagedSaveImage", "XEN");
      return { result: Number((await find(dom)).managedSave) };
    },
    domainManagedSaveRemove({ dom, flags }) {
      checkFlags(flags, 0, "domainManagedSaveRemove", "XEN");
      return change(dom, "domainManagedSaveRemove", (domain) => host.removeManagedSave(domain));
    },
    async domainManagedSaveGetXmlDesc({ dom, flags }) {
      checkFlags(flags, SECURE, "domainManagedSaveGetXmlDesc", "XEN");
      return describeImage(savedPath(host, await find(dom)), flags);
    },
    domainManagedSaveDefineXml({ dom, dxml, flags }) {
      checkFlags(flags, flagsOf, "domainManagedSaveDefineXml", "XEN");
      return change(dom, "domainManagedSaveDefineXml", (domain) =>
        replaceSaved(savedPath(host, domain), dxml, wantsRunning(flags, "XEN")),
      );
    },
    domainCoreDump({ dom, to, flags }, { signal }) {
      checkFlags(flags, CRASH | LIVE, "domainCoreDump", "XEN");
      const args = { to: resolve(to), format: DomainCoreDumpFormat.RAW, flags };
      return change(dom, "domainCoreDump", (domain) => dump(host, domain, args, signal), signal);
    },
    domainCoreDumpWithFormat({ dom, to, dumpformat, flags }, { signal }) {
      checkFlags(flags, CRASH | LIVE, "domainCoreDumpWithFormat", "XEN");
      const args = { to: resolve(to), format: dumpformat, flags };
      return change(dom, "domainCoreDumpWithFormat", (domain) => dump(host, domain, args, signal), signal);
    },
  };
}
