/** Guests' consoles and channels as streams: one user at a time for each. */
import type { Duplex } from "node:stream";
import { type GuestPort, PortUsers, streamOf } from "../../../../driver/domain/consoles.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError, systemError } from "../../../../errors.ts";
import { openTerminal } from "../../../../host/pty.ts";
import { connectUnix } from "../../../../host/unix.ts";
import type { CharBackend, Domain as Definition } from "../../../../model/domain/index.ts";
import { DomainChannelFlags, DomainConsoleFlags } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";

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

const opened = (port: Port): GuestPort => ({ what: port.what, open: () => openPort(port) });

export function consoleHandlers(host: QemuHost): Handlers<"domainOpenConsole" | "domainOpenChannel"> {
  const users = portUsersOf(host);
  return {
    async domainOpenConsole({ dom, devName, flags }, call) {
      const { FORCE, SAFE } = DomainConsoleFlags;
      // Every console is safe: the root has one owner, and that one lets one user in.
      checkFlags(flags, FORCE | SAFE, "domainOpenConsole", "QEMU");
      const { id, definition } = host.finder.find(dom).running();
      await users.connect(
        id,
        opened(findConsole(definition, devName)),
        streamOf(call, "QEMU"),
        (flags & FORCE) !== 0,
        "console",
      );
    },
    async domainOpenChannel({ dom, name, flags }, call) {
      checkFlags(flags, DomainChannelFlags.FORCE, "domainOpenChannel", "QEMU");
      const { id, definition } = host.finder.find(dom).running();
      await users.connect(
        id,
        opened(findChannel(definition, name)),
        streamOf(call, "QEMU"),
        (flags & DomainChannelFlags.FORCE) !== 0,
        "channel",
      );
    },
  };
}

const known = new WeakMap<QemuHost, PortUsers>();

/** All connections to a root see the same users. */
function portUsersOf(host: QemuHost): PortUsers {
  const users = known.get(host) ?? new PortUsers("QEMU");
  known.set(host, users);
  return users;
}
