/** What happens to domains. */
import type { DomainEvent } from "../../../api/index.ts";
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { domainNames, lookupDomain } from "../../objects/domain.ts";
import { flag, text } from "../../option.ts";
import { checkTimeout, eventNamed, eventOption, eventOptions, listEvents, listen } from "../../shared/events.ts";
import { exclusive } from "../../shared/rules.ts";
import { domainEventTexts } from "./texts.ts";

const { loop, timeout, list, timestamp } = eventOptions;

export const event = command({
  name: "event",
  summary: "what happens to domains",
  description: "Waits for events of domains and prints them, or lists which ones there are.",
  options: {
    domain: text("only of this domain", { complete: domainNames() }),
    event: eventOption(Object.keys(domainEventTexts)),
    all: flag("all events, whatever they are"),
    loop,
    timeout,
    list,
    timestamp,
  },
  streams: true,
  async run(context) {
    const { options, connection } = context;
    exclusive(options, ["all", "event"], ["list", "all"], ["list", "event"]);
    if (options.list) return listEvents(context, domainEventTexts);
    if (!options.all && options.event === undefined) {
      throw new CommandError("one of --list, --all, or --event <type> is required");
    }
    const wanted = options.event === undefined ? undefined : eventNamed(domainEventTexts, options.event);
    checkTimeout(options.timeout);
    const domain = options.domain === undefined ? undefined : await lookupDomain(connection, options.domain);
    const types = wanted === undefined ? {} : { types: [wanted.type] };
    const source = domain === undefined ? connection.events({ kinds: ["domain"], ...types }) : domain.events(types);
    await listen(context, source, (it) => tellDomainEvent(it as DomainEvent));
  },
});

const nameOfType = new Map(Object.entries(domainEventTexts).map(([name, { type }]) => [type, name]));

function tellDomainEvent(event: DomainEvent) {
  const { kind: _kind, type, domain, ...details } = event;
  const name = nameOfType.get(type) ?? type;
  const entry = domainEventTexts[name];
  return {
    data: { type: name, domain: domain.name(), ...details },
    text: entry?.text(event as never) ?? `event '${name}' for domain '${domain.name()}'`,
  };
}
