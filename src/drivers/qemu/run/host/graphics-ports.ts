/** Ports of the host that guests' graphics listen at. */
import { createServer } from "node:net";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import type { SettingValues } from "../../settings/index.ts";

/** Ports that were found free for one start, each given once. */
export interface GivenPorts {
  readonly vnc: () => number;
  readonly websocket: () => number;
  readonly spice: () => number;
  /** To be called when QEMU listens, or when nothing came of the start. */
  release(): void;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Ports that are given and at which nobody listens yet: starts at the same time get different ones. */
const given = new Set<number>();

/** Finds as many free ports as a definition's graphics may need. */
export async function findPorts({ devices }: Definition, settings: SettingValues): Promise<GivenPorts> {
  const display = { first: settings.remote_display_port_min, last: settings.remote_display_port_max };
  const websocket = { first: settings.remote_websocket_port_min, last: settings.remote_websocket_port_max };
  const graphics = devices.graphics.filter(({ type }) => type === "vnc" || type === "spice");
  const displays: number[] = [];
  const sockets: number[] = [];
  const release = (): void => {
    for (const port of [...displays, ...sockets]) given.delete(port);
  };
  try {
    for (const { type } of graphics) {
      displays.push(await freePort(display));
      // SPICE has a port of its own for what is encrypted; VNC may have one for browsers.
      if (type === "spice") displays.push(await freePort(display));
      else sockets.push(await freePort(websocket));
    }
  } catch (error) {
    release();
    throw error;
  }
  const next = (ports: readonly number[]): (() => number) => {
    let at = 0;
    return () => {
      const port = ports[at++];
      if (port === undefined) throw new LibvirtError("INTERNAL_ERROR", "QEMU", "Unable to find an unused port");
      return port;
    };
  };
  const nextDisplay = next(displays);
  return { vnc: nextDisplay, spice: nextDisplay, websocket: next(sockets), release };
}

async function freePort({ first, last }: Range): Promise<number> {
  for (let port = first; port <= last; port++) {
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
    given.delete(port);
  }
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", `Unable to find an unused port in range '${first}-${last}'`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    // Without a host it is all addresses, of both versions where the host has them.
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
