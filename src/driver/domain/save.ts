/** What clients say when they put domains away: parameters, and flags that exclude each other. */
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import {
  DomainCoreDumpFlags,
  DomainSaveParam,
  DomainSaveRestoreFlags,
  type TypedParameter,
  typesOf,
} from "../../protocol/index.ts";
import { exclusiveFlags } from "../flags.ts";
import { takeParams } from "../typed-parameters.ts";

const { RUNNING, PAUSED } = DomainSaveRestoreFlags;
const { CRASH, LIVE, RESET } = DomainCoreDumpFlags;

/** A save file, and the document that the guest shall have instead of its own; null for its own. */
export interface SaveFile {
  readonly path: string;
  readonly xml: string | null;
}

const saveTypes = typesOf(Object.values(DomainSaveParam));

/** The file that parameters name (virDomainSaveParams, virDomainRestoreParams). @throws {LibvirtError} INVALID_ARG */
export function saveFileOf(params: readonly TypedParameter[], domain: ErrorDomainName): SaveFile {
  const given = takeParams(params, saveTypes, domain);
  const path = given.get(DomainSaveParam.FILE);
  const xml = given.get(DomainSaveParam.DXML);
  if (typeof path !== "string") throw new LibvirtError("INVALID_ARG", domain, "the parameter 'file' is missing");
  return { path, xml: typeof xml === "string" ? xml : null };
}

/**
 * Whether the guest shall run when it is fetched back; undefined when the flags leave it open.
 * @throws {LibvirtError} INVALID_ARG for both
 */
export function wantsRunning(flags: number, domain: ErrorDomainName): boolean | undefined {
  exclusiveFlags(flags, { VIR_DOMAIN_SAVE_RUNNING: RUNNING, VIR_DOMAIN_SAVE_PAUSED: PAUSED }, domain);
  return (flags & (RUNNING | PAUSED)) === 0 ? undefined : (flags & RUNNING) !== 0;
}

/** Refuses flags for two fates of a guest whose memory is dumped (virDomainCoreDump). @throws {LibvirtError} */
export function checkDumpFate(flags: number): void {
  exclusiveFlags(flags, { VIR_DUMP_CRASH: CRASH, VIR_DUMP_LIVE: LIVE, VIR_DUMP_RESET: RESET }, "DOMAIN");
}
