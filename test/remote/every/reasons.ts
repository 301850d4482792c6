/** What two daemons answer differently by themselves, and what libvirt's client cannot be made to call. */
import type { AnyProcedure } from "../../../src/protocol/index.ts";

/** Fields that change from one moment, or one daemon, to the next, by procedure: all fields below these. */
const changing: Readonly<Record<string, RegExp>> = {
  connectGetAllDomainStats: /^retStats\.\d+\.params\.\d+\.value\.value$/,
  domainBlockStats: /^/,
  domainGetInfo: /^cpuTime$/,
  domainGetCpuStats: /value\.value$/,
  domainGetVcpus: /\.cpu(Time)?$/,
  domainMemoryStats: /val$/,
  nodeGetCellsFreeMemory: /^cells\.\d+$/,
  nodeGetCpuStats: /value$/,
  nodeGetFreeMemory: /^freeMem$/,
  nodeGetFreePages: /^counts\.\d+$/,
  nodeGetMemoryStats: /value$/,
};

/** Whether a procedure answers with a list in no particular order. */
export function isList(procedure: string): boolean {
  return /List|AllDomainStats|GetDiskErrors/.test(procedure);
}

/** Texts that hold such things. */
const moments: readonly (readonly [RegExp, string])[] = [
  [/<creationTime>\d+<\/creationTime>/g, "<creationTime/>"],
  [/pts([/_])\d+/g, "pts$1N"],
  [/<([acm]|bir)time>[\d.]+<\/\1time>/g, "<time/>"],
  [/"id":"libvirt-\d+"/g, '"id":"libvirt-N"'],
  // Files that QEMU's driver names by the time of day.
  [/\.1\d{9}'/g, ".SECONDS'"],
];

/** Whether a field of an answer need not be the same. */
export function isChanging(procedure: string, path: string): boolean {
  return changing[procedure]?.test(path) ?? false;
}

/** A text without what changes by itself. */
export function withoutMoments(text: string): string {
  return moments.reduce((left, [pattern, word]) => left.replace(pattern, word), text);
}

const legacyEvents = "libvirt's client asks in this way only daemons older than its callbacks with numbers";
const files = "open files go along, which a recorder cannot pass on and our client only with its optional part";

/** Why libvirt's client cannot be made to call a procedure here; null when there is no reason. */
const reasons: Readonly<Record<string, string>> = {
  authSaslInit: "a step of authentication: transports.test.ts",
  authSaslStart: "a step of authentication: transports.test.ts",
  authSaslStep: "a step of authentication: transports.test.ts",
  authPolkit: "a step of authentication, which this daemon does not ask for",
  connectGetUri: "the client knows the URI that it was given",
  connectDomainEventRegister: legacyEvents,
  connectDomainEventDeregister: legacyEvents,
  connectDomainEventRegisterAny: legacyEvents,
  connectDomainEventDeregisterAny: legacyEvents,
  domainOpenGraphics: files,
  domainOpenGraphicsFd: files,
  domainFdAssociate: files,
};

export function unreachable({ name }: AnyProcedure): string | null {
  return reasons[name] ?? null;
}
