/** What stands alone: CPU statistics, life cycle actions, launch security, dirty rate, file descriptors. */
import {
  DomainFDAssociateFlags as Associate,
  DomainDirtyRateCalcFlags as DirtyRate,
  DomainLifecycle,
  DomainLifecycleAction,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag, int, text, uint, ulonglong } from "../../option.ts";
import { parseDescriptors } from "../../shared/descriptors.ts";
import { readBounded } from "../../shared/files.ts";
import { impactFlags, impactOptions } from "../../shared/impact.ts";
import { type Parameters, printParameters, setParameters } from "../../shared/parameters.ts";
import { flagsOf } from "../../shared/rules.ts";
import { fileNames } from "../../shared/xml-options.ts";

const domain = domainOption({ filter: DomainFilter.ACTIVE });

/** Counted in nanoseconds, printed in seconds. */
const times = new Set(["cpu_time", "user_time", "system_time", "vcpu_time"]);

export const cpuStats = command({
  name: "cpu-stats",
  summary: "how a guest uses the host's CPUs",
  description: "Shows how much time a guest has spent on each of the host's CPUs, and on all.",
  options: {
    domain,
    total: flag("only on all of them"),
    start: int("from this CPU on"),
    count: int("of so many CPUs"),
  },
  async query(context) {
    const { options } = context;
    const { start, count } = options;
    if (start !== undefined && start < 0) throw new CommandError("Invalid value for start CPU");
    if (count !== undefined && count < 0) throw new CommandError("Invalid value for number of CPUs to show");
    const target = await domainOf(context);
    const failure = `Failed to retrieve CPU statistics for domain '${target.name()}'`;
    // Neither --total nor a range of CPUs: both.
    const ranged = start !== undefined || count !== undefined;
    const all = options.total && !ranged ? [] : await attempt(failure, () => target.cpuStats());
    const first = start ?? 0;
    if (first >= all.length && ranged) {
      throw new CommandError(`Start CPU ${first} is out of range (min: 0, max: ${all.length - 1})`);
    }
    const cpus = all.slice(first, count === undefined ? undefined : first + count);
    const total = ranged && !options.total ? undefined : await attempt(failure, () => target.cpuStatsTotal());
    return {
      cpus: cpus.map((stats, index) => ({ cpu: first + index, ...stats })),
      ...(total === undefined ? {} : { total }),
    };
  },
  print({ cpus, total }) {
    const blocks = cpus.map(({ cpu, ...stats }) => `CPU${cpu}:\n${cpuLines(stats)}`);
    if (total !== undefined) blocks.push(`Total:\n${cpuLines(total)}`);
    return blocks.join("");
  },
});

function cpuLines(stats: Parameters): string {
  return Object.entries(stats)
    .map(([name, value]) => {
      if (!times.has(name)) return `\t${name.padEnd(12)} ${value}\n`;
      const ns = BigInt(value as bigint);
      const seconds = `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, "0")}`;
      return `\t${name.padEnd(12)} ${seconds.padStart(19)} seconds\n`;
    })
    .join("");
}

const lifecycles: Readonly<Record<string, number>> = {
  poweroff: DomainLifecycle.POWEROFF,
  reboot: DomainLifecycle.REBOOT,
  crash: DomainLifecycle.CRASH,
};

const actions: Readonly<Record<string, number>> = {
  destroy: DomainLifecycleAction.DESTROY,
  restart: DomainLifecycleAction.RESTART,
  "rename-restart": DomainLifecycleAction.RESTART_RENAME,
  preserve: DomainLifecycleAction.PRESERVE,
  "coredump-destroy": DomainLifecycleAction.COREDUMP_DESTROY,
  "coredump-restart": DomainLifecycleAction.COREDUMP_RESTART,
};

export const setLifecycleAction = command({
  name: "set-lifecycle-action",
  summary: "what follows when a guest powers off, reboots or crashes",
  description: "Sets what libvirt does when a guest powers off, reboots or crashes.",
  options: {
    domain: domainOption(),
    type: data("poweroff, reboot or crash", { complete: oneOf(...Object.keys(lifecycles)) }),
    action: data("what to do then, like destroy or restart", { complete: oneOf(...Object.keys(actions)) }),
    ...impactOptions,
  },
  async run(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const target = await domainOf(context);
    const type = lifecycles[options.type];
    if (type === undefined) throw new CommandError(`Invalid lifecycle type '${options.type}'.`);
    const action = actions[options.action];
    if (action === undefined) throw new CommandError(`Invalid lifecycle action '${options.action}'.`);
    await attempt("Unable to change lifecycle action.", () => target.setLifecycleAction(type, action, flags));
  },
});

export const domlaunchsecinfo = command({
  name: "domlaunchsecinfo",
  summary: "how a guest's memory is protected",
  description: "Shows the parameters of a guest's launch security.",
  options: { domain },
  async query(context) {
    const target = await domainOf(context);
    return attempt("Unable to get launch security parameters", () => target.launchSecurityInfo());
  },
  print: (parameters) => printParameters(parameters),
});

const maxSecret = 64 * 1024;

export const domsetlaunchsecstate = command({
  name: "domsetlaunchsecstate",
  summary: "give a protected guest a secret",
  description: "Puts a secret into the memory of a guest with launch security.",
  options: {
    domain,
    secrethdr: text("file with the secret's header", { named: true, complete: fileNames }),
    secret: text("file with the secret", { named: true, complete: fileNames }),
    setAddress: ulonglong("where in the guest's memory it goes"),
  },
  async run(context) {
    const { options } = context;
    if (options.secrethdr === undefined || options.secret === undefined) {
      throw new CommandError("Both secret and the secret header are required");
    }
    const target = await domainOf(context);
    const header = (await readBounded(options.secrethdr, maxSecret)).toString("utf8").trim();
    const secret = (await readBounded(options.secret, maxSecret)).toString("utf8").trim();
    const parameters = setParameters({
      "sev-secret-header": header,
      "sev-secret": secret,
      "sev-secret-set-address": options.setAddress,
    });
    await attempt("Unable to set launch security state", () => target.setLaunchSecurityState(parameters ?? {}, 0));
  },
});

const dirtyRateModes: Readonly<Record<string, number>> = {
  "page-sampling": DirtyRate.PAGE_SAMPLING,
  "dirty-bitmap": DirtyRate.DIRTY_BITMAP,
  "dirty-ring": DirtyRate.DIRTY_RING,
};

export const domdirtyrateCalc = command({
  name: "domdirtyrate-calc",
  summary: "measure how fast a guest changes its memory",
  description: "Starts to measure how fast a guest changes its memory.\n'domstats --dirtyrate' shows the result.",
  options: {
    domain,
    seconds: uint("for how long, 1 to 60; 1 when left out"),
    mode: text("how: page-sampling, dirty-bitmap or dirty-ring", { complete: oneOf(...Object.keys(dirtyRateModes)) }),
  },
  async run(context) {
    const { options, notice } = context;
    const flags = options.mode === undefined ? 0 : dirtyRateModes[options.mode];
    if (flags === undefined) throw new CommandError(`Unknown calculation mode '${options.mode}'`);
    const target = await domainOf(context);
    await target.startDirtyRateCalc(options.seconds ?? 1, flags);
    notice("Start to calculate domain's memory dirty rate successfully.\n");
  },
});

export const domFdAssociate = command({
  name: "dom-fd-associate",
  summary: "keep open file descriptors for a domain",
  description: "Hands open file descriptors over, under a name that a domain's XML can refer to.",
  options: {
    domain: domainOption(),
    name: data("their name"),
    passFds: data("the descriptors, N,M,..."),
    seclabelWritable: flag("label them for writing"),
    seclabelRestore: flag("take labels away afterwards, if that can be done"),
  },
  async run(context) {
    const { options } = context;
    const descriptors = parseDescriptors(options.passFds);
    const flags = flagsOf(options, {
      seclabelWritable: Associate.SECLABEL_WRITABLE,
      seclabelRestore: Associate.SECLABEL_RESTORE,
    });
    await (await domainOf(context)).fdAssociate(options.name, descriptors, flags);
  },
});
