/** The command `domtime`. */
import { DomainSetTimeFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag, longlong } from "../../option.ts";
import { exclusive } from "../../shared/rules.ts";

export const domtime = command({
  name: "domtime",
  summary: "a running domain's clock",
  description: "Shows or sets the time in a running domain.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    now: flag("set it to this machine's time"),
    pretty: flag("print it as date and time"),
    sync: flag("set it from the domain's real-time clock"),
    time: longlong("set it to this many seconds since 1970"),
  },
  async query(context) {
    const { options } = context;
    exclusive(options, ["time", "now"], ["time", "sync"], ["now", "sync"]);
    const domain = await domainOf(context);
    const time = options.now ? BigInt(Math.floor(Date.now() / 1000)) : options.time;
    if (time === undefined && !options.sync) return domain.getTime();
    await domain.setTime({ seconds: time ?? 0n, nseconds: 0 }, options.sync ? DomainSetTimeFlags.SYNC : 0);
    return undefined;
  },
  print({ seconds }, { options }) {
    if (!options.pretty) return `Time: ${seconds}`;
    return `Time: ${new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace("T", " ")}`;
  },
});
