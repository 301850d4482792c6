/** The firewall of networks as the host has it: rules are made and taken away together, by `iptables-restore`. */
import { LibvirtError } from "../../errors.ts";
import { runProgram } from "../../host/program.ts";
import type { IpFamily } from "../../model/common/ip.ts";
import { type FirewallRule, firewallChains, firewallCommand, type RuleAct } from "../../model/network/firewall.ts";

const domain = "NETWORK";
const tables = ["filter", "nat", "mangle"] as const;
const listing = { ipv4: "iptables", ipv6: "ip6tables" } as const;
const restoring = { ipv4: "iptables-restore", ipv6: "ip6tables-restore" } as const;

/** Changes follow each other: two at a time would both find that a chain is missing. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work, work);
  last = turn.catch(() => {});
  return turn;
}

/** Lines for iptables-restore, by table. */
type Lines = ReadonlyMap<string, readonly string[]>;

function restore(family: IpFamily, lines: Lines): Promise<string> {
  const input = [...lines].map(([table, own]) => [`*${table}`, ...own, "COMMIT", ""].join("\n")).join("");
  return runProgram(restoring[family], ["--noflush", "--wait"], { input, domain });
}

function byTable<T extends { readonly table: string }>(items: readonly T[], line: (item: T) => string[]): Lines {
  return new Map(
    tables.flatMap((table) => {
      const lines = items.filter((item) => item.table === table).flatMap(line);
      return lines.length === 0 ? [] : [[table, lines] as const];
    }),
  );
}

const ruleLine = (act: RuleAct) => (rule: FirewallRule) => [[act, rule.chain, ...rule.words].join(" ")];

/** Makes the chains that are missing, and the ways that lead to them. */
async function makeChains(family: IpFamily): Promise<void> {
  const known = new Map<string, string>();
  for (const table of tables) {
    known.set(table, await runProgram(listing[family], ["-w", "--table", table, "--list-rules"], { domain }));
  }
  const lines = byTable(firewallChains, ({ table, chain, from }) => {
    const rules = (known.get(table) ?? "").split("\n");
    return [
      ...(rules.includes(`-N ${chain}`) ? [] : [`--new-chain ${chain}`]),
      ...(rules.includes(`-A ${from} -j ${chain}`) ? [] : [`--insert ${from} --jump ${chain}`]),
    ];
  });
  if (lines.size > 0) await restore(family, lines);
}

const families: readonly IpFamily[] = ["ipv4", "ipv6"];

/**
 * Makes the rules of a network, all or none.
 * @throws {LibvirtError} what iptables says
 */
export function addRules(rules: readonly FirewallRule[]): Promise<void> {
  return inTurn(async () => {
    const needed = rules.filter(({ optional }) => optional !== true);
    const made: FirewallRule[] = [];
    try {
      for (const family of families) {
        const own = needed.filter((rule) => rule.family === family);
        if (own.length === 0) continue;
        await makeChains(family);
        await restore(family, byTable(own, ruleLine("--insert")));
        made.push(...own);
      }
    } catch (error) {
      await takeAway(made);
      throw withoutIptables(error);
    }
    for (const rule of rules) if (rule.optional === true) await runRule(rule, "--insert").catch(() => {});
  });
}

/** Takes the rules of a network away; those that are gone already are fine. */
export function removeRules(rules: readonly FirewallRule[]): Promise<void> {
  return inTurn(() => takeAway(rules));
}

/** Whether the rules of a network are there, by one of each family that no other network has. */
export async function haveRules(rules: readonly FirewallRule[]): Promise<boolean> {
  for (const family of families) {
    const own = rules.find((rule) => rule.family === family && rule.chain === "LIBVIRT_FWX");
    if (!own) continue;
    const there = await runRule(own, "--check").then(
      () => true,
      () => false,
    );
    if (!there) return false;
  }
  return true;
}

async function takeAway(rules: readonly FirewallRule[]): Promise<void> {
  for (const family of families) {
    const own = rules.filter((rule) => rule.family === family).reverse();
    if (own.length === 0) continue;
    try {
      await restore(family, byTable(own, ruleLine("--delete")));
    } catch {
      // Somebody has taken one away already: each by itself.
      for (const rule of own) await runRule(rule, "--delete").catch(() => {});
    }
  }
}

function runRule(rule: FirewallRule, act: RuleAct): Promise<string> {
  const [command = "", ...args] = firewallCommand(rule, act);
  return runProgram(command, args, { domain });
}

function withoutIptables(error: unknown): unknown {
  if (!(error instanceof LibvirtError) || !/ENOENT|No such file/.test(error.message)) return error;
  const detail = "networks need iptables for their firewall, which is not installed; mode='open' does without";
  return new LibvirtError("CONFIG_UNSUPPORTED", domain, detail, { cause: error });
}
