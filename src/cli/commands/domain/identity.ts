/** A domain's name, ID and UUID. */
import { DomainInterfaceAddressesSource as Source } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainNames, domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag, text } from "../../option.ts";

export const domid = command({
  name: "domid",
  summary: "a domain's ID",
  options: { domain: domainOption({ help: "name or UUID of the domain" }) },
  async query(context) {
    const id = (await domainOf(context, ["name", "uuid"])).id();
    return { id: id < 0 ? null : id };
  },
  print: ({ id }) => `${id ?? "-"}\n`,
});

export const domname = command({
  name: "domname",
  summary: "a domain's name",
  options: { domain: domainOption({ help: "ID or UUID of the domain" }) },
  async query(context) {
    return { name: (await domainOf(context, ["id", "uuid"])).name() };
  },
  print: ({ name }) => `${name}\n`,
});

export const domuuid = command({
  name: "domuuid",
  summary: "a domain's UUID",
  options: { domain: domainOption({ help: "ID or name of the domain" }) },
  async query(context) {
    return { uuid: (await domainOf(context, ["id", "name"])).uuidString() };
  },
  print: ({ uuid }) => `${uuid}\n`,
});

export const domrename = command({
  name: "domrename",
  summary: "give a domain another name",
  description: "Renames a domain that is off.",
  options: {
    domain: data("name or UUID of the domain", { complete: domainNames(DomainFilter.INACTIVE) }),
    newName: data("its new name"),
  },
  async run(context) {
    const domain = await domainOf(context, ["name", "uuid"]);
    await domain.rename(context.options.newName);
    context.notice("Domain successfully renamed\n");
  },
});

const sources: Readonly<Record<string, number>> = { lease: Source.LEASE, agent: Source.AGENT };

export const domhostname = command({
  name: "domhostname",
  summary: "the host name a guest gave itself",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    source: text("who is asked: 'lease' or 'agent'", { complete: oneOf(...Object.keys(sources)) }),
  },
  async query(context) {
    const { options } = context;
    const flags = options.source === undefined ? 0 : sources[options.source];
    if (flags === undefined) throw new CommandError(`Unknown data source '${options.source}'`);
    const domain = await domainOf(context);
    return { hostname: await attempt("failed to get hostname", () => domain.hostname(flags)) };
  },
  print: ({ hostname }) => `${hostname}\n`,
});

export const autostart = command({
  name: "autostart",
  summary: "start a domain with its host, or not",
  description: "Sets whether a domain is started when its host boots.",
  options: {
    domain: domainOption({ filter: DomainFilter.PERSISTENT }),
    disable: flag("do not"),
  },
  async run(context) {
    const { disable } = context.options;
    const domain = await domainOf(context);
    const name = domain.name();
    const failure = `Failed to ${disable ? "unmark" : "mark"} domain '${name}' as autostarted`;
    await attempt(failure, () => domain.setAutostart(!disable));
    context.notice(`Domain '${name}' ${disable ? "unmarked" : "marked"} as autostarted\n`);
  },
});
