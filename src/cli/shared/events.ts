/** Waiting for events, for all commands that do. */
import type { EventGap, EventType } from "../../api/index.ts";
import type { Context } from "../command.ts";
import { CommandError } from "../error.ts";
import { flag, text, uint } from "../option.ts";

/** How one kind of event is told. */
export interface EventText<E> {
  /** The event's name in the API. */
  readonly type: EventType;
  /** What a person reads, without the newline. */
  text(event: E): string;
}

/** Events by virsh's names, in virsh's order. */
export type EventTexts<E> = Readonly<Record<string, EventText<E>>>;

/** What each event command takes besides the object. */
export const eventOptions = {
  loop: flag("go on until the timeout or Ctrl-C"),
  timeout: uint("how many seconds to wait"),
  list: flag("print which events there are"),
  timestamp: flag("print when each came"),
};

export function eventOption(names: readonly string[]) {
  return text("which events to wait for", { complete: () => names });
}

interface ListeningOptions {
  readonly loop: boolean;
  readonly timeout: number | undefined;
  readonly timestamp: boolean;
}

/** A stream of events that can be ended. */
export interface EventSource<E> extends AsyncIterable<E | EventGap> {
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** What is reported of one event. */
interface Told {
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/**
 * Reports events until there was one, or with `loop` until the timeout or Ctrl-C.
 * @throws {CommandError} when there was none
 */
export async function listen<E extends object>(
  context: Context<ListeningOptions>,
  source: EventSource<E>,
  tell: (event: E) => Told,
): Promise<void> {
  const { options, signal } = context;
  await source.ready;
  let end = "";
  let closing: Promise<void> | undefined;
  const stop = (how: string) => {
    end = how;
    closing = source.close();
    // Its failure is told where it is waited for.
    closing.catch(() => {});
  };
  const interrupt = () => stop("event loop interrupted\n");
  signal.addEventListener("abort", interrupt, { once: true });
  const timer =
    options.timeout === undefined ? undefined : setTimeout(stop, options.timeout * 1000, "event loop timed out\n");
  let count = 0;
  try {
    for await (const event of source) {
      count += 1;
      report(context, isGap(event) ? toldGap(event) : tell(event));
      if (!options.loop) break;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupt);
  }
  await closing;
  context.report({ received: count }, `${end}events received: ${count}\n`);
  if (count === 0) throw new CommandError([]);
}

function isGap(event: object): event is EventGap {
  return (event as EventGap).kind === "gap";
}

function toldGap({ missed }: EventGap): Told {
  return { data: { event: "gap", missed }, text: `${missed} events were missed` };
}

function report({ options, report }: Context<ListeningOptions>, { data, text }: Told): void {
  const moment = new Date();
  report(
    options.timestamp ? { time: moment.toISOString(), ...data } : data,
    options.timestamp ? `${stamp(moment)}: ${text}\n` : `${text}\n`,
  );
}

/** `2024-01-31 12:00:00.123+0000`: libvirt's way to write a moment. */
function stamp(moment: Date): string {
  return moment.toISOString().replace("T", " ").replace("Z", "+0000");
}

/** Refuses a timeout that cannot be meant. @throws {CommandError} */
export function checkTimeout(timeout: number | undefined): void {
  if (timeout !== undefined && (timeout === 0 || timeout > 0x7fffffff / 1000)) {
    throw new CommandError(`Numeric value '${timeout}' for <timeout> option is malformed or out of range`);
  }
}

/** The entry of that name. @throws {CommandError} */
export function eventNamed<E>(texts: EventTexts<E>, name: string): EventText<E> {
  const found = Object.hasOwn(texts, name) ? texts[name] : undefined;
  if (found === undefined) throw new CommandError(`unknown event type ${name}`);
  return found;
}

/** Prints the names of the events there are. */
export function listEvents({ report }: Context<unknown>, texts: EventTexts<never>): void {
  const names = Object.keys(texts);
  report(names, names.map((name) => `${name}\n`).join(""));
}
