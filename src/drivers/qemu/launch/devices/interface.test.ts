import assert from "node:assert/strict";
import { test } from "node:test";
import { chardevsOf, deviceOf, partsOf, propsOf, type Surroundings } from "../../../../../test/helpers/device-parts.ts";

const mac = "<mac address='52:54:00:11:22:33'/>";
const card = (type: string, inside = "<model type='virtio'/>") =>
  `<interface type='${type}'>${mac}${inside}</interface>`;
const parts = (xml: string, around?: Surroundings) => partsOf("interfaces", xml, around);
const end = (xml: string, around?: Surroundings) => propsOf(parts(xml, around), "netdev")[0];

test("a card of QEMU's own network", () => {
  assert.deepEqual(end(card("user")), { type: "user", id: "hostnet0" });
  const addresses = "<ip address='10.1.2.0' prefix='24'/><ip family='ipv6' address='fd00::' prefix='64'/>";
  assert.deepEqual(end(card("user", addresses)), {
    type: "user",
    id: "hostnet0",
    net: "10.1.2.0/24",
    "ipv6-prefix": "fd00::",
    "ipv6-prefixlen": 64,
  });
  assert.deepEqual(deviceOf(parts(card("user", "<model type='e1000e'/>"))), {
    driver: "e1000e",
    netdev: "hostnet0",
    id: "net0",
    mac: "52:54:00:11:22:33",
  });
});

test("a helper that serves a card stands behind a socket", () => {
  assert.deepEqual(end(card("user", "<backend type='passt'/>")), {
    type: "stream",
    id: "hostnet0",
    addr: { type: "unix", path: "/run/passt/net0.socket" },
    server: false,
  });
});

test("tap devices by name, and by descriptors", () => {
  assert.deepEqual(end(card("ethernet")), {
    type: "tap",
    id: "hostnet0",
    ifname: "vnet0",
    script: "no",
    downscript: "no",
    vhost: true,
  });
  const queues = card(
    "bridge",
    "<source bridge='br0'/><model type='virtio'/><driver queues='3'/><tune><sndbuf>9</sndbuf></tune>",
  );
  assert.equal(end(queues)?.queues, 3);
  const tap = () => ({ fds: ["3", "4", "5"], vhostFds: ["6", "7", "8"] });
  assert.deepEqual(end(queues, { facts: { tap } }), {
    type: "tap",
    id: "hostnet0",
    fds: "3:4:5",
    vhost: true,
    sndbuf: 9,
    vhostfds: "6:7:8",
  });
  const { mq, vectors } = deviceOf(parts(queues));
  assert.deepEqual([mq, vectors], [true, 8]);
});

test("the host's kernel serves virtio cards where it can, or must, and never others", () => {
  const vhost = (inside: string, vhostNet: boolean) => end(card("ethernet", inside), { facts: { vhostNet } })?.vhost;
  const virtio = "<model type='virtio'/>";
  assert.equal(vhost(virtio, true), true);
  assert.equal(vhost(virtio, false), undefined);
  assert.equal(vhost(`${virtio}<driver name='qemu'/>`, true), undefined);
  assert.equal(vhost(`${virtio}<driver name='vhost'/>`, false), true);
  assert.equal(vhost("<model type='e1000'/>", true), undefined);
});

test("sockets between guests", () => {
  const source = "<source address='10.0.0.1' port='55'/>";
  const said = (type: string, inside = source) => {
    const { type: _type, id: _id, ...rest } = end(card(type, inside)) ?? {};
    return rest;
  };
  assert.deepEqual(said("mcast"), { mcast: "10.0.0.1:55" });
  assert.deepEqual(said("server"), { listen: "10.0.0.1:55" });
  assert.deepEqual(said("client"), { connect: "10.0.0.1:55" });
  const both = "<source address='10.0.0.1' port='55'><local address='10.0.0.2' port='56'/></source>";
  assert.deepEqual(said("udp", both), { udp: "10.0.0.1:55", localaddr: "10.0.0.2:56" });
});

test("a switch in another process", () => {
  const vhostUser = (mode: string) =>
    parts(
      card("vhostuser", `<source type='unix' path='/s' mode='${mode}'/><model type='virtio'/><driver queues='2'/>`),
    );
  const addr = { type: "unix", data: { path: "/s" } };
  assert.deepEqual(chardevsOf(vhostUser("client")), { charnet0: { type: "socket", data: { addr, server: false } } });
  assert.deepEqual(chardevsOf(vhostUser("server")), { charnet0: { type: "socket", data: { addr, server: true } } });
  assert.deepEqual(propsOf(vhostUser("client"), "netdev"), [
    { type: "vhost-user", id: "hostnet0", chardev: "charnet0", queues: 2 },
  ]);
});

test("what a virtio card can be told", () => {
  const driver =
    "<driver txmode='timer' ioeventfd='on' event_idx='off' rx_queue_size='512' tx_queue_size='1024' rss='on' packed='on'>" +
    "<host csum='off' tso6='on' mrg_rxbuf='off'/><guest ufo='off'/></driver>";
  const inside = `<model type='virtio'/>${driver}<mtu size='1400'/><rom bar='off' file='/rom'/><teaming type='persistent'/><alias name='ua-a'/>`;
  assert.deepEqual(deviceOf(parts(card("user", inside))), {
    driver: "virtio-net-pci",
    packed: true,
    tx: "timer",
    ioeventfd: true,
    event_idx: false,
    csum: false,
    host_tso6: true,
    mrg_rxbuf: false,
    guest_ufo: false,
    rx_queue_size: 512,
    tx_queue_size: 1024,
    rss: true,
    host_mtu: 1400,
    failover: true,
    netdev: "hostua-a",
    id: "ua-a",
    mac: "52:54:00:11:22:33",
    rombar: 0,
    romfile: "/rom",
  });
});

test("virtio's versions: as variants, or by what is switched off", () => {
  const driver = (model: string, around?: Surroundings) => {
    const props = deviceOf(parts(card("user", `<model type='${model}'/>`), around));
    return [props.driver, props["disable-legacy"], props["disable-modern"]];
  };
  assert.deepEqual(driver("virtio-transitional"), ["virtio-net-pci-transitional", undefined, undefined]);
  assert.deepEqual(driver("virtio-non-transitional"), ["virtio-net-pci-non-transitional", undefined, undefined]);
});

test("a card of the host", () => {
  const source = "<source><address type='pci' domain='0' bus='3' slot='7' function='1'/></source>";
  const xml = `<interface type='hostdev' managed='yes'>${mac}${source}<boot order='1'/><teaming type='transient' persistent='ua-a'/></interface>`;
  const team = card("user", "<model type='virtio'/><teaming type='persistent'/><alias name='ua-a'/>");
  assert.deepEqual(deviceOf(parts(xml + team)), {
    driver: "vfio-pci",
    host: "0000:03:07.1",
    id: "hostdev0",
    bootindex: 1,
    failover_pair_id: "ua-a",
  });
});

test("the cards of an ARM board are said in the old way", () => {
  const board = { arch: "armv7l", machine: "vexpress-a9" };
  const [, option] = parts(card("user", "<model type='lan9118'/>"), board);
  assert.deepEqual(option, {
    kind: "option",
    words: ["-net", "nic,macaddr=52:54:00:11:22:33,model=lan9118,netdev=hostnet0,id=net0"],
  });
});
