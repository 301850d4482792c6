/** `net-event`, `pool-event`, ...: the commands that tell what happens to one kind of objects. */
import type { Connection, EventType, LibvirtEvent } from "../../api/index.ts";
import { type Command, command } from "../command.ts";
import type { Completer } from "../completer.ts";
import { CommandError } from "../error.ts";
import { type OptionTable, text } from "../option.ts";
import {
  checkTimeout,
  type EventSource,
  type EventTexts,
  eventNamed,
  eventOption,
  eventOptions,
  listEvents,
  listen,
} from "./events.ts";
import { capitalized } from "./words.ts";

/** An object whose events can be waited for. */
interface Watched {
  events(options: { readonly types: readonly EventType[] }): EventSource<LibvirtEvent>;
}

/** How one kind of objects is named and found. `K` is the option, and the key under which its events carry the object. */
interface Watching<K extends string, O> {
  /** The command. */
  readonly name: string;
  /** All such objects: `networks`. */
  readonly objects: string;
  /** One such object: `network`. */
  readonly noun: string;
  readonly option: K;
  readonly complete: Completer;
  lookup(connection: Connection, key: string): Promise<O & Watched>;
  /** What an object is called. */
  label(object: O): string;
  /** The events' names in the API, by virsh's names and in virsh's order. */
  readonly types: Readonly<Record<string, EventType>>;
}

type EventOf<K extends string, O> = LibvirtEvent & Readonly<Record<K, O>>;

const { loop, timeout, list, timestamp } = eventOptions;

/** The command that waits for events of one kind of objects. */
export function objectEvent<K extends string, O>(watching: Watching<K, O>): Command {
  const { objects, option, complete, lookup, label } = watching;
  const texts = textsOf(watching);
  // The object's option has another name in each command, so the code below finds it by key.
  const named: OptionTable = { [option]: text("only of this one", { complete }) };
  return command({
    name: watching.name,
    summary: `what happens to ${objects}`,
    description: `Waits for events of ${objects} and prints them, or lists which ones there are.`,
    options: { ...named, event: eventOption(Object.keys(texts)), loop, timeout, list, timestamp },
    streams: true,
    async run(context) {
      const { options, connection } = context;
      if (options.list) return listEvents(context, texts);
      if (options.event === undefined) throw new CommandError("either --list or --event <type> is required");
      const { type, text } = eventNamed(texts, options.event);
      checkTimeout(options.timeout);
      const key = (options as Readonly<Record<string, unknown>>)[option] as string | undefined;
      const watched: Watched = key === undefined ? connection : await lookup(connection, key);
      const source = watched.events({ types: [type] });
      await listen(context, source, (it) => {
        const event = it as EventOf<K, O>;
        const { kind: _kind, type: _type, [option]: object, ...details } = event;
        return { data: { type: options.event, [option]: label(event[option]), ...details }, text: text(event) };
      });
    },
  });
}

function textsOf<K extends string, O>({ types, noun, option, label }: Watching<K, O>): EventTexts<EventOf<K, O>> {
  const entry = ([name, type]: [string, EventType]) => {
    const told = (event: EventOf<K, O>) => {
      const what = `event '${name}' for ${noun} ${label(event[option])}`;
      return "event" in event ? `${what}: ${capitalized(event.event)}` : what;
    };
    return [name, { type, text: told }] as const;
  };
  return Object.fromEntries(Object.entries(types).map(entry));
}
