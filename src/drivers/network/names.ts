/** What a network gets when its definition does not say it: the name of its bridge, and the bridge's address. */
import { randomBytes } from "node:crypto";
import { LibvirtError } from "../../errors.ts";
import { deviceExists } from "../../host/tap.ts";
import { ownsBridge } from "../../model/network/complete.ts";
import type { Network } from "../../model/network/index.ts";
import type { HostNetwork } from "./host.ts";

const standardForm = "virbr%d";
/** How many numbers are tried. */
const maxNumber = 1024;

/**
 * The definition with its bridge's name and address.
 * @throws {LibvirtError} INTERNAL_ERROR when another network has the bridge
 */
export async function withNames(definition: Network, networks: Iterable<HostNetwork>): Promise<Network> {
  if (!ownsBridge(definition)) return definition;
  const form = definition.bridge?.name ?? standardForm;
  const taken = bridgesOf(networks, definition.name);
  if (!form.includes("%d") && taken.has(form)) {
    throw new LibvirtError("INTERNAL_ERROR", "NETWORK", `bridge name '${form}' already in use.`);
  }
  const name = form.includes("%d") ? await freeName(form, taken) : form;
  const { bridge, mac } = definition;
  return { ...definition, bridge: { ...bridge, name } as Network["bridge"], mac: mac ?? { address: randomMac() } };
}

/** The bridges of all other networks, as they are defined and as they run. */
function bridgesOf(networks: Iterable<HostNetwork>, except: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, config, live } of networks) {
    if (name === except) continue;
    for (const bridge of [config.bridge?.name, live?.bridge?.name]) if (bridge !== undefined) names.add(bridge);
  }
  return names;
}

async function freeName(form: string, taken: ReadonlySet<string>): Promise<string> {
  for (let number = 0; number <= maxNumber; number++) {
    const name = form.replace("%d", String(number));
    if (!taken.has(name) && !(await deviceExists(name))) return name;
  }
  throw new LibvirtError("INTERNAL_ERROR", "NETWORK", `Bridge generation exceeded max id ${maxNumber}`);
}

/** An address of those that QEMU's guests have: 52:54:00 and three bytes of chance. */
function randomMac(): string {
  return ["52", "54", "00", ...[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}
