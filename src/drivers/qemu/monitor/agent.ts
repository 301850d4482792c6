/**
 * A client of the guest agent, the program in the guest that carries out commands for the host (qemu-ga). Whatever
 * it says comes from the guest.
 *
 * The other end may come, go and be reset without anybody telling: before each command the two agree on where the
 * conversation stands (guest-sync-delimited), and every wait is bounded.
 */
import { randomInt } from "node:crypto";
import type { Duplex } from "node:stream";
import { ErrorNumber, isLibvirtError, LibvirtError } from "../../../errors.ts";
import { type Awaited, aborted, awaitAnswer, type CallOptions } from "./answer.ts";
import { QmpError } from "./errors.ts";
import { isJsonObject, type Json, type JsonObject, parseJson, stringifyJson } from "./json.ts";
import { LineSplitter } from "./lines.ts";
import type { Shape } from "./shape.ts";
import { loggable, Transcript } from "./transcript.ts";

/** Longest message of an agent that is accepted, in bytes; file reads are bounded by the agent to 48 MiB. */
const MAX_MESSAGE = 64 * 1024 * 1024;

/** How long the agent may take to answer that it is there, in ms (libvirt's own limit). */
const SYNC_TIMEOUT = 5_000;

/** Makes the reader forget what it has read so far. Not valid in UTF-8, so never part of a message. */
const SENTINEL = 0xff;
const LINE_END = 0x0a;

export interface AgentOptions {
  /** Whose agent it is, for errors and traces: the name of the domain. */
  readonly label?: string;
  /** How long the agent may take to show that it is there, in ms. */
  readonly syncTimeout?: number;
}

/** What the agent said, and who waits for it. */
interface Expectation {
  readonly matches: (reply: JsonObject) => boolean;
  readonly answer: Awaited<JsonObject>;
}

/** One command at a time: the agent does not number its answers. Others wait for their turn. */
export class GuestAgent {
  readonly transcript: Transcript;
  /** Resolves, with the reason, when the channel has ended. */
  readonly closed: Promise<LibvirtError>;

  readonly #stream: Duplex;
  readonly #lines = new LineSplitter(MAX_MESSAGE);
  readonly #syncTimeout: number;
  /** Settles when the last command that was given has ended. */
  #turn: Promise<unknown> = Promise.resolve();
  #expected: Expectation | null = null;
  #ended: LibvirtError | null = null;
  #resolveClosed!: (reason: LibvirtError) => void;

  /** @param stream the host's end of the agent's channel, owned by the client from now on. */
  constructor(stream: Duplex, options: AgentOptions = {}) {
    this.#stream = stream;
    this.#syncTimeout = options.syncTimeout ?? SYNC_TIMEOUT;
    this.transcript = new Transcript(`${options.label ?? "guest"} agent`);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.on("error", (error) => this.#end(`the guest agent's channel failed: ${error.message}`, error));
    stream.on("end", () => this.#end("the guest agent's channel was closed"));
    stream.on("close", () => this.#end("the guest agent's channel was closed"));
  }

  /** Whether the channel is open; whether an agent listens shows only when it answers. */
  get isOpen(): boolean {
    return this.#ended === null;
  }

  /**
   * Runs a command, gives its return value checked by `shape` (virDomainQemuAgentCommand).
   * @param options `timeout` bounds the command itself; before it the agent has 5 s to show that it is there.
   * @throws LibvirtError AGENT_UNRESPONSIVE when there is no agent or it does not answer in time; INTERNAL_ERROR when
   *   it refuses (the cause is a QmpError) or answers nonsense; OPERATION_ABORTED by the caller's signal.
   */
  async ask<T>(command: string, shape: Shape<T>, args?: JsonObject, options?: CallOptions): Promise<T> {
    const value = await this.execute(command, args, options);
    try {
      return shape(value, "");
    } catch (cause) {
      throw internalError(`malformed answer to guest agent command '${command}': ${messageOf(cause)}`, cause);
    }
  }

  /** Runs a command, gives what it returns, unchecked. */
  execute(command: string, args?: JsonObject, options: CallOptions = {}): Promise<Json> {
    return this.#inTurn(async () => {
      await this.#synchronize(options.signal);
      const reply = await this.#exchange(command, args, options);
      return resultOf(command, reply);
    });
  }

  /**
   * Runs a command that the agent answers only when it fails, for when it succeeds the guest goes down or to sleep.
   * @param done resolves when its success shows elsewhere, as by an event of QEMU; the channel's end counts as well.
   */
  executeSilent(command: string, args: JsonObject | undefined, done: Promise<unknown>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#synchronize(undefined);
      const stop = new AbortController();
      const success = Promise.race([done, this.closed]).then(() => stop.abort());
      const reply = this.#exchange(command, args, { signal: stop.signal });
      const first = await Promise.race([success.then(() => null), reply.catch(() => null)]);
      if (first !== null) resultOf(command, first);
    });
  }

  /** Ends the channel; a command that is under way fails. */
  close(): void {
    this.#end("the guest agent's channel was closed");
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Answers to commands that were given up may still come; what comes before the one to our number is dropped. */
  async #synchronize(signal: AbortSignal | undefined): Promise<void> {
    const id = randomInt(1, 2 ** 47);
    const isOurs = (reply: JsonObject) => reply.return === id;
    this.#open();
    this.#stream.write(Buffer.of(SENTINEL));
    await this.#exchange("guest-sync-delimited", { id }, { signal, timeout: this.#syncTimeout }, isOurs);
  }

  async #exchange(
    command: string,
    args: JsonObject | undefined,
    options: CallOptions,
    matches: Expectation["matches"] = () => true,
  ): Promise<JsonObject> {
    this.#open();
    const what = `answer to guest agent command '${command}'`;
    if (options.signal?.aborted) throw aborted(what, options.signal.reason);
    const answer = awaitAnswer<JsonObject>(what, options, () => {
      this.#expected = null;
    });
    this.#expected = { matches, answer };
    const message = { execute: command, arguments: args };
    this.transcript.add("out", loggable(message));
    this.#stream.write(`${stringifyJson(message)}\n`);
    return answer.promise.catch((error: unknown) => {
      throw isTimeout(error)
        ? unresponsive(`${messageOf(error)}; does qemu-guest-agent run in the guest?`, error)
        : error;
    });
  }

  #open(): void {
    if (this.#ended !== null) throw this.#ended;
  }

  #receive(chunk: Buffer): void {
    // What stands before a sentinel is the rest of a message that nobody will ever complete: a line of its own.
    if (chunk.includes(SENTINEL)) chunk = Buffer.from(chunk.map((byte) => (byte === SENTINEL ? LINE_END : byte)));
    try {
      for (const line of this.#lines.push(chunk)) this.#message(line);
    } catch (error) {
      this.#end(`the guest agent broke the protocol: ${messageOf(error)}`, error);
    }
  }

  #message(line: string): void {
    if (line.trim() === "") return;
    this.transcript.add("in", line);
    const reply = parsed(line);
    const expected = this.#expected;
    if (expected === null || !isJsonObject(reply) || !expected.matches(reply)) return;
    this.#expected = null;
    expected.answer.resolve(reply);
  }

  #end(message: string, cause?: unknown): void {
    if (this.#ended !== null) return;
    this.#ended = unresponsive(message, cause);
    this.#stream.destroy();
    this.#expected?.answer.reject(this.#ended);
    this.#expected = null;
    this.#resolveClosed(this.#ended);
  }
}

function resultOf(command: string, reply: JsonObject): Json {
  if (!isJsonObject(reply.error)) return reply.return ?? null;
  const { class: errorClass, desc } = reply.error;
  const description = typeof desc === "string" ? desc : "unknown error";
  const cause = new QmpError(command, String(errorClass), description);
  throw internalError(`unable to execute QEMU agent command '${command}': ${description}`, cause);
}

/** Half a message, as stands there after the agent was restarted, is none. */
function parsed(line: string): Json {
  try {
    return parseJson(line);
  } catch {
    return null;
  }
}

function isTimeout(error: unknown): boolean {
  return isLibvirtError(error) && error.code === ErrorNumber.OPERATION_TIMEOUT;
}

function unresponsive(message: string, cause: unknown): LibvirtError {
  return new LibvirtError("AGENT_UNRESPONSIVE", "QEMU", message, { cause });
}

function internalError(message: string, cause: unknown): LibvirtError {
  return new LibvirtError("INTERNAL_ERROR", "QEMU", message, { cause });
}

/** What went wrong, without the form of its error code. */
function messageOf(error: unknown): string {
  if (isLibvirtError(error)) return error.str2 ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
