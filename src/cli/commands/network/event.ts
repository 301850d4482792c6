/** What happens to networks. */
import type { NetworkEvent } from "../../../api/index.ts";
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { lookupNetwork, networkNames } from "../../objects/network.ts";
import { text } from "../../option.ts";
import {
  checkTimeout,
  type EventTexts,
  eventNamed,
  eventOption,
  eventOptions,
  listEvents,
  listen,
} from "../../shared/events.ts";
import { capitalized } from "../../shared/words.ts";

const { loop, timeout, list, timestamp } = eventOptions;

const texts: EventTexts<NetworkEvent> = {
  lifecycle: {
    type: "networkLifecycle",
    text: (it) => `event 'lifecycle' for network ${it.network.name()}: ${"event" in it ? capitalized(it.event) : ""}`,
  },
};

export const netEvent = command({
  name: "net-event",
  summary: "what happens to networks",
  description: "Waits for events of networks and prints them, or lists which ones there are.",
  options: {
    network: text("only of this one", { complete: networkNames }),
    event: eventOption(Object.keys(texts)),
    loop,
    timeout,
    list,
    timestamp,
  },
  streams: true,
  async run(context) {
    const { options, connection } = context;
    if (options.list) return listEvents(context, texts);
    if (options.event === undefined) throw new CommandError("either --list or --event <type> is required");
    const { type, text } = eventNamed(texts, options.event);
    checkTimeout(options.timeout);
    const object = options.network === undefined ? undefined : await lookupNetwork(connection, options.network);
    const source = object === undefined ? connection.events({ types: [type] }) : object.events({ types: [type] });
    await listen(context, source, (it) => {
      const event = it as NetworkEvent;
      const { kind: _kind, type: _type, network, ...details } = event;
      return { data: { type: options.event, network: network.name(), ...details }, text: text(event) };
    });
  },
});
