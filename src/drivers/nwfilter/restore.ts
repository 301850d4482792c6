/** Plans as input for the firewalls' `-restore` programs, which do all of it or nothing: pure. */
import { LibvirtError } from "../../errors.ts";
import type { FirewallPlan, FrameSide, PacketLine } from "../../model/nwfilter/firewall/index.ts";

/** The names of ports whose rules can be written. */
const portName = /^[A-Za-z0-9_.-]{1,15}$/;

/** @throws LibvirtError INVALID_ARG for a port whose name would not stay one word. */
export function checkPort(port: string): void {
  if (portName.test(port)) return;
  throw new LibvirtError("INVALID_ARG", "NWFILTER", `'${port}' cannot be the name of a port with filters`);
}

/** One word as the programs read it. */
function quoted(word: string): string {
  if (/^[\w./:,%+=!-]+$/.test(word)) return word;
  for (const letter of word) {
    if (letter >= " " && letter !== "\x7f") continue;
    throw new LibvirtError("XML_ERROR", "NWFILTER", `${JSON.stringify(word)} holds what a firewall does not take`);
  }
  return `"${word.replaceAll(/["\\]/g, "\\$&")}"`;
}

const line = (...words: readonly string[]): string => words.map(quoted).join(" ");

const frameLetters = { from: "I", to: "O" } as const;
const frameHooks = { from: ["PREROUTING", "-i"], to: ["POSTROUTING", "-o"] } as const;
const sides: readonly FrameSide[] = ["from", "to"];

const rootChain = (side: FrameSide, port: string): string => `libvirt-${frameLetters[side]}-${port}`;

/** The rules of a table as `-save` and `-S` print them: `-A CHAIN ...`, cut in words. */
export function rulesOf(listing: string): string[][] {
  const lines = listing.split("\n").filter((text) => text.startsWith("-A "));
  return lines.map((text) => text.trim().split(" "));
}

/** The chains of a table as they are printed: `:CHAIN POLICY`, or `-N CHAIN`. */
function chainsOf(listing: string): Set<string> {
  return new Set([...listing.matchAll(/^(?:-N |:)(\S+)/gm)].map(([, name = ""]) => name));
}

/** What takes chains and what leads to them away. Rules of a chain come first: a chain that is used cannot go. */
const dropped = (chains: readonly string[]): string[] => [
  ...chains.map((chain) => line("-F", chain)),
  ...chains.map((chain) => line("-X", chain)),
];

/**
 * Input for `ebtables-restore --noflush`: the plan's rules for a port in place of those that are there.
 * @param listing what `ebtables-save -t nat` says
 * @param plan undefined takes the port's rules away
 */
export function framesInput(port: string, plan: FirewallPlan | undefined, listing: string): string {
  const steps = plan?.root ?? [];
  const inner = (side: FrameSide, chain: string) => `${frameLetters[side]}-${port}-${chain}`;
  const used = sides.filter((side) => steps.some((step) => step.side === side));
  const roots = used.map((side) => rootChain(side, port));
  const chains = steps.flatMap((step) => (step.kind === "chain" ? [inner(step.side, step.chain)] : []));
  const wanted = [...roots, ...chains];
  const there = framesThere(port, listing);
  const lines = [
    ...there.hooks,
    // A chain that is named is emptied.
    ...wanted.map((chain) => `:${quoted(chain)} ACCEPT`),
    ...dropped(there.chains.filter((chain) => !wanted.includes(chain))),
    ...steps.map((step) => {
      const target = step.kind === "chain" ? ["-j", inner(step.side, step.chain)] : [];
      return line("-A", rootChain(step.side, port), ...step.words, ...target);
    }),
    ...(plan?.inner ?? []).map(({ side, chain, words }) => line("-A", inner(side, chain), ...words)),
    ...used.map((side) => line("-A", ...frameHooks[side], port, "-j", rootChain(side, port))),
  ];
  return lines.length === 0 ? "" : ["*nat", ...lines, "COMMIT", ""].join("\n");
}

/** What a table holds for a port: lines that take away the ways to its chains, and the chains. */
function framesThere(port: string, listing: string): { hooks: string[]; chains: string[] } {
  const known = chainsOf(listing);
  const rules = rulesOf(listing);
  const roots = sides.map((side) => rootChain(side, port));
  const hooks = rules.filter(([, , ...words]) => words[2] === "-j" && roots.includes(words[3] ?? ""));
  // Chains below are found by what leads to them: a port's name may begin like another's.
  const below = rules
    .filter(([, chain = ""]) => roots.includes(chain))
    .map((words) => words[words.indexOf("-j") + 1] ?? "");
  const own = below.filter((chain) => known.has(chain) && chain.includes(`-${port}-`));
  return {
    hooks: hooks.map(([, ...words]) => line("-D", ...words)),
    chains: [...roots.filter((chain) => known.has(chain)), ...new Set(own)],
  };
}

const packetLetters = { from: "FI", to: "FO", host: "HI" } as const;

/** The chains that all ports share, and what leads to them. */
const sharedChains = ["libvirt-in", "libvirt-out", "libvirt-in-post", "libvirt-host-in"] as const;
const sharedHooks = [
  ["FORWARD", "1", "libvirt-in"],
  ["FORWARD", "2", "libvirt-out"],
  ["FORWARD", "3", "libvirt-in-post"],
  ["INPUT", "1", "libvirt-host-in"],
] as const;

const comes = (port: string) => ["-m", "physdev", "--physdev-in", port];
const goes = (port: string) => ["-m", "physdev", "--physdev-out", port, "--physdev-is-bridged"];

/**
 * Input for `iptables-restore --noflush` or that of IPv6: the rules for a port in place of those that are there.
 * @param listing what `iptables -S` says
 */
export function packetsInput(port: string, rules: readonly PacketLine[], listing: string): string {
  const chain = (letters: string) => `${letters}-${port}`;
  const own = Object.values(packetLetters).map(chain);
  const known = chainsOf(listing);
  const there = rulesOf(listing);
  const old = there.filter(
    ([, at = "", ...words]) =>
      (sharedChains as readonly string[]).includes(at) &&
      words.some((word, index) => /^--physdev-(in|out)$/.test(word) && words[index + 1] === port),
  );
  const gone = old.map(([, ...words]) => line("-D", ...words));
  const lines =
    rules.length === 0
      ? [...gone, ...dropped(own.filter((name) => known.has(name)))]
      : [
          ...sharedChains.filter((name) => !known.has(name)).map((name) => `:${name} - [0:0]`),
          ...sharedWays(there),
          ...gone,
          ...own.map((name) => `:${quoted(name)} - [0:0]`),
          ...rules.map(({ chain: which, words }) => line("-A", chain(packetLetters[which]), ...words)),
          line("-A", "libvirt-out", ...goes(port), "-g", chain("FO")),
          line("-A", "libvirt-in", ...comes(port), "-g", chain("FI")),
          line("-A", "libvirt-host-in", ...comes(port), "-g", chain("HI")),
          line("-A", "libvirt-in-post", ...comes(port), "-j", "ACCEPT"),
        ];
  return lines.length === 0 ? "" : ["*filter", ...lines, "COMMIT", ""].join("\n");
}

/** The ways to the shared chains, made anew where they are not as they should be. */
function sharedWays(there: readonly string[][]): string[] {
  const ways = there.filter(
    ([, , flag, target = ""]) => flag === "-j" && (sharedChains as readonly string[]).includes(target),
  );
  const right = sharedHooks.every(([from, place, to]) => {
    const at = there.filter(([, chain]) => chain === from)[Number(place) - 1];
    return at?.length === 4 && at[2] === "-j" && at[3] === to;
  });
  if (right) return [];
  return [
    ...ways.map(([, ...words]) => line("-D", ...words)),
    ...sharedHooks.map(([from, place, to]) => line("-I", from, place, "-j", to)),
  ];
}
