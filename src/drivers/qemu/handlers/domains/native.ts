/** A domain's document as the command line that would start it (virConnectDomainXMLToNative). */
import { join } from "node:path";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { readDefinition } from "../../definitions.ts";
import type { QemuHost } from "../../host.ts";
import type { LaunchPlan } from "../../launch/plan.ts";
import { findHostFacts } from "../../run/host/facts.ts";
import type { GivenPorts } from "../../run/host/graphics-ports.ts";
import { findVolumes } from "../../run/images/volumes.ts";
import { type PlanOptions, planRun, prepareRun } from "../../run/plan.ts";

/** The one format that this driver's domains can be told in. */
const format = "qemu-argv";

/** Ports that nobody is asked for: the first ones there are. */
function somePorts(): GivenPorts {
  const from = (first: number) => {
    let next = first;
    return () => next++;
  };
  const displays = from(5900);
  return { vnc: displays, spice: displays, websocket: from(5700), release: () => {} };
}

function tapOf({ devices }: Definition, alias: string): string | undefined {
  const index = devices.interfaces.findIndex((card) => card.alias === alias);
  const card = devices.interfaces[index];
  const type = card?.connection.type;
  if (type !== "bridge" && type !== "network" && type !== "ethernet" && type !== "direct") return undefined;
  return card?.target?.dev ?? `vnet${index}`;
}

async function planOf(host: QemuHost, xml: string): Promise<LaunchPlan> {
  const { definition, capabilities } = await readDefinition(host, xml);
  await findVolumes(host.peers, definition);
  const options: PlanOptions = {
    capabilities,
    folder: host.layout.domainFolder(0, definition.name),
    channelFolder: join(host.layout.channels, definition.name),
    ports: somePorts(),
    lent: new Map(),
    found: await findHostFacts(host, definition),
    tapOf,
  };
  await prepareRun(host, definition, options);
  return planRun(host, definition, options);
}

/** A word as a shell reads it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** One option with its value on each line. */
function commandLine({ env, emulator, args }: LaunchPlan): string {
  const lines = [...Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`), quoted(emulator)];
  for (const arg of args) {
    const value = lines.at(-1)?.startsWith("-") === true && !lines.at(-1)?.includes(" ") && !arg.startsWith("-");
    if (value) lines.push(`${lines.pop()} ${quoted(arg)}`);
    else lines.push(quoted(arg));
  }
  return `${lines.join(" \\\n")}\n`;
}

export function nativeHandlers(host: QemuHost): Handlers<"connectDomainXmlToNative"> {
  return {
    async connectDomainXmlToNative({ nativeFormat, domainXml, flags }) {
      checkFlags(flags, 0, "connectDomainXmlToNative", "QEMU");
      if (nativeFormat !== format) {
        throw new LibvirtError("INVALID_ARG", "QEMU", `unsupported config type ${nativeFormat}: it must be ${format}`);
      }
      return { nativeConfig: commandLine(await planOf(host, domainXml)) };
    },
  };
}
