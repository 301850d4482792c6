/** What libvirt 9.0's daemon told its dnsmasq of the same networks, beyond the cases of the conformance data. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dnsmasqFiles } from "./dnsmasq.ts";
import { parseNetwork } from "./index.ts";

const places = { bridge: "virbr0", pidFile: "/p", hostsFile: "/h", namesFile: "/n" };
const filesOf = (inside: string) => dnsmasqFiles(parseNetwork(`<network><name>n</name>${inside}</network>`), places);
const linesOf = (inside: string) => filesOf(inside)?.configuration.trimEnd().split("\n");
const begin = ["pid-file=/p", "except-interface=lo", "bind-dynamic", "interface=virbr0"];
const isolated = ["dhcp-option=3", "no-resolv", "ra-param=*,0,0"];
const range = "<dhcp><range start='10.5.5.10' end='10.5.5.20'/></dhcp>";

test("an isolated network says of no gateway, and of no other server", () => {
  const ips = `<ip address='10.5.5.1' netmask='255.255.255.0'>${range}</ip>`;
  assert.deepEqual(linesOf(`<domain name='d.org'/>${ips}<ip family='ipv6' address='fd00:1::1' prefix='64'/>`), [
    ...["strict-order", "domain=d.org", "expand-hosts", ...begin, ...isolated],
    ...["dhcp-range=10.5.5.10,10.5.5.20,255.255.255.0", "dhcp-no-override", "dhcp-authoritative"],
    ...["dhcp-lease-max=11", "dhcp-hostsfile=/h", "addn-hosts=/n", "dhcp-range=fd00:1::1,ra-only"],
  ]);
});

test("without DNS there are no names; without addresses there is no dnsmasq", () => {
  const files = filesOf(`<dns enable='no'/><ip address='10.5.5.1' netmask='255.255.255.0'>${range}</ip>`);
  assert.match(files?.configuration ?? "", /^port=0$/m);
  assert.doesNotMatch(files?.configuration ?? "", /addn-hosts/);
  assert.equal(files?.names, undefined);
  assert.equal(filesOf(""), undefined);
});

test("leases that do not end, names of hosts, records", () => {
  const hosts =
    "<host mac='52:54:00:11:22:33' name='h1' ip='10.5.5.7'><lease expiry='0'/></host><host name='h2' ip='10.5.5.8'/>";
  const dns =
    "<dns><txt name='t' value='a \"b\", c'/><srv service='s' protocol='tcp'/>" +
    "<host ip='10.5.5.9'><hostname>a</hostname><hostname>b.c</hostname></host></dns>";
  const files = filesOf(`${dns}<ip address='10.5.5.1' netmask='255.255.255.0'><dhcp>${hosts}</dhcp></ip>`);
  assert.equal(files?.hosts, "52:54:00:11:22:33,10.5.5.7,h1,infinite\nh2,10.5.5.8\n");
  assert.equal(files?.names, "10.5.5.9\ta\tb.c\n");
  for (const line of ["dhcp-range=10.5.5.1,static", 'txt-record=t,a "b", c', "srv-host=_s._tcp"]) {
    assert.ok(files?.configuration.split("\n").includes(line), line);
  }
});

test("reverse look-ups of whole labels only", () => {
  const ip = (prefix: number, family = "", address = "10.5.5.1") =>
    `<forward/><ip ${family} address='${address}' prefix='${prefix}' localPtr='yes'/>`;
  assert.ok(linesOf(ip(16))?.includes("local=/5.10.in-addr.arpa/"));
  assert.ok(linesOf(ip(8))?.includes("local=/10.in-addr.arpa/"));
  const six = ip(60, "family='ipv6'", "fd00:1::1");
  assert.ok(linesOf(six)?.includes("local=/0.0.0.0.0.0.0.1.0.0.0.0.0.d.f.ip6.arpa/"));
  assert.throws(() => linesOf(ip(20)), /PTR domain for IPv4 network with prefix 20 cannot be automatically created/);
});

test("a text with a line break is no line of the file", () => {
  const dns = "<dns><txt name='t' value='x&#10;dhcp-script=/bin/sh'/></dns>";
  assert.throws(() => linesOf(`${dns}<ip address='10.5.5.1' prefix='24'/>`), /line break/);
});
