/** A QMP client: one connection to the control monitor of a running QEMU. */
import { randomInt } from "node:crypto";
import { connect, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { LibvirtError, systemError } from "../../../errors.ts";
import { descriptorOf, type Native } from "../../../host/native/index.ts";
import { type Awaited, aborted, awaitAnswer, type CallOptions } from "./answer.ts";
import { commandFailed, malformedAnswer } from "./errors.ts";
import { isJsonObject, type Json, type JsonObject, parseJson, stringifyJson } from "./json.ts";
import { LineSplitter } from "./lines.ts";
import { fields, int, nothing, type Shape, string } from "./shape.ts";
import { loggable, Transcript } from "./transcript.ts";

export type { CallOptions } from "./answer.ts";

/** Longest message that is accepted, in bytes; the schema, QEMU's longest answer, has about 250 kB. */
const MAX_MESSAGE = 64 * 1024 * 1024;

const lineEnd = 10;

/** How long a QEMU may take to greet, in ms. QEMU greets within 100 ms; a loaded host may need much more. */
const GREETING_TIMEOUT = 30_000;

/** Something that QEMU tells unasked. `data` is as QEMU sent it: read it with the shapes of `events.ts`. */
export interface QmpEvent {
  readonly name: string;
  readonly data: JsonObject;
  /** When it happened by the host's clock, since 1970; -1 where QEMU could not tell. */
  readonly seconds: number;
  readonly micros: number;
}

export type QmpEventListener = (event: QmpEvent) => void;

/** Whoever can run monitor commands: what the functions in `commands/` need. */
export interface CommandRunner {
  /** Runs a command, gives its return value checked by `shape`. */
  ask<T>(command: string, shape: Shape<T>, args?: JsonObject, options?: CallOptions): Promise<T>;
}

export interface MonitorOptions extends CallOptions {
  /** Whose monitor it is, for errors and traces: the name of the domain. */
  readonly label?: string;
  /** Called for each event from the very first on. */
  readonly onEvent?: QmpEventListener;
}

/** What QEMU says of itself when the monitor is opened. */
export type QmpGreeting = ReturnType<typeof greetingShape>;

const greetingShape = fields({
  version: fields({ qemu: fields({ major: int, minor: int, micro: int }), package: string }),
});

/**
 * Many commands may be in flight; QEMU answers them in order. Events reach listeners in the order of the wire, and
 * before the promise of any answer that came after them. When the connection ends, all calls in flight fail at once.
 */
export class QmpMonitor implements CommandRunner {
  readonly transcript: Transcript;
  /** Resolves once, with the reason, when the connection has ended: by QEMU, by a protocol error or by {@link close}. */
  readonly closed: Promise<LibvirtError>;

  readonly #stream: Duplex;
  readonly #lines = new LineSplitter(MAX_MESSAGE);
  readonly #pending = new Map<number, { readonly command: string; readonly answer: Awaited<Json> }>();
  readonly #listeners = new Set<QmpEventListener>();
  readonly #waiting = new Set<Awaited<QmpEvent>>();
  readonly #greeted: Awaited<QmpGreeting>;
  /** No connection's numbers are another's. */
  readonly #firstId = randomInt(2 ** 40);
  #nextId = this.#firstId;
  /** Commands of this turn that are still to be written. */
  #unsent = "";
  #ended: LibvirtError | null = null;
  #passing: Promise<void> = Promise.resolve();
  #resolveClosed!: (reason: LibvirtError) => void;

  private constructor(stream: Duplex, options: MonitorOptions) {
    this.#stream = stream;
    this.transcript = new Transcript(options.label ?? "qemu");
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    if (options.onEvent !== undefined) this.#listeners.add(options.onEvent);
    const { signal, timeout = GREETING_TIMEOUT } = options;
    this.#greeted = awaitAnswer("greeting from the qemu monitor", { signal, timeout }, () => {});
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.on("error", (error) => this.#lost(error));
    stream.on("end", () => this.#lost());
    stream.on("close", () => this.#lost());
  }

  /**
   * Opens the monitor that listens at a unix socket: at start, and again when a running domain is taken over.
   * A listener that nobody serves yet (QEMU is still starting) is waited for.
   */
  static async connect(path: string, options: MonitorOptions = {}): Promise<QmpMonitor> {
    return QmpMonitor.over(connect({ path }), options);
  }

  /** Opens the monitor at the other end of a stream, which the monitor owns from now on. */
  static async over(stream: Duplex, options: MonitorOptions = {}): Promise<QmpMonitor> {
    if (options.signal?.aborted) {
      stream.destroy();
      throw aborted("greeting from the qemu monitor", options.signal.reason);
    }
    const monitor = new QmpMonitor(stream, options);
    try {
      await monitor.#greeted.promise;
      await monitor.ask("qmp_capabilities", nothing, undefined, options);
      return monitor;
    } catch (error) {
      monitor.close();
      throw error;
    }
  }

  /** Whether the connection is open. */
  get isOpen(): boolean {
    return this.#ended === null;
  }

  async ask<T>(command: string, shape: Shape<T>, args?: JsonObject, options?: CallOptions): Promise<T> {
    const value = await this.execute(command, args, options);
    try {
      return shape(value, "");
    } catch (cause) {
      throw malformedAnswer(command, cause);
    }
  }

  /**
   * Runs a command, gives what it returns, unchecked.
   * @throws LibvirtError INTERNAL_ERROR when QEMU refuses (the cause is a QmpError) or the connection ends;
   *   OPERATION_TIMEOUT, OPERATION_ABORTED when the caller no longer waits.
   */
  async execute(command: string, args?: JsonObject, options: CallOptions = {}): Promise<Json> {
    if (this.#ended !== null) throw this.#ended;
    const what = `answer to QEMU command '${command}'`;
    if (options.signal?.aborted) throw aborted(what, options.signal.reason);
    const id = this.#nextId++;
    const answer = awaitAnswer<Json>(what, options, () => this.#pending.delete(id));
    this.#pending.set(id, { command, answer });
    this.#send({ execute: command, arguments: args, id });
    return answer.promise;
  }

  /**
   * Gives QEMU an open file, which it then knows by a name; the caller keeps his own descriptor.
   * @throws LibvirtError as {@link execute}; INTERNAL_ERROR when the connection is no socket or takes nothing
   */
  passFile(native: Native, descriptor: number, name: string, options: CallOptions = {}): Promise<void> {
    return this.withFile(native, descriptor, () => this.ask("getfd", nothing, { fdname: name }, options));
  }

  /**
   * Gives QEMU an open file for the command that `run` sends at once; the caller keeps his own descriptor.
   * @throws LibvirtError as {@link passFile}
   */
  withFile<T>(native: Native, descriptor: number, run: () => Promise<T>): Promise<T> {
    // QEMU holds what came last for the next command that asks for it: one after the other.
    const done = this.#passing.then(async () => {
      await this.#sendFile(native, descriptor);
      return run();
    });
    this.#passing = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  /** Sends the file with a line's end, which is nothing between two commands, when all before it has been sent. */
  #sendFile(native: Native, descriptor: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const attempt = (error?: Error | null) => {
        const failure = this.#ended ?? error;
        if (failure) return reject(failure);
        this.#flush();
        if (this.#stream.writableLength > 0) return void this.#stream.write("\n", attempt);
        const socket = this.#stream instanceof Socket ? descriptorOf(this.#stream) : null;
        try {
          if (socket !== null && native.sendDescriptor(socket, descriptor, lineEnd)) return resolve();
        } catch (cause) {
          return reject(systemError("QEMU", "Unable to send file handle", cause));
        }
        reject(new LibvirtError("INTERNAL_ERROR", "QEMU", "the qemu monitor takes no file handle now"));
      };
      attempt();
    });
  }

  /** Calls `listener` for each event until the returned function is called. */
  onEvent(listener: QmpEventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Waits for an event. Ask before the command that causes it: events of the past are not remembered.
   * @throws LibvirtError when the connection ends first, or as {@link CallOptions} say.
   */
  waitFor(matches: (event: QmpEvent) => boolean, what: string, options: CallOptions = {}): Promise<QmpEvent> {
    const stop = () => {
      stopListening();
      this.#waiting.delete(answer);
    };
    const answer = awaitAnswer<QmpEvent>(what, options, stop);
    const stopListening = this.onEvent((event) => {
      if (!matches(event)) return;
      stop();
      answer.resolve(event);
    });
    this.#waiting.add(answer);
    const error = this.#ended ?? (options.signal?.aborted ? aborted(what, options.signal.reason) : null);
    if (error !== null) {
      stop();
      answer.reject(error);
    }
    return answer.promise;
  }

  /** Ends the connection; QEMU runs on. Calls in flight fail. */
  close(): void {
    this.#end("the qemu monitor was closed");
  }

  #send(message: JsonObject): void {
    const text = stringifyJson(message);
    this.transcript.add("out", loggable(message));
    // Commands that are given together go out together: each write wakes QEMU.
    if (this.#unsent === "") process.nextTick(() => this.#flush());
    this.#unsent += `${text}\n`;
  }

  #flush(): void {
    const text = this.#unsent;
    this.#unsent = "";
    if (text !== "" && this.#ended === null) this.#stream.write(text);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk)) {
        if (this.#ended !== null) return;
        if (line === "") continue;
        this.transcript.add("in", line);
        this.#dispatch(parseJson(line));
      }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#end(`the qemu monitor broke the protocol: ${detail}`, error);
    }
  }

  #dispatch(message: Json): void {
    if (!isJsonObject(message)) throw new SyntaxError("message is no object");
    if (message.event !== undefined) this.#event(message);
    else if (message.QMP !== undefined) this.#greeted.resolve(greetingShape(message.QMP, "QMP"));
    else this.#answer(message);
  }

  #answer(message: JsonObject): void {
    const { id } = message;
    if (typeof id !== "number") {
      throw new SyntaxError(`answer to nothing that was asked: ${stringifyJson(message.error ?? id ?? null)}`);
    }
    // Who had the monitor before may have been killed in the middle of a question: QEMU answers that to us.
    if (id < this.#firstId || id >= this.#nextId) return;
    const call = this.#pending.get(id);
    if (call === undefined) return; // Given up by its caller.
    this.#pending.delete(id);
    if (isJsonObject(message.error)) call.answer.reject(commandFailed(call.command, message.error));
    else call.answer.resolve(message.return ?? null);
  }

  #event(message: JsonObject): void {
    const { event: name, data, timestamp } = message;
    if (typeof name !== "string") throw new SyntaxError("event without a name");
    const at = isJsonObject(timestamp) ? timestamp : {};
    const event: QmpEvent = {
      name,
      data: isJsonObject(data) ? data : {},
      seconds: typeof at.seconds === "number" ? at.seconds : -1,
      micros: typeof at.microseconds === "number" ? at.microseconds : -1,
    };
    for (const listener of [...this.#listeners]) callSafely(listener, event);
  }

  /** QEMU has gone, or the connection has. A QEMU that is killed with messages unread resets the connection. */
  #lost(error?: NodeJS.ErrnoException): void {
    const ended = error === undefined || error.code === "ECONNRESET" || error.code === "EPIPE";
    this.#end(ended ? "End of file from qemu monitor" : `cannot talk to the qemu monitor: ${error.message}`, error);
  }

  #end(message: string, cause?: unknown): void {
    if (this.#ended !== null) return;
    this.#ended = new LibvirtError("INTERNAL_ERROR", "QEMU", message, { cause });
    this.#stream.destroy();
    this.#greeted.reject(this.#ended);
    for (const { answer } of this.#pending.values()) answer.reject(this.#ended);
    for (const answer of this.#waiting) answer.reject(this.#ended);
    this.#pending.clear();
    this.#waiting.clear();
    this.#resolveClosed(this.#ended);
  }
}

/** A listener's mistake is reported as an uncaught error of its own; the monitor goes on. */
function callSafely(listener: QmpEventListener, event: QmpEvent): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
