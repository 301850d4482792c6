import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../../../errors.ts";
import { parseFilter } from "../filter.ts";
import { type FirewallPlan, planFirewall, type Variables } from "./index.ts";

const filter = (body: string, name = "f", chain = "root") =>
  parseFilter(`<filter name='${name}' chain='${chain}'>${body}</filter>`);

const values = (given: Readonly<Record<string, readonly string[]>>): Variables => new Map(Object.entries(given));

const plan = (body: string, variables: Variables = new Map()): FirewallPlan =>
  planFirewall(filter(body), () => undefined, variables);

const packets = (lines: FirewallPlan["ipv4"]) => lines.map(({ chain, words }) => [chain, ...words].join(" "));

test("chains lie among the rules of the root by their priorities, and are made on the sides that need them", () => {
  const arp = filter(
    "<rule action='drop' direction='out' priority='9'/><rule action='return' direction='out' priority='1'><arp arpsrcipaddr='$IP'/></rule>",
    "arp",
    "arp-ip",
  );
  const body =
    "<rule action='drop' direction='inout'/><rule action='accept' direction='out' priority='-500'><mac protocolid='arp'/></rule><filterref filter='arp'/>";
  const find = (name: string) => (name === "arp" ? arp : undefined);
  const { root, inner } = planFirewall(filter(body), find, values({ IP: ["10.0.0.5"] }));
  const steps = root.map(({ kind, side, chain, words }) => [kind, side, chain, ...words].join(" "));
  assert.deepEqual(steps, [
    "chain from arp-ip -p 0x0806",
    "rule from root -p 0x806 -j ACCEPT",
    "rule from root -j DROP",
    "rule to root -j DROP",
  ]);
  assert.deepEqual(
    inner.map(({ words }) => words.join(" ")),
    ["-p 0x806 --arp-ip-src 10.0.0.5/32 -j RETURN", "-j DROP"],
  );
});

test("variables are gone through alone or together, without repetitions", () => {
  const variables = values({ A: ["1.1.1.1", "2.2.2.2", "1.1.1.1"], B: ["80", "90", "80"] });
  const ways = (source: string, port: string) =>
    plan(
      `<rule action='drop' direction='out'><ip srcipaddr='${source}' protocol='tcp' dstportstart='${port}'/></rule>`,
      variables,
    ).root.map(({ words }) => `${words[3]} ${words[7]}`);
  assert.deepEqual(ways("$A", "$B"), ["1.1.1.1 80", "2.2.2.2 90"]);
  assert.deepEqual(ways("$A", "$B[@1]"), ["1.1.1.1 80", "2.2.2.2 80", "1.1.1.1 90", "2.2.2.2 90"]);
  assert.deepEqual(ways("$A[1]", "0x10"), ["2.2.2.2 16"]);
});

test("a value has to make sense where it is used, and has to be there", () => {
  const rule = "<rule action='drop' direction='out'><ip protocol='tcp' dstportstart='$P' srcipaddr='$A'/></rule>";
  const refused = (given: Record<string, string[]>, code: Parameters<typeof isLibvirtError>[1], words: RegExp) =>
    assert.throws(
      () => plan(rule, values(given)),
      (error: Error) => isLibvirtError(error, code) && words.test(error.message),
    );
  refused({ P: ["1"] }, "INTERNAL_ERROR", /unavailable list elements: A$/);
  refused({ P: ["http"], A: ["1.1.1.1"] }, "XML_ERROR", /'http'/);
  refused({ P: ["1", "2"], A: ["1.1.1.1"] }, "INTERNAL_ERROR", /Cardinality/);
  refused({ P: Array.from({ length: 2 }, String), A: ["-j"] }, "INTERNAL_ERROR", /Cardinality/);
  refused({ P: ["1"], A: ["-j"] }, "XML_ERROR", /'-j'/);
});

test("values from further out count more", () => {
  const inner = filter("<rule action='drop' direction='in'><ip srcipaddr='$X' dstipaddr='$Y'/></rule>", "inner");
  const parameter = (name: string, value: string) => `<parameter name='${name}' value='${value}'/>`;
  const outer = filter(
    `<filterref filter='inner'>${parameter("X", "1.1.1.1")}${parameter("Y", "2.2.2.2")}</filterref>`,
  );
  const { root } = planFirewall(outer, () => inner, values({ X: ["9.9.9.9"] }));
  assert.deepEqual(root[0]?.words.slice(2, 6), ["--ip-source", "9.9.9.9", "--ip-destination", "2.2.2.2"]);
});

test("packets that come back are let through by their connection, and only what can be told of them is asked", () => {
  const rule = (action: string, direction: string, condition: string) =>
    packets(plan(`<rule action='${action}' direction='${direction}'>${condition}</rule>`).ipv4);
  const card = "srcmacaddr='52:54:00:00:00:01'";
  assert.deepEqual(rule("accept", "out", `<tcp ${card} dstportstart='80'/>`), [
    "from -p tcp -m mac --mac-source 52:54:00:00:00:01 --dport 80 -m conntrack --ctstate NEW,ESTABLISHED -m conntrack --ctdir Original -j RETURN",
    "to -p tcp --sport 80 -m conntrack --ctstate ESTABLISHED -m conntrack --ctdir Reply -j ACCEPT",
    "host -p tcp -m mac --mac-source 52:54:00:00:00:01 --dport 80 -m conntrack --ctstate NEW,ESTABLISHED -m conntrack --ctdir Original -j RETURN",
  ]);
  assert.deepEqual(rule("drop", "out", `<all ${card}/>`), [
    "from -p all -m mac --mac-source 52:54:00:00:00:01 -j DROP",
    "host -p all -m mac --mac-source 52:54:00:00:00:01 -j DROP",
  ]);
  assert.deepEqual(rule("drop", "inout", "<icmp type='8' match='no'/>"), [
    "from -p icmp ! --icmp-type 8 -j DROP",
    "to -p icmp ! --icmp-type 8 -j DROP",
    "host -p icmp ! --icmp-type 8 -j DROP",
  ]);
  assert.deepEqual(rule("reject", "in", "<udp srcipaddr='10.0.0.0' srcipmask='8' srcportstart='5' match='no'/>"), [
    "from -p udp ! --destination 10.0.0.0/8 ! --dport 5 -j REJECT",
    "to -p udp ! --source 10.0.0.0/8 ! --sport 5 -j REJECT",
    "host -p udp ! --destination 10.0.0.0/8 ! --dport 5 -j REJECT",
  ]);
});
