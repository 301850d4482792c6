/** Filters as commands for the firewalls of the host. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type FirewallPlan,
  type FrameSide,
  type PacketLine,
  planFirewall,
} from "../../../src/model/nwfilter/firewall/index.ts";
import { parseFilter } from "../../../src/model/nwfilter/index.ts";
import { dataFolder } from "../data.ts";
import { type Handler, input } from "../protocol.ts";

/** The letters of the chains' names while they are being filled. */
const frameLetters = { from: "J", to: "P" } as const;
const packetLetters = { from: "FJ", to: "FP", host: "HJ" } as const;

export const filterToFirewall: Handler = async (request) => {
  const { ifname, vars } = request.params as { ifname: string; vars: string };
  const values = JSON.parse(await readFile(join(dataFolder, "fixtures", vars), "utf8")) as Record<string, string[]>;
  const plan = planFirewall(parseFilter(await input(request)), () => undefined, new Map(Object.entries(values)));
  return commandsOf(plan, ifname)
    .map((words) => words.map(quoted).join(" "))
    .join("\n");
};

/** The commands one by one, without those that are the same for every filter. */
export function commandsOf(plan: FirewallPlan, port: string): string[][] {
  const ebtables = (...words: string[]) => ["ebtables", "--concurrent", "-t", "nat", ...words];
  const root = (side: FrameSide) => `libvirt-${frameLetters[side]}-${port}`;
  const inner = (side: FrameSide, chain: string) => `${frameLetters[side]}-${port}-${chain}`;
  const sides = (["from", "to"] as const).filter((side) => plan.root.some((step) => step.side === side));
  const hooks = { from: ["PREROUTING", "-i"], to: ["POSTROUTING", "-o"] } as const;
  // Both sides together are what is the same for every filter.
  const lone = sides.length === 1 ? sides : [];
  return [
    ...lone.map((side) => ebtables("-N", root(side))),
    ...plan.root.flatMap((step) => {
      if (step.kind === "rule") return [ebtables("-A", root(step.side), ...step.words)];
      const name = inner(step.side, step.chain);
      return [ebtables("-N", name), ebtables("-A", root(step.side), ...step.words, "-j", name)];
    }),
    ...plan.inner.map((line) => ebtables("-A", inner(line.side, line.chain), ...line.words)),
    ...packets("iptables", plan.ipv4, port),
    ...packets("ip6tables", plan.ipv6, port),
    ...lone.map((side) => ebtables("-A", ...hooks[side], port, "-j", root(side))),
  ];
}

const packets = (program: string, lines: readonly PacketLine[], port: string): string[][] =>
  lines.map(({ chain, words }) => [program, "-w", "-A", `${packetLetters[chain]}-${port}`, ...words]);

const quoted = (word: string): string => (/^[\w./:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
