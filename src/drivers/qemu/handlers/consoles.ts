/** Guests' consoles and channels as streams: one user at a time for each. */
import type { Duplex } from "node:stream";
import { checkFlags } from "../../../driver/flags.ts";
import type { CallContext, Handlers } from "../../../driver/handler.ts";
import { LibvirtError, systemError } from "../../../errors.ts";
import { openTerminal } from "../../../host/pty.ts";
import { connectUnix } from "../../../host/unix.ts";
import type { CharBackend, Domain as Definition } from "../../../model/domain/index.ts";
import { DomainChannelFlags, DomainConsoleFlags } from "../../../protocol/index.ts";
import { isHole, type StreamChunk, type StreamEnd } from "../../../rpc/stream.ts";
import type { QemuHost } from "../host.ts";
import { findDomain } from "./find.ts";

/** The host's end of a port, and how it is called in errors. */
interface Port {
  readonly what: string;
  readonly backend: CharBackend;
}

function missing(what: string, name: string | null): LibvirtError {
  return new LibvirtError("INTERNAL_ERROR", "QEMU", `cannot find ${what} '${name ?? "default"}'`);
}

/** The console with an alias, or the guest's first one. */
function findConsole({ devices }: Definition, name: string | null): Port {
  const { consoles, serials, parallels } = devices;
  // The first console is the first serial port under another name.
  const first = consoles[0]?.target.type === "serial" ? serials[0] : (consoles[0] ?? serials[0]);
  const named = [...serials, ...parallels, ...consoles].find(({ alias }) => alias === name);
  const found = name === null ? first : named;
  if (found) return { what: `character device ${found.alias ?? name ?? ""}`, backend: found.backend };
  throw missing("character device", name);
}

/** The channel that the guest knows by a name, or the first one. */
function findChannel({ devices: { channels } }: Definition, name: string | null): Port {
  const found =
    name === null
      ? channels[0]
      : channels.find(({ target, alias }) => alias === name || ("name" in target && target.name === name));
  if (!found) throw missing("channel", name);
  if (found.backend.type !== "unix") {
    throw new LibvirtError("INTERNAL_ERROR", "QEMU", `channel ${name ?? found.alias} is not using a UNIX socket`);
  }
  return { what: `channel ${name ?? found.alias}`, backend: found.backend };
}

async function openPort({ what, backend }: Port): Promise<Duplex> {
  const path = backend.type === "pty" || backend.type === "unix" ? backend.source?.path : undefined;
  if (path === undefined) {
    throw new LibvirtError("INTERNAL_ERROR", "QEMU", `${what} is not using a PTY or a UNIX socket`);
  }
  if (backend.type === "pty") return openTerminal(path, "QEMU");
  return connectUnix(path).catch((error) => {
    throw systemError("QEMU", `cannot open ${what}`, error);
  });
}

/** Who uses which port of which run; a terminal's name may come back with the next run. */
class PortUsers {
  readonly #users = new Map<string, StreamEnd>();

  /** Connects a stream with a port; another user is refused, or made to leave by force. */
  async connect(run: number, port: Port, stream: StreamEnd, force: boolean, what: string): Promise<void> {
    const key = `${run} ${port.what}`;
    const user = this.#users.get(key);
    if (user && !force) {
      throw new LibvirtError("OPERATION_FAILED", "QEMU", `Active ${what} session exists for this domain`);
    }
    user?.destroy(new LibvirtError("OPERATION_ABORTED", "QEMU", `the ${what} was taken over by another session`));
    this.#users.set(key, stream);
    const forget = () => {
      if (this.#users.get(key) === stream) this.#users.delete(key);
    };
    try {
      join(stream, await openPort(port), forget);
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/** Bytes go both ways until either side ends; then both have ended. */
function join(stream: StreamEnd, device: Duplex, ended: () => void): void {
  stream.on("data", (chunk: StreamChunk) => {
    if (isHole(chunk)) stream.destroy(new LibvirtError("INVALID_STREAM", "QEMU", "a console takes no holes"));
    else if (!device.write(chunk)) stream.pause();
  });
  device.on("drain", () => stream.resume());
  device.on("data", (chunk: Buffer) => {
    if (!stream.write(chunk)) device.pause();
  });
  stream.on("drain", () => device.resume());
  device.on("error", () => device.destroy());
  device.on("close", () => stream.end());
  stream.on("end", () => {
    stream.end();
    device.destroy();
  });
  stream.on("close", () => {
    ended();
    device.destroy();
  });
  if (stream.destroyed) {
    ended();
    device.destroy();
  }
}

function streamOf({ stream }: CallContext): StreamEnd {
  if (stream) return stream;
  throw new LibvirtError("INVALID_STREAM", "QEMU", "a stream is needed");
}

export function consoleHandlers(host: QemuHost): Handlers<"domainOpenConsole" | "domainOpenChannel"> {
  const users = portUsersOf(host);
  return {
    async domainOpenConsole({ dom, devName, flags }, call) {
      const { FORCE, SAFE } = DomainConsoleFlags;
      // Every console is safe: the root has one owner, and that one lets one user in.
      checkFlags(flags, FORCE | SAFE, "domainOpenConsole", "QEMU");
      const { id, definition } = findDomain(host, dom).running();
      await users.connect(id, findConsole(definition, devName), streamOf(call), (flags & FORCE) !== 0, "console");
    },
    async domainOpenChannel({ dom, name, flags }, call) {
      checkFlags(flags, DomainChannelFlags.FORCE, "domainOpenChannel", "QEMU");
      const { id, definition } = findDomain(host, dom).running();
      await users.connect(
        id,
        findChannel(definition, name),
        streamOf(call),
        (flags & DomainChannelFlags.FORCE) !== 0,
        "channel",
      );
    },
  };
}

const known = new WeakMap<QemuHost, PortUsers>();

/** All connections to a root see the same users. */
function portUsersOf(host: QemuHost): PortUsers {
  const users = known.get(host) ?? new PortUsers();
  known.set(host, users);
  return users;
}
