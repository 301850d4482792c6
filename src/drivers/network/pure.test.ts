import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNetwork } from "../../model/network/index.ts";
import { bridgeCommands, routeCommands } from "./bridge.ts";
import { parseRoutes } from "./collisions.ts";
import { formatStatus, parseStatus } from "./status.ts";

const network = parseNetwork(
  "<network><name>n</name><uuid>11111111-2222-3333-4444-555555555555</uuid><forward mode='route'/>" +
    "<bridge name='br7' stp='on' delay='3'/><mtu size='9000'/><mac address='52:54:00:00:00:01'/>" +
    "<ip address='10.5.5.1' netmask='255.255.255.0'/><ip family='ipv6' address='fd00::1' prefix='64'/>" +
    "<route address='10.6.0.0' prefix='16' gateway='10.5.5.2' metric='5'/>" +
    "<route family='ipv6' address='fd01::' prefix='64' gateway='fd00::2'/></network>",
);

test("what `ip` is told of a bridge and its routes", () => {
  assert.deepEqual(bridgeCommands(network, "br7"), [
    "link add name br7 address 52:54:00:00:00:01 mtu 9000 type bridge forward_delay 300",
    "link set dev br7 type bridge stp_state 1",
    "address add 10.5.5.1/24 broadcast + dev br7",
    "address add fd00::1/64 dev br7",
    "link set dev br7 up",
  ]);
  assert.deepEqual(routeCommands(network, "br7"), [
    "route add 10.6.0.0/16 via 10.5.5.2 dev br7 metric 5",
    "route add fd01::/64 via fd00::2 dev br7 metric 1",
  ]);
});

test("the kernel's routes are read, without default ones", () => {
  const text =
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" +
    "eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n" +
    "eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
  assert.deepEqual(parseRoutes(text), [{ device: "eth0", destination: 0xc0a80000, mask: 0xffffff00 }]);
});

test("a status comes back as it was written, and half of one is none", () => {
  const status = {
    boot: "b",
    bridgeIndex: 7,
    dnsmasq: { pid: 12, startTime: 12345678901234567890n },
    definition: network,
    ports: [],
  };
  const text = formatStatus(status);
  assert.deepEqual(parseStatus(text), status);
  assert.equal(parseStatus(text.slice(0, -20)), null);
  assert.equal(parseStatus(text.replace('"format": 1', '"format": 2')), null);
  assert.equal(parseStatus("{}"), null);
});
