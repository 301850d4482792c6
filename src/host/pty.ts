/** The terminals (/dev/pts/N) that an emulator makes for serial ports and consoles. */
import { close, constants, open } from "node:fs";
import type { Duplex } from "node:stream";
import { ReadStream } from "node:tty";
import { promisify } from "node:util";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";

/** Names of terminals. The emulator tells them, and its guest may have taken it over: nothing else is opened. */
const TERMINAL = /^\/dev\/pts\/\d{1,10}$/;

/** It must not become our controlling terminal, and a full one must not stop us. */
const FLAGS = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;

const openDescriptor = promisify(open);

/**
 * Opens a terminal for reading and writing. It is in the mode that the emulator has set, which passes bytes as they
 * are. The stream ends when the emulator closes its side; destroying the stream leaves the emulator's side open.
 */
export async function openTerminal(path: string, domain: ErrorDomainName): Promise<Duplex> {
  if (!TERMINAL.test(path)) throw new LibvirtError("INTERNAL_ERROR", domain, `'${path}' is no terminal`);
  // The runtime of the shell's single file: its terminals neither wait nor write.
  if ("bun" in process.versions) {
    throw new LibvirtError("OPERATION_UNSUPPORTED", domain, "consoles of guests in this process need Node.js");
  }
  const descriptor = await openDescriptor(path, FLAGS, 0).catch((error) => {
    throw systemError(domain, `cannot open terminal '${path}'`, error);
  });
  try {
    // In spite of its name it writes as well, and without ever blocking; tty.WriteStream blocks this program while the
    // guest does not read.
    const stream = new Terminal(descriptor);
    if (descriptorOf(stream) !== descriptor) close(descriptor);
    return stream;
  } catch (error) {
    close(descriptor);
    throw systemError(domain, `cannot use terminal '${path}'`, error);
  }
}

/** The kernel tells a reader of the other side's end by the end of the data, or for a moment by EIO: both are the end. */
class Terminal extends ReadStream {
  override destroy(error?: Error): this {
    if (!isHangUp(error) || this.readableEnded) return super.destroy(error);
    this.push(null);
    this.read(0);
    return this;
  }
}

function isHangUp(error: NodeJS.ErrnoException | undefined): boolean {
  return error?.code === "EIO" && error.syscall === "read";
}

/**
 * What a stream reads from. Node opens a terminal a second time, as it must with its own standard input, and closes only
 * that one at the end. Nothing public tells.
 */
function descriptorOf(stream: ReadStream): number | undefined {
  return (stream as ReadStream & { readonly _handle?: { readonly fd?: number } })._handle?.fd;
}
