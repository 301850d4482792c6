/** The rules that libvirt 9.0's daemon made for the same networks, beyond the cases of the conformance data. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firewallCommand, firewallRules } from "./firewall.ts";
import { parseNetwork, runningNetwork } from "./index.ts";

const rulesOf = (xml: string) => firewallRules(runningNetwork(parseNetwork(xml)), "virbr0");
const linesOf = (xml: string) => rulesOf(xml).map((rule) => firewallCommand(rule, "--insert").slice(1).join(" "));
const ip = "<ip address='10.5.5.1' netmask='255.255.255.0'/>";

test("addresses and ports that traffic appears to come from, through one device", () => {
  const nat = "<nat><address start='1.2.3.4' end='1.2.3.10'/><port start='500' end='1000'/></nat>";
  const xml = `<network><name>n</name><forward mode='nat' dev='eth1'>${nat}</forward>${ip}</network>`;
  const source = "--source 10.5.5.0/24";
  assert.deepEqual(linesOf(xml).slice(-7), [
    `-w --table filter --insert LIBVIRT_FWO ${source} --in-interface virbr0 --out-interface eth1 --jump ACCEPT`,
    "-w --table filter --insert LIBVIRT_FWI --destination 10.5.5.0/24 --in-interface eth1 --out-interface virbr0 " +
      "--match conntrack --ctstate ESTABLISHED,RELATED --jump ACCEPT",
    ...["", " -p udp", " -p tcp"].map(
      (protocol) =>
        `-w --table nat --insert LIBVIRT_PRT ${source}${protocol} ! --destination 10.5.5.0/24 --out-interface eth1 ` +
        `--jump SNAT --to-source 1.2.3.4-1.2.3.10${protocol === "" ? "" : ":500-1000"}`,
    ),
    `-w --table nat --insert LIBVIRT_PRT --out-interface eth1 ${source} --destination 255.255.255.255/32 --jump RETURN`,
    `-w --table nat --insert LIBVIRT_PRT --out-interface eth1 ${source} --destination 224.0.0.0/24 --jump RETURN`,
  ]);
});

test("isolated networks let nothing through, open ones have no rules", () => {
  assert.equal(linesOf(`<network><name>n</name></network>`).length, 11);
  assert.equal(linesOf(`<network ipv6='yes'><name>n</name></network>`).length, 14);
  assert.deepEqual(linesOf(`<network><name>n</name><forward mode='open'/>${ip}</network>`), []);
});

test("TFTP is let in, and what fills checksums in may be missing", () => {
  const tftp =
    "<ip address='10.5.5.1' prefix='24'><tftp root='/srv'/><dhcp><range start='10.5.5.2' end='10.5.5.3'/></dhcp></ip>";
  const rules = rulesOf(`<network><name>n</name>${tftp}</network>`);
  assert.equal(rules.filter(({ words }) => words.includes("69")).length, 2);
  assert.deepEqual(
    rules.filter(({ optional }) => optional).map(({ table }) => table),
    ["mangle"],
  );
});
