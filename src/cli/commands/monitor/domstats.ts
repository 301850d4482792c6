/** The command `domstats`. */
import {
  DomainStatsTypes as Group,
  ConnectGetAllDomainStatsFlags as Which,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { domainNames, lookupDomain } from "../../objects/domain.ts";
import { flag, words } from "../../option.ts";
import { flagsOf } from "../../shared/rules.ts";

export const domstats = command({
  name: "domstats",
  summary: "statistics of domains",
  description: "Shows statistics of the given domains, or of all.",
  options: {
    state: flag("what it is doing"),
    cpuTotal: flag("use of the host's CPUs"),
    balloon: flag("memory balloon"),
    vcpu: flag("virtual CPUs"),
    interface: flag("network interfaces"),
    block: flag("disks"),
    perf: flag("performance counters"),
    iothread: flag("I/O threads"),
    memory: flag("memory bandwidth"),
    dirtyrate: flag("how fast memory changes"),
    vm: flag("what only this hypervisor reports"),
    listActive: flag("of active domains"),
    listInactive: flag("of inactive domains"),
    listPersistent: flag("of domains with a persistent definition"),
    listTransient: flag("of domains without a persistent definition"),
    listRunning: flag("of running domains"),
    listPaused: flag("of paused domains"),
    listShutoff: flag("of domains that are shut off"),
    listOther: flag("of domains in any other state"),
    raw: flag("print numbers as they came"),
    enforce: flag("fail when a group is not supported"),
    backing: flag("of disks with their backing chains"),
    nowait: flag("leave out what must be waited for"),
    domain: words("domains", { unnamed: true, complete: domainNames() }),
  },
  async query({ options, connection }) {
    const groups = flagsOf(options, {
      state: Group.STATE,
      cpuTotal: Group.CPU_TOTAL,
      balloon: Group.BALLOON,
      vcpu: Group.VCPU,
      interface: Group.INTERFACE,
      block: Group.BLOCK,
      perf: Group.PERF,
      iothread: Group.IOTHREAD,
      memory: Group.MEMORY,
      dirtyrate: Group.DIRTYRATE,
      vm: Group.VM,
    });
    const filter = flagsOf(options, {
      listActive: Which.ACTIVE,
      listInactive: Which.INACTIVE,
      listPersistent: Which.PERSISTENT,
      listTransient: Which.TRANSIENT,
      listRunning: Which.RUNNING,
      listPaused: Which.PAUSED,
      listShutoff: Which.SHUTOFF,
      listOther: Which.OTHER,
    });
    const manner = flagsOf(options, {
      enforce: Which.ENFORCE_STATS,
      backing: Which.BACKING,
      nowait: Which.NOWAIT,
    });
    const domains = await Promise.all(options.domain.map((key) => lookupDomain(connection, key)));
    const flags = (filter | manner) >>> 0;
    const records =
      domains.length > 0
        ? await connection.domainListGetStats(domains, groups, flags)
        : await connection.getAllDomainStats(groups, flags);
    return records.map(({ domain, stats }) => ({ name: domain.name(), stats }));
  },
  print(records) {
    return records
      .map(({ name, stats }) => {
        const lines = Object.entries(stats).map(([field, value]) => `  ${field}=${value}\n`);
        return `Domain: '${name}'\n${lines.join("")}`;
      })
      .join("\n");
  },
});
