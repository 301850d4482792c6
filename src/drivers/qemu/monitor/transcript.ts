/**
 * What was said on a monitor: the last messages kept for error reports, and every message offered to listeners of the
 * diagnostics channel "tsvirt:qemu:monitor".
 */
import { channel } from "node:diagnostics_channel";
import { isJsonObject, type Json, type JsonObject, stringifyJson } from "./json.ts";

/** "out" was sent to QEMU, "in" came from it. */
export type Direction = "in" | "out";

/** One message on the diagnostics channel. */
export interface MonitorMessage {
  /** Which monitor: the name of the domain, or what the monitor was opened for. */
  readonly label: string;
  readonly direction: Direction;
  /** The message, one line of JSON; secrets in commands are replaced. */
  readonly text: string;
}

export const MONITOR_CHANNEL = "tsvirt:qemu:monitor";

const KEPT_MESSAGES = 64;
const KEPT_LENGTH = 400;

const listeners = channel(MONITOR_CHANNEL);

export class Transcript {
  readonly label: string;
  readonly #kept: string[] = [];
  #next = 0;

  constructor(label: string) {
    this.label = label;
  }

  /** Notes a message as it stands on the wire; commands go through {@link loggable} first. */
  add(direction: Direction, text: string): void {
    this.#kept[this.#next] = `${direction === "out" ? ">" : "<"} ${clip(text)}`;
    this.#next = (this.#next + 1) % KEPT_MESSAGES;
    if (listeners.hasSubscribers) {
      listeners.publish({ label: this.label, direction, text } satisfies MonitorMessage);
    }
  }

  /** The last messages, oldest first, each clipped to a few hundred characters. */
  lines(): string[] {
    return [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)];
  }
}

function clip(text: string): string {
  if (text.length <= KEPT_LENGTH) return text;
  // A slice of a long string keeps the whole string alive; a copy does not.
  return `${Buffer.from(text.slice(0, KEPT_LENGTH)).toString()}... (${text.length} characters)`;
}

/** Members of commands that hold secrets: set_password, object-add of a secret, block_passwd, set-action of none. */
const SECRET_MEMBERS = new Set(["password", "data", "key", "secret-value", "file-data"]);

/** A command as text without its secrets. */
export function loggable(command: JsonObject): string {
  return stringifyJson(withoutSecrets(command));
}

function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (member === undefined) return [key, member];
      const secret = SECRET_MEMBERS.has(key) && typeof member === "string";
      return [key, secret ? "<secret>" : withoutSecrets(member)];
    }),
  );
}
