/** The host's ends of guests' network cards: tap devices, made and put away by `ip`. */
import { access, readFile } from "node:fs/promises";
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import { runProgram } from "./program.ts";

export interface TapOptions {
  /** The device's name; where it is missing or has `%d` in it, a free number is found: `vnet%d`. */
  readonly name?: string;
  /** The bridge it becomes a port of. */
  readonly bridge?: string;
  /** The device's own address: not the guest's, which the bridge would take for its own. */
  readonly mac?: string;
  /** In bytes; the bridge's, or the kernel's own, unless given. */
  readonly mtu?: number;
  /** Who may open it besides root. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** It passes packets to no other isolated port of its bridge. */
  readonly isolated?: boolean;
  /** Several queues of packets, each with a descriptor of its own. */
  readonly multiQueue?: boolean;
  readonly domain: ErrorDomainName;
}

const maxName = 15;
const defaultName = "vnet%d";
/** How often another name is tried when somebody else has taken the one that was free. */
const maxTries = 100;

/** Numbers that were given in this process, by the form of the name: none is given twice. */
const lastNumbers = new Map<string, number>();

/**
 * The address of a guest's card as its tap device has it. A bridge takes the lowest address of its ports for its own:
 * with this first byte, it is never a guest's.
 */
export function tapAddress(guestMac: string): string {
  return `fe${guestMac.slice(2)}`;
}

/**
 * Makes a tap device, up and in its bridge, and gives its name.
 * @throws {LibvirtError} INVALID_ARG for a name that cannot be one, and what `ip` says when it refuses
 */
export async function createTap(options: TapOptions): Promise<string> {
  const form = options.name ?? defaultName;
  checkName(form.replace("%d", "0"), options.domain);
  if (options.bridge !== undefined) {
    checkName(options.bridge, options.domain);
    if (!(await deviceExists(`${options.bridge}/bridge`))) throw noBridge(options.bridge, options.domain);
  }
  if (!form.includes("%d")) {
    await make(form, options);
    return form;
  }
  return makeNumbered(form, options);
}

async function makeNumbered(form: string, options: TapOptions): Promise<string> {
  for (let tries = 0; ; tries++) {
    const number = (lastNumbers.get(form) ?? -1) + 1;
    lastNumbers.set(form, number);
    const name = form.replace("%d", String(number));
    if (await deviceExists(name)) continue;
    try {
      await make(name, options);
      return name;
    } catch (error) {
      // Another program may have been faster; that the name is taken tells it from all other faults.
      if (tries >= maxTries || !(await deviceExists(name))) throw error;
    }
  }
}

/** One run of `ip` for all: what it made is put away again when a later line fails. */
async function make(name: string, options: TapOptions): Promise<void> {
  const { domain, owner, mac, bridge, multiQueue } = options;
  const mtu = options.mtu ?? (bridge === undefined ? undefined : await mtuOf(bridge));
  const add = ["tuntap", "add", "dev", name, "mode", "tap", "vnet_hdr"];
  if (multiQueue === true) add.push("multi_queue");
  if (owner !== undefined) add.push("user", String(owner.uid), "group", String(owner.gid));
  await runProgram("ip", add, { domain });
  const set = ["link", "set", "dev", name];
  if (mac !== undefined) set.push("address", mac);
  if (mtu !== undefined) set.push("mtu", String(mtu));
  if (bridge !== undefined) set.push("master", bridge);
  set.push("up");
  try {
    await runProgram("ip", set, { domain });
    if (options.isolated === true) {
      await runProgram("ip", ["link", "set", "dev", name, "type", "bridge_slave", "isolated", "on"], { domain });
    }
  } catch (error) {
    await deleteTap(name, domain);
    throw error;
  }
}

/** A port whose packets must be smaller than the bridge's would lose what others send. */
async function mtuOf(bridge: string): Promise<number | undefined> {
  const text = await readFile(`/sys/class/net/${bridge}/mtu`, "utf8").catch(() => "");
  return /^\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}

/** Puts a tap device away; one that is gone already is fine. */
export async function deleteTap(name: string, domain: ErrorDomainName): Promise<void> {
  try {
    await runProgram("ip", ["link", "delete", "dev", name], { domain });
  } catch (error) {
    if (await deviceExists(name)) throw error;
  }
}

/** Whether a network device, or a part of one (`br0/bridge`), is there. */
export function deviceExists(path: string): Promise<boolean> {
  return access(`/sys/class/net/${path}`).then(
    () => true,
    () => false,
  );
}

function checkName(name: string, domain: ErrorDomainName): void {
  if (name !== "" && name.length <= maxName && !/[/\s\0:%]/.test(name) && name !== "." && name !== "..") return;
  throw new LibvirtError("INVALID_ARG", domain, `'${name}' cannot be the name of a network device`);
}

function noBridge(name: string, domain: ErrorDomainName): LibvirtError {
  return new LibvirtError(
    "SYSTEM_ERROR",
    domain,
    `Cannot get interface MTU on '${name}': No such device; make the bridge first: ip link add ${name} type bridge`,
  );
}
