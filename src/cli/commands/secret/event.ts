/** What happens to secrets. */
import type { SecretEvent } from "../../../api/index.ts";
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { lookupSecret, secretUuids } from "../../objects/secret.ts";
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

const texts: EventTexts<SecretEvent> = {
  lifecycle: {
    type: "secretLifecycle",
    text: (it) =>
      `event 'lifecycle' for secret ${it.secret.uuidString()}: ${"event" in it ? capitalized(it.event) : ""}`,
  },
  "value-changed": {
    type: "secretValueChanged",
    text: ({ secret }) => `event 'value-changed' for secret ${secret.uuidString()}`,
  },
};

export const secretEvent = command({
  name: "secret-event",
  summary: "what happens to secrets",
  description: "Waits for events of secrets and prints them, or lists which ones there are.",
  options: {
    secret: text("only of this one", { complete: secretUuids }),
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
    const object = options.secret === undefined ? undefined : await lookupSecret(connection, options.secret);
    const source = object === undefined ? connection.events({ types: [type] }) : object.events({ types: [type] });
    await listen(context, source, (it) => {
      const event = it as SecretEvent;
      const { kind: _kind, type: _type, secret, ...details } = event;
      return { data: { type: options.event, secret: secret.uuidString(), ...details }, text: text(event) };
    });
  },
});
