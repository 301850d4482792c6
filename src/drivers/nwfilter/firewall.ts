/** Filters at work on the host: rules of ebtables, iptables and ip6tables for one port at a time. */
import { readFile } from "node:fs/promises";
import { LibvirtError } from "../../errors.ts";
import { runProgram } from "../../host/program.ts";
import type { FirewallPlan, PacketLine } from "../../model/nwfilter/firewall/index.ts";
import { framesInput, packetsInput } from "./restore.ts";

const domain = "NWFILTER";
/** In milliseconds: a host with many rules takes its time, and others may hold its lock. */
const timeout = 120_000;

/** Changes follow each other, for they look at what there is first; the rules are the host's, not one root's. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work, work);
  last = turn.catch(() => {});
  return turn;
}

async function run(program: string, args: readonly string[], input?: string): Promise<string> {
  try {
    return await runProgram(program, args, { domain, timeout, ...(input !== undefined && { input }) });
  } catch (error) {
    if ((error as { cause?: { code?: unknown } }).cause?.code !== "ENOENT") throw error;
    const text = `network filters need ${program}, which is not installed`;
    throw new LibvirtError("OPERATION_UNSUPPORTED", domain, text, { cause: error });
  }
}

const packetPrograms = [
  { program: "iptables", family: "ipv4", sysctl: "bridge-nf-call-iptables" },
  { program: "ip6tables", family: "ipv6", sysctl: "bridge-nf-call-ip6tables" },
] as const;

async function setFrames(port: string, plan: FirewallPlan | undefined): Promise<void> {
  const input = framesInput(port, plan, await run("ebtables-save", ["-t", "nat"]));
  if (input !== "") await run("ebtables-restore", ["--noflush"], input);
}

async function setPackets(port: string, plan: FirewallPlan | undefined): Promise<void> {
  for (const { program, family, sysctl } of packetPrograms) {
    const rules: readonly PacketLine[] = plan?.[family] ?? [];
    const listing = run(program, ["-w", "-S"]);
    // A host without IPv6 has nothing that could be taken away.
    const input = packetsInput(port, rules, await (rules.length === 0 ? listing.catch(() => "") : listing));
    if (input !== "") await run(`${program}-restore`, ["--noflush", "--wait"], input);
    if (rules.length > 0) await checkBridged(program, sysctl);
  }
}

/** Rules that no packet of a bridge comes to would protect nobody. */
async function checkBridged(program: string, sysctl: string): Promise<void> {
  const value = await readFile(`/proc/sys/net/bridge/${sysctl}`, "utf8").catch(() => "missing");
  if (value.trim() === "1") return;
  throw new LibvirtError(
    "OPERATION_UNSUPPORTED",
    domain,
    `packets that pass bridges do not come to ${program} on this host; let them: load the kernel module br_netfilter, and sysctl net.bridge.${sysctl}=1`,
  );
}

async function set(port: string, plan: FirewallPlan | undefined): Promise<void> {
  await setFrames(port, plan);
  await setPackets(port, plan);
}

/**
 * Puts a plan to work on a port, in place of what is at work there. Frames go by the old or the new rules, never by none.
 * @param before what to go back to when that fails
 * @throws LibvirtError what the firewalls' programs say; OPERATION_UNSUPPORTED when they are not there
 */
export function setRules(port: string, plan: FirewallPlan, before?: FirewallPlan): Promise<void> {
  return inTurn(async () => {
    try {
      await set(port, plan);
    } catch (error) {
      await set(port, before).catch(() => {});
      throw error;
    }
  });
}

/** Takes a port's rules away, as far as there are any. */
export const clearRules = (port: string): Promise<void> => inTurn(() => set(port, undefined));
