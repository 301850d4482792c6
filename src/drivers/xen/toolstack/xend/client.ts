/** Conversations with xend: HTTP over its unix socket or a TCP port, s-expressions as answers. */
import { type IncomingMessage, type RequestOptions, request } from "node:http";
import { LibvirtError, systemError } from "../../../../errors.ts";
import { parseSexpr, type Sexpr } from "../../../../model/xen/index.ts";
import type { ToolCall } from "../toolstack.ts";

/** Where xend listens. */
export type XendAddress = { readonly socket: string } | { readonly host: string; readonly port: number };

/** Its usual socket, for those of the same host. */
export const usualSocket = "/var/lib/xend/xend-socket";

/** Milliseconds without an answer. xend answers when all is done: saving takes as long as it takes. */
const patience = 300_000;
/** The longest answer, in bytes. */
const maxAnswer = 16 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly body: string;
}

export class XendClient {
  readonly #address: XendAddress;

  constructor(address: XendAddress = { socket: usualSocket }) {
    this.#address = address;
  }

  /**
   * Asks for what is at a path; null when there is no such thing.
   * @throws {LibvirtError} GET_FAILED, SYSTEM_ERROR
   */
  async get(path: string, call?: ToolCall): Promise<Sexpr | null> {
    const { status, body } = await this.#send("GET", path, undefined, call);
    if (status === 404) return null;
    const complaint = complaintIn(status, body);
    if (complaint !== null) throw new LibvirtError("GET_FAILED", "XEND", `${path}: ${complaint}`);
    return parseSexpr(body);
  }

  /**
   * Has an operation done on what is at a path.
   * @throws {LibvirtError} POST_FAILED with what xend said, NO_DOMAIN, SYSTEM_ERROR
   */
  async post(path: string, operation: Readonly<Record<string, string>>, call?: ToolCall): Promise<string> {
    const form = new URLSearchParams(operation).toString();
    const { status, body } = await this.#send("POST", path, form, call);
    if (status === 404) throw new LibvirtError("NO_DOMAIN", "XEND", `xend knows nothing at ${path}`);
    const complaint = complaintIn(status, body);
    if (complaint !== null) throw new LibvirtError("POST_FAILED", "XEND", `${operation.op ?? path}: ${complaint}`);
    return body;
  }

  #send(method: string, path: string, form: string | undefined, call: ToolCall = {}): Promise<Answer> {
    const { signal, timeout = patience } = call;
    const place = "socket" in this.#address ? { socketPath: this.#address.socket } : this.#address;
    const headers = {
      Accept: "application/sxp",
      Connection: "close",
      ...(form !== undefined && {
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": Buffer.byteLength(form),
      }),
    };
    const options: RequestOptions = { ...place, method, path, headers, agent: false, ...(signal && { signal }) };
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(this.#failure(error, signal));
      const asked = request(options, (answer) => readAnswer(answer).then(resolve, fail));
      asked.setTimeout(timeout, () => asked.destroy(new TooLate(timeout)));
      asked.on("error", fail);
      asked.end(form);
    });
  }

  #failure(error: Error, signal: AbortSignal | undefined): LibvirtError {
    if (error instanceof LibvirtError) return error;
    if (signal?.aborted) return new LibvirtError("OPERATION_ABORTED", "XEND", "xend: the caller gave up");
    if (error instanceof TooLate) return new LibvirtError("OPERATION_TIMEOUT", "XEND", error.message);
    const where = "socket" in this.#address ? this.#address.socket : `${this.#address.host}:${this.#address.port}`;
    return systemError("XEND", `cannot speak with xend at '${where}'`, error);
  }
}

class TooLate extends Error {
  constructor(timeout: number) {
    super(`xend did not answer in ${timeout} ms`);
  }
}

async function readAnswer(answer: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxAnswer) throw new LibvirtError("RPC", "XEND", `xend's answer is longer than ${maxAnswer} bytes`);
    chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") };
}

/** What xend complains of: in the status, or in an answer that begins with `(xend.err`. */
function complaintIn(status: number, body: string): string | null {
  const [, said] = /^\s*\(xend\.err\s+([\s\S]*)\)\s*$/.exec(body) ?? [];
  if (said !== undefined) return unquoted(said).slice(0, 2000);
  return status >= 200 && status < 300 ? null : `status ${status}: ${body.trim().slice(0, 2000)}`;
}

const unquoted = (text: string): string =>
  text
    .trim()
    .replace(/^(['"])([\s\S]*)\1$/, "$2")
    .replace(/\\(.)/g, "$1");
