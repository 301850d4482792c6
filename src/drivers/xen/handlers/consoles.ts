/** Guests' consoles as streams. */
import { PortUsers, streamOf } from "../../../driver/domain/consoles.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { openTerminal } from "../../../host/pty.ts";
import { DomainConsoleFlags } from "../../../protocol/index.ts";
import type { LiveDomain } from "../domain/domain.ts";
import { consoleTty, isOnSerial, serialTty } from "../domain/terminals.ts";
import type { XenHost } from "../host.ts";

/** The terminal of a device: of the first console where none is named, or else of the first serial port. */
function ttyOf({ id, definition: { devices } }: LiveDomain, name: string | null): string {
  if (name === null) {
    const [console] = devices.consoles;
    return (console ? isOnSerial(console) : devices.serials.length > 0) ? serialTty(id, 0) : consoleTty(id);
  }
  const [, kind, number] = /^(console|serial)(\d{1,2})$/.exec(name) ?? [];
  if (kind === undefined) throw new LibvirtError("INTERNAL_ERROR", "XEN", `cannot find character device '${name}'`);
  return (kind === "serial" ? serialTty : consoleTty)(id, Number(number));
}

export function consoleHandlers(host: XenHost): Handlers<"domainOpenConsole"> {
  return {
    async domainOpenConsole({ dom, devName, flags }, call) {
      const { FORCE, SAFE } = DomainConsoleFlags;
      checkFlags(flags, FORCE | SAFE, "domainOpenConsole", "XEN");
      const live = (await host.finder.seek(dom)).guest();
      const tty = await host.roads.store.read(ttyOf(live, devName));
      const what = `character device ${devName ?? "console0"}`;
      if (tty === null || !tty.startsWith("/dev/")) {
        throw new LibvirtError("INTERNAL_ERROR", "XEN", `${what} has no terminal: xenconsoled gives one where it runs`);
      }
      const port = { what, open: async () => openTerminal(tty, "XEN") };
      await usersOf(host).connect(live.id, port, streamOf(call, "XEN"), (flags & FORCE) !== 0, "console");
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
