/**
 * Procedures of domains that a newer one took the place of, which takes flags besides: the older is the newer with the
 * flags that it always meant. A driver answers the newer ones alone.
 */
import {
  DomainCoreDumpFormat,
  DomainDeviceModifyFlags,
  DomainMemoryModFlags,
  DomainModificationImpact,
  type ProcedureName,
} from "../../protocol/index.ts";
import type { Driver, Handler } from "../handler.ts";

interface OlderForm {
  readonly older: ProcedureName;
  readonly newer: ProcedureName;
  /** Says the older one by the newer one. */
  readonly say: (newer: never) => unknown;
}

function form<Older extends ProcedureName, Newer extends ProcedureName>(
  older: Older,
  newer: Newer,
  say: (newer: Handler<Newer>) => Handler<Older>,
): OlderForm {
  return { older, newer, say };
}

const { LIVE } = DomainModificationImpact;

const forms: readonly OlderForm[] = [
  form("domainDefineXml", "domainDefineXmlFlags", (define) => (args, call) => define({ ...args, flags: 0 }, call)),
  form("domainUndefine", "domainUndefineFlags", (undefine) => (args, call) => undefine({ ...args, flags: 0 }, call)),
  form("domainCreate", "domainCreateWithFlags", (create) => async (args, call) => {
    await create({ ...args, flags: 0 }, call);
  }),
  form("domainShutdown", "domainShutdownFlags", (shutdown) => (args, call) => shutdown({ ...args, flags: 0 }, call)),
  form("domainDestroy", "domainDestroyFlags", (destroy) => (args, call) => destroy({ ...args, flags: 0 }, call)),
  form("domainSave", "domainSaveFlags", (save) => (args, call) => save({ ...args, dxml: null, flags: 0 }, call)),
  form(
    "domainRestore",
    "domainRestoreFlags",
    (restore) => (args, call) => restore({ ...args, dxml: null, flags: 0 }, call),
  ),
  form(
    "domainCoreDump",
    "domainCoreDumpWithFormat",
    (dump) => (args, call) => dump({ ...args, dumpformat: DomainCoreDumpFormat.RAW }, call),
  ),
  form("domainSetMemory", "domainSetMemoryFlags", (set) => (args, call) => set({ ...args, flags: LIVE }, call)),
  form(
    "domainSetMaxMemory",
    "domainSetMemoryFlags",
    (set) => (args, call) => set({ ...args, flags: DomainMemoryModFlags.MAXIMUM }, call),
  ),
  form("domainSetVcpus", "domainSetVcpusFlags", (set) => (args, call) => set({ ...args, flags: LIVE }, call)),
  form("domainPinVcpu", "domainPinVcpuFlags", (pin) => (args, call) => pin({ ...args, flags: LIVE }, call)),
  form(
    "domainAttachDevice",
    "domainAttachDeviceFlags",
    (attach) => (args, call) => attach({ ...args, flags: DomainDeviceModifyFlags.LIVE }, call),
  ),
  form(
    "domainDetachDevice",
    "domainDetachDeviceFlags",
    (detach) => (args, call) => detach({ ...args, flags: DomainDeviceModifyFlags.LIVE }, call),
  ),
  form(
    "domainGetSchedulerParameters",
    "domainGetSchedulerParametersFlags",
    (get) => (args, call) => get({ ...args, flags: 0 }, call),
  ),
  form(
    "domainSetSchedulerParameters",
    "domainSetSchedulerParametersFlags",
    (set) => (args, call) => set({ ...args, flags: 0 }, call),
  ),
];

/** The driver with the older form of each procedure that it answers; one that it answers itself is left to it. */
export function withOlderForms(driver: Driver): Driver {
  const older = forms.flatMap(({ older, newer, say }) => {
    const handler = driver[newer];
    return handler ? [[older, say(handler as never)]] : [];
  });
  return { ...Object.fromEntries(older), ...driver };
}
