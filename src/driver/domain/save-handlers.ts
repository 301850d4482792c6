/**
 * Putting domains away and fetching them back: save files, managed saves, core dumps. Clients ask for it in many forms; a
 * driver does it in few.
 */
import { resolve } from "node:path";
import type { ErrorDomainName } from "../../errors.ts";
import { type Domain as DomainRef, DomainSaveImageXMLFlags, DomainSaveRestoreFlags } from "../../protocol/index.ts";
import { checkFlags } from "../flags.ts";
import type { CallContext, Handlers } from "../handler.ts";
import { checkDumpFate, type SaveFile, saveFileOf, wantsRunning } from "./save.ts";

type SaveProcedures =
  | "domainSaveFlags"
  | "domainSaveParams"
  | "domainRestoreFlags"
  | "domainRestoreParams"
  | "domainSaveImageGetXmlDesc"
  | "domainSaveImageDefineXml"
  | "domainManagedSave"
  | "domainHasManagedSaveImage"
  | "domainManagedSaveRemove"
  | "domainManagedSaveGetXmlDesc"
  | "domainManagedSaveDefineXml"
  | "domainCoreDumpWithFormat";

/** How a guest is put away or fetched back. */
export interface SaveOptions {
  /** Whether it shall run when it is fetched back; undefined as it was. */
  readonly running: boolean | undefined;
  /** All flags of the call. */
  readonly flags: number;
}

export interface DumpOptions {
  readonly path: string;
  /** A value of DomainCoreDumpFormat. */
  readonly format: number;
  readonly flags: number;
}

/** What a driver does with save files. Paths are absolute. */
export interface SaveFiles {
  save(dom: DomainRef, file: SaveFile & SaveOptions, call: CallContext): Promise<void>;
  restore(file: SaveFile & SaveOptions, call: CallContext): Promise<void>;
  /** The document of the guest in a file. */
  describe(path: string, secure: boolean): Promise<string>;
  /** Gives the guest in a file another document, null for its own, and another state. */
  replace(path: string, xml: string | null, running: boolean | undefined): Promise<void>;
  dump(dom: DomainRef, options: DumpOptions, call: CallContext): Promise<void>;
}

/** What a driver does with the managed save of a domain. */
export interface ManagedSaves {
  save(dom: DomainRef, options: SaveOptions, call: CallContext): void | Promise<void>;
  has(dom: DomainRef): boolean | Promise<boolean>;
  remove(dom: DomainRef): void | Promise<void>;
  describe(dom: DomainRef, secure: boolean): string | Promise<string>;
  replace(dom: DomainRef, xml: string | null, running: boolean | undefined): void | Promise<void>;
}

/** The flags that a driver takes. */
export interface SaveFlags {
  readonly save: number;
  readonly restore: number;
  readonly managedSave: number;
  readonly dump: number;
}

const { RUNNING, PAUSED } = DomainSaveRestoreFlags;
const { SECURE } = DomainSaveImageXMLFlags;
const isSecure = (flags: number): boolean => (flags & SECURE) !== 0;

/** @param from the driver, as its errors name it */
export function saveHandlers(
  from: ErrorDomainName,
  known: SaveFlags,
  files: SaveFiles,
  managed: ManagedSaves,
): Handlers<SaveProcedures> {
  const optionsOf = (flags: number, allowed: number, procedure: SaveProcedures): SaveOptions => {
    const running = wantsRunning(flags, "DOMAIN");
    checkFlags(flags, allowed, procedure, from);
    return { running, flags };
  };
  const at = ({ path, xml }: SaveFile): SaveFile => ({ path: resolve(path), xml });
  return {
    async domainSaveFlags({ dom, to: path, dxml: xml, flags }, call) {
      const options = optionsOf(flags, known.save, "domainSaveFlags");
      await files.save(dom, { ...at({ path, xml }), ...options }, call);
    },
    async domainSaveParams({ dom, params, flags }, call) {
      const options = optionsOf(flags, known.save, "domainSaveParams");
      await files.save(dom, { ...at(saveFileOf(params, from)), ...options }, call);
    },
    async domainRestoreFlags({ from: path, dxml: xml, flags }, call) {
      const options = optionsOf(flags, known.restore, "domainRestoreFlags");
      await files.restore({ ...at({ path, xml }), ...options }, call);
    },
    async domainRestoreParams({ params, flags }, call) {
      const options = optionsOf(flags, known.restore, "domainRestoreParams");
      await files.restore({ ...at(saveFileOf(params, from)), ...options }, call);
    },
    async domainSaveImageGetXmlDesc({ file, flags }) {
      checkFlags(flags, SECURE, "domainSaveImageGetXmlDesc", from);
      return { xml: await files.describe(resolve(file), isSecure(flags)) };
    },
    async domainSaveImageDefineXml({ file, dxml, flags }) {
      const { running } = optionsOf(flags, RUNNING | PAUSED, "domainSaveImageDefineXml");
      await files.replace(resolve(file), dxml, running);
    },
    async domainManagedSave({ dom, flags }, call) {
      await managed.save(dom, optionsOf(flags, known.managedSave, "domainManagedSave"), call);
    },
    async domainHasManagedSaveImage({ dom, flags }) {
      checkFlags(flags, 0, "domainHasManagedSaveImage", from);
      return { result: Number(await managed.has(dom)) };
    },
    async domainManagedSaveRemove({ dom, flags }) {
      checkFlags(flags, 0, "domainManagedSaveRemove", from);
      await managed.remove(dom);
    },
    async domainManagedSaveGetXmlDesc({ dom, flags }) {
      checkFlags(flags, SECURE, "domainManagedSaveGetXmlDesc", from);
      return { xml: await managed.describe(dom, isSecure(flags)) };
    },
    async domainManagedSaveDefineXml({ dom, dxml, flags }) {
      const { running } = optionsOf(flags, RUNNING | PAUSED, "domainManagedSaveDefineXml");
      await managed.replace(dom, dxml, running);
    },
    async domainCoreDumpWithFormat({ dom, to, dumpformat: format, flags }, call) {
      checkDumpFate(flags);
      checkFlags(flags, known.dump, "domainCoreDumpWithFormat", from);
      await files.dump(dom, { path: resolve(to), format, flags }, call);
    },
  };
}
