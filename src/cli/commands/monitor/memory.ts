/** The command `dommemstat`. */
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { int } from "../../option.ts";
import { impactFlags, impactOptions } from "../../shared/impact.ts";

export const dommemstat = command({
  name: "dommemstat",
  summary: "how a running domain uses its memory",
  description: "Shows the counters of a running domain's memory, or sets how often they are collected.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    period: int("seconds between two collections; 0 for none", { named: true }),
    ...impactOptions,
  },
  async query(context) {
    const { options } = context;
    const flags = impactFlags(options);
    if (options.period !== undefined && options.period < 0) {
      throw new CommandError(`Invalid collection period value '${options.period}'`);
    }
    const domain = await domainOf(context);
    if (options.period !== undefined) {
      const period = options.period;
      await attempt("Unable to change balloon collection period.", () => domain.setMemoryStatsPeriod(period, flags));
      return undefined;
    }
    return attempt(`Failed to get memory statistics for domain ${options.domain}`, () => domain.memoryStats());
  },
  print: (stats) =>
    Object.entries(stats)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(""),
});
