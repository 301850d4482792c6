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
  type Domain as DomainRef,
  DomainSaveImageXMLFlags,
  DomainSaveRestoreFlags,
} from "../../../protocol/index.ts";
import { readDefinition } from "../definitions.ts";
import { QemuDomain } from "../domain/domain.ts";
import type { QemuHost } from "../host.ts";
import { dumpCore } from "../save/core.ts";
import { openImage, replaceDocument } from "../save/image-file.ts";
import { restoreFrom } from "../save/restore.ts";
import { changed, refuseTransient, saveGuest } from "../save/save.ts";
import { uniqueDomain } from "./definitions.ts";
import { changeDomain, findDomain } from "./find.ts";

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

const { BYPASS_CACHE, RUNNING, PAUSED, RESET_NVRAM } = DomainSaveRestoreFlags;
const saveFlags = BYPASS_CACHE | RUNNING | PAUSED;
const restoreFlags = saveFlags | RESET_NVRAM;

const bypasses = (flags: number): boolean => (flags & BYPASS_CACHE) !== 0;
const { SECURE } = DomainSaveImageXMLFlags;
const dumpFlags = Object.values(DomainCoreDumpFlags).reduce<number>((all, flag) => all | flag, 0);

interface FileArguments extends SaveFile {
  readonly flags: number;
}

async function save(host: QemuHost, ref: DomainRef, { path, xml, flags }: FileArguments, { signal }: CallContext) {
  const running = wantsRunning(flags, "QEMU");
  await changeDomain(
    host,
    ref,
    "domainSaveFlags",
    (domain) =>
      saveGuest(host, domain, resolve(path), { xml: xml ?? undefined, running, bypassCache: bypasses(flags), signal }),
    signal,
  );
}

async function restore(host: QemuHost, { path, xml, flags }: FileArguments, { signal }: CallContext): Promise<void> {
  const running = wantsRunning(flags, "QEMU");
  await using image = await openImage(resolve(path));
  const { definition, uuid } = await readDefinition(host, image.xml, { saved: true });
  const { name } = definition;
  await host.reserve([name], uuid, async () => {
    const domain = host.domains.counterpart({ name, uuid }, uniqueDomain) ?? new QemuDomain(name, uuid);
    await domain.jobs.run("domainRestoreFlags", async () => {
      if (domain.live?.monitor.isOpen) {
        throw new LibvirtError("OPERATION_INVALID", "DOMAIN", `domain '${name}' is already active`);
      }
      await domain.live?.gone;
      const resetNvram = (flags & RESET_NVRAM) !== 0;
      const bypassCache = bypasses(flags);
      await restoreFrom(host, domain, image, { xml: xml ?? undefined, running, bypassCache, resetNvram, signal });
    });
  });
}

async function managedSave(host: QemuHost, domain: QemuDomain, flags: number, signal: AbortSignal): Promise<void> {
  domain.running();
  refuseTransient(domain);
  await makeFolder(host.layout.saves, 0o700, "QEMU");
  const running = wantsRunning(flags, "QEMU");
  await saveGuest(host, domain, host.managedSavePath(domain), { running, bypassCache: bypasses(flags), signal });
  domain.managedSave = true;
}

/** Where the managed save of a domain is, or OPERATION_INVALID. */
function savedPath(host: QemuHost, domain: QemuDomain): string {
  if (domain.managedSave) return host.managedSavePath(domain);
  throw new LibvirtError("OPERATION_INVALID", "QEMU", "domain does not have managed save image");
}

async function describeImage(host: QemuHost, path: string, flags: number): Promise<{ xml: string }> {
  await using image = await openImage(path);
  const { definition } = await readDefinition(host, image.xml, { saved: true });
  return { xml: formatDomain(definition, { inactive: true, secure: (flags & SECURE) !== 0 }) };
}

async function defineImage(host: QemuHost, path: string, xml: string | null, flags: number): Promise<void> {
  await using image = await openImage(path);
  const running = wantsRunning(flags, "QEMU") ?? image.running;
  if (xml === null) return await replaceDocument(image, image.xml, running);
  const { definition } = await readDefinition(host, image.xml, { saved: true });
  await replaceDocument(image, await changed(host, definition, xml), running);
}

async function dump(
  host: QemuHost,
  ref: DomainRef,
  args: { readonly to: string; readonly format: number; readonly flags: number },
  { signal }: CallContext,
): Promise<void> {
  checkDumpFate(args.flags);
  await changeDomain(
    host,
    ref,
    "domainCoreDumpWithFormat",
    (domain) => dumpCore(host, domain, resolve(args.to), args.format, args.flags, signal),
    signal,
  );
}

export function saveHandlers(host: QemuHost): Handlers<SaveProcedures> {
  const change = (ref: DomainRef, name: string, work: (domain: QemuDomain) => Promise<void>) =>
    changeDomain(host, ref, name, work);
  return {
    domainSave: ({ dom, to }, call) => save(host, dom, { path: to, xml: null, flags: 0 }, call),
    domainSaveFlags({ dom, to, dxml, flags }, call) {
      checkFlags(flags, saveFlags, "domainSaveFlags", "QEMU");
      return save(host, dom, { path: to, xml: dxml, flags }, call);
    },
    domainSaveParams({ dom, params, flags }, call) {
      checkFlags(flags, saveFlags, "domainSaveParams", "QEMU");
      return save(host, dom, { ...saveFileOf(params, "QEMU"), flags }, call);
    },
    domainRestore: ({ from }, call) => restore(host, { path: from, xml: null, flags: 0 }, call),
    domainRestoreFlags({ from, dxml, flags }, call) {
      checkFlags(flags, restoreFlags, "domainRestoreFlags", "QEMU");
      return restore(host, { path: from, xml: dxml, flags }, call);
    },
    domainRestoreParams({ params, flags }, call) {
      checkFlags(flags, restoreFlags, "domainRestoreParams", "QEMU");
      return restore(host, { ...saveFileOf(params, "QEMU"), flags }, call);
    },
    domainSaveImageGetXmlDesc({ file, flags }) {
      checkFlags(flags, SECURE, "domainSaveImageGetXmlDesc", "QEMU");
      return describeImage(host, resolve(file), flags);
    },
    domainSaveImageDefineXml({ file, dxml, flags }) {
      checkFlags(flags, RUNNING | PAUSED, "domainSaveImageDefineXml", "QEMU");
      return defineImage(host, resolve(file), dxml, flags);
    },
    domainManagedSave({ dom, flags }, { signal }) {
      checkFlags(flags, saveFlags, "domainManagedSave", "QEMU");
      return change(dom, "domainManagedSave", (domain) => managedSave(host, domain, flags, signal));
    },
    domainHasManagedSaveImage({ dom, flags }) {
      checkFlags(flags, 0, "domainHasManagedSaveImage", "QEMU");
      return { result: Number(findDomain(host, dom).managedSave) };
    },
    domainManagedSaveRemove({ dom, flags }) {
      checkFlags(flags, 0, "domainManagedSaveRemove", "QEMU");
      return change(dom, "domainManagedSaveRemove", (domain) => host.removeManagedSave(domain));
    },
    domainManagedSaveGetXmlDesc({ dom, flags }) {
      checkFlags(flags, SECURE, "domainManagedSaveGetXmlDesc", "QEMU");
      return describeImage(host, savedPath(host, findDomain(host, dom)), flags);
    },
    domainManagedSaveDefineXml({ dom, dxml, flags }) {
      checkFlags(flags, RUNNING | PAUSED, "domainManagedSaveDefineXml", "QEMU");
      return change(dom, "domainManagedSaveDefineXml", (domain) =>
        defineImage(host, savedPath(host, domain), dxml, flags),
      );
    },
    domainCoreDump: ({ dom, to, flags }, call) => {
      checkFlags(flags, dumpFlags, "domainCoreDump", "QEMU");
      return dump(host, dom, { to, format: DomainCoreDumpFormat.RAW, flags }, call);
    },
    domainCoreDumpWithFormat: ({ dom, to, dumpformat, flags }, call) => {
      checkFlags(flags, dumpFlags, "domainCoreDumpWithFormat", "QEMU");
      return dump(host, dom, { to, format: dumpformat, flags }, call);
    },
  };
}
