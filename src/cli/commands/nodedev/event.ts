/** What happens to the host's devices. */
import type { NodeDeviceEvent } from "../../../api/index.ts";
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { deviceNames, lookupDevice } from "../../objects/device.ts";
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

const texts: EventTexts<NodeDeviceEvent> = {
  lifecycle: {
    type: "nodeDeviceLifecycle",
    text: (it) =>
      `event 'lifecycle' for node device ${it.device.name()}: ${"event" in it ? capitalized(it.event) : ""}`,
  },
  update: {
    type: "nodeDeviceUpdate",
    text: ({ device }) => `event 'update' for node device ${device.name()}`,
  },
};

export const nodedevEvent = command({
  name: "nodedev-event",
  summary: "what happens to the host's devices",
  description: "Waits for events of the host's devices and prints them, or lists which ones there are.",
  options: {
    device: text("only of this one", { complete: deviceNames }),
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
    const object = options.device === undefined ? undefined : await lookupDevice(connection, options.device);
    const source = object === undefined ? connection.events({ types: [type] }) : object.events({ types: [type] });
    await listen(context, source, (it) => {
      const event = it as NodeDeviceEvent;
      const { kind: _kind, type: _type, device, ...details } = event;
      return { data: { type: options.event, device: device.name(), ...details }, text: text(event) };
    });
  },
});
