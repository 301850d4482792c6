/** Which of the host's CPUs a domain's threads may use. */
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { data, text, uint } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { formatCpuList, hostCpuCount, parseCpuList, sized } from "../../shared/cpus.ts";
import { impactFlags, impactOptions, impactUnsaid } from "../../shared/impact.ts";

const cpulist = text("the host's CPUs, like 0-3,^2 or r for all; without, show them");

export const vcpupin = command({
  name: "vcpupin",
  summary: "the host's CPUs for a virtual CPU",
  description: "Shows or sets which of the host's CPUs a domain's virtual CPUs run on.",
  options: {
    domain: domainOption(),
    vcpu: uint("number of the virtual CPU"),
    cpulist,
    ...impactOptions,
  },
  async query(context) {
    const { options, connection } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    if (options.cpulist !== undefined && options.vcpu === undefined) {
      throw new CommandError("vcpupin: Missing vCPU number in pin mode.");
    }
    const cpus = await hostCpuCount(connection);
    if (options.cpulist !== undefined && options.vcpu !== undefined) {
      const map = parseCpuList(options.cpulist, cpus);
      await (impactUnsaid(options) ? domain.pinVcpu(options.vcpu, map) : domain.pinVcpuFlags(options.vcpu, map, flags));
      return undefined;
    }
    if (options.live && domain.id() < 0) throw new CommandError("cannot get vcpupin for offline domain");
    const pins = await domain.vcpuPinInfo(flags);
    const wanted = options.vcpu;
    if (wanted !== undefined && wanted >= pins.length) {
      const which = options.live || (!options.config && domain.id() >= 0) ? "live" : "persistent";
      throw new CommandError(`vcpu ${wanted} is out of range of ${which} cpu count ${pins.length}`);
    }
    return pins
      .map((map, vcpu) => ({ vcpu, affinity: formatCpuList(sized(map, cpus)) }))
      .filter(({ vcpu }) => wanted === undefined || vcpu === wanted);
  },
  print(pins, { shell }) {
    type Pin = (typeof pins)[number];
    const columns = [
      column<Pin>("VCPU", ({ vcpu }) => String(vcpu)),
      column<Pin>("CPU Affinity", ({ affinity }) => affinity),
    ];
    return formatTable(columns, pins, shell.settings.quiet);
  },
});

export const emulatorpin = command({
  name: "emulatorpin",
  summary: "the host's CPUs for the emulator",
  description: "Shows or sets which of the host's CPUs the emulator's own threads run on.",
  options: { domain: domainOption(), cpulist, ...impactOptions },
  async query(context) {
    const { options, connection } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const cpus = await hostCpuCount(connection);
    if (options.cpulist !== undefined) {
      await domain.pinEmulator(parseCpuList(options.cpulist, cpus), flags);
      return undefined;
    }
    return { affinity: formatCpuList(sized(await domain.emulatorPinInfo(flags), cpus)) };
  },
  print({ affinity }, { notice }) {
    notice(`emulator: CPU Affinity\n${"-".repeat(34)}\n`);
    return `       *: ${affinity}\n`;
  },
});

export const iothreadpin = command({
  name: "iothreadpin",
  summary: "the host's CPUs for an I/O thread",
  description: "Sets which of the host's CPUs an I/O thread runs on.",
  options: {
    domain: domainOption(),
    iothread: uint("the I/O thread's ID", { required: true }),
    cpulist: data("the host's CPUs, like 0-3,^2"),
    ...impactOptions,
  },
  async run(context) {
    const { options, connection } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    if (options.iothread === 0) throw new CommandError("Invalid IOThread id value: '0'");
    const map = parseCpuList(options.cpulist, await hostCpuCount(connection));
    await domain.pinIOThread(options.iothread, map, flags);
  },
});
