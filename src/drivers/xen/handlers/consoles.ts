/** Guests' consoles as streams. */
import { PortUsers, streamOf } from "../../../driver/domain/consoles.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { openTerminal } from "../../../host/pty.ts";
import { DomainConsoleFlags } from "../../../protocol/index.ts";
import type { XenHost } from "../host.ts";

/** The consoles that a guest has in the store: its own, and the emulated ports of one with hardware virtualization. */
function placeOf(id: number, name: string | null): string {
  const [, kind, number] = /^(console|serial)(\d{1,2})$/.exec(name ?? "console0") ?? [];
  if (kind === undefined) throw new LibvirtError("INTERNAL_ERROR", "XEN", `cannot find character device '${name}'`);
  if (kind === "serial") return `/local/domain/${id}/serial/${number}/tty`;
  return number === "0" ? `/local/domain/${id}/console/tty` : `/local/domain/${id}/device/console/${number}/tty`;
}

export function consoleHandlers(host: XenHost): Handlers<"domainOpenConsole"> {
  return {
    async domainOpenConsole({ dom, devName, flags }, call) {
      const { FORCE, SAFE } = DomainConsoleFlags;
      checkFlags(flags, FORCE | SAFE, "domainOpenConsole", "XEN");
      await host.look();
      const { id } = host.finder.find(dom).guest();
      const tty = await host.roads.store.read(placeOf(id, devName));
      const what = `character device ${devName ?? "console0"}`;
      if (tty === null || !tty.startsWith("/dev/")) {
        throw new LibvirtError("INTERNAL_ERROR", "XEN", `${what} has no terminal: xenconsoled gives one where it runs`);
      }
      const port = { what, open: async () => openTerminal(tty, "XEN") };
      await usersOf(host).connect(id, port, streamOf(call, "XEN"), (flags & FORCE) !== 0, "console");
    },
  };
}

const known = new WeakMap<XenHost, PortUsers>();

/** All connections to a root see the same users. */
function usersOf(host: XenHost): PortUsers {
  const users = known.get(host) ?? new PortUsers("XEN");
  known.set(host, users);
  return users;
}
