/** What happens to storage pools. */
import type { StoragePoolEvent } from "../../../api/index.ts";
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { lookupPool, poolNames } from "../../objects/pool.ts";
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

const texts: EventTexts<StoragePoolEvent> = {
  lifecycle: {
    type: "storagePoolLifecycle",
    text: (it) => `event 'lifecycle' for storage pool ${it.pool.name()}: ${"event" in it ? capitalized(it.event) : ""}`,
  },
  refresh: {
    type: "storagePoolRefresh",
    text: ({ pool }) => `event 'refresh' for storage pool ${pool.name()}`,
  },
};

export const poolEvent = command({
  name: "pool-event",
  summary: "what happens to storage pools",
  description: "Waits for events of storage pools and prints them, or lists which ones there are.",
  options: {
    pool: text("only of this one", { complete: poolNames }),
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
    const object = options.pool === undefined ? undefined : await lookupPool(connection, options.pool);
    const source = object === undefined ? connection.events({ types: [type] }) : object.events({ types: [type] });
    await listen(context, source, (it) => {
      const event = it as StoragePoolEvent;
      const { kind: _kind, type: _type, pool, ...details } = event;
      return { data: { type: options.event, pool: pool.name(), ...details }, text: text(event) };
    });
  },
});
