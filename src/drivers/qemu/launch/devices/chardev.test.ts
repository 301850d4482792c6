import assert from "node:assert/strict";
import { test } from "node:test";
import { chardevsOf, partsOf, propsOf } from "../../../../../test/helpers/device-parts.ts";

/** What chardev-add is told for a serial port with this host's end. */
function backend(type: string, inside: string, around = {}) {
  return chardevsOf(partsOf("serials", `<serial type='${type}'>${inside}</serial>`, around)).charserial0;
}

const unix = (path: string) => ({ type: "unix", data: { path } });
const inet = (host: string, port: string) => ({ type: "inet", data: { host, port } });

test("every kind of host's end, as the monitor takes it", () => {
  assert.deepEqual(backend("pty", ""), { type: "pty", data: {} });
  assert.deepEqual(backend("null", ""), { type: "null", data: {} });
  assert.deepEqual(backend("dev", "<source path='/dev/ttyS2'/>"), { type: "serial", data: { device: "/dev/ttyS2" } });
  assert.deepEqual(backend("pipe", "<source path='/tmp/p'/>"), { type: "pipe", data: { device: "/tmp/p" } });
  assert.deepEqual(backend("file", "<source path='/tmp/f' append='on'/><log file='/tmp/l' append='off'/>"), {
    type: "file",
    data: { out: "/tmp/f", append: true, logfile: "/tmp/l", logappend: false },
  });
  assert.deepEqual(backend("unix", "<source mode='bind' path='/tmp/s'/>"), {
    type: "socket",
    data: { addr: unix("/tmp/s"), server: true, wait: false },
  });
  assert.deepEqual(
    backend("unix", "<source mode='connect' path='/tmp/s'><reconnect enabled='yes' timeout='7'/></source>"),
    { type: "socket", data: { addr: unix("/tmp/s"), server: false, reconnect: 7 } },
  );
  assert.deepEqual(backend("tcp", "<source mode='bind' host='::1' service='1234'/><protocol type='telnet'/>"), {
    type: "socket",
    data: { addr: inet("::1", "1234"), telnet: true, server: true, wait: false },
  });
  assert.deepEqual(backend("udp", "<source mode='connect' host='h' service='9'/>"), {
    type: "udp",
    data: { remote: inet("h", "9"), local: inet("", "0") },
  });
  assert.deepEqual(backend("dbus", "<source channel='org.x'/>"), { type: "dbus", data: { name: "org.x" } });
  assert.deepEqual(backend("spiceport", "<source channel='org.x'/>"), { type: "spiceport", data: { fqdn: "org.x" } });
});

test("the agents of SPICE's and of QEMU's own", () => {
  const target = "<target type='virtio'/>";
  const source = "<source><clipboard copypaste='yes'/><mouse mode='client'/></source>";
  const parts = partsOf(
    "channels",
    `<channel type='qemu-vdagent'>${source}${target}</channel><channel type='spicevmc'>${target}</channel>`,
  );
  assert.deepEqual(chardevsOf(parts), {
    charchannel0: { type: "qemu-vdagent", data: { clipboard: true, mouse: true } },
    charchannel1: { type: "spicevmc", data: { type: "vdagent" } },
  });
});

test("a file that was opened for the emulator is never emptied by it", () => {
  const facts = { outputFile: () => "/dev/fdset/4" };
  assert.deepEqual(backend("file", "<source path='/tmp/f'/>", { facts }), {
    type: "file",
    data: { out: "/dev/fdset/4", append: true },
  });
});

test("TCP is encrypted when the definition or the settings want it, and not when the definition refuses", () => {
  const tls = {
    settings: { chardevTls: true, chardevCredentials: { folder: "/pki", verifyPeer: false, secret: "key" } },
  };
  const port = (tls: string) => `<serial type='tcp'><source mode='bind' host='h' service='1' ${tls}/></serial>`;
  const parts = partsOf("serials", port(""), tls);
  assert.deepEqual(propsOf(parts, "object"), [
    { "qom-type": "secret", id: "charserial0-secret0", data: "key", keyid: "masterKey0", iv: "iv", format: "base64" },
    {
      "qom-type": "tls-creds-x509",
      id: "objcharserial0_tls0",
      dir: "/pki",
      endpoint: "server",
      "verify-peer": false,
      passwordid: "charserial0-secret0",
    },
  ]);
  assert.match(JSON.stringify(chardevsOf(parts)), /"tls-creds":"objcharserial0_tls0"/);
  assert.deepEqual(propsOf(partsOf("serials", port("tls='no'"), tls), "object"), []);
  assert.equal(propsOf(partsOf("serials", port("tls='yes'")), "object").length, 1);
});

test("parallel ports take parallel devices", () => {
  const parts = partsOf("parallels", "<parallel type='dev'><source path='/dev/parport0'/></parallel>");
  assert.deepEqual(chardevsOf(parts), { charparallel0: { type: "parallel", data: { device: "/dev/parport0" } } });
});

test("a channel without a path gets a socket of the guest's own", () => {
  const parts = partsOf("channels", "<channel type='unix'><target type='virtio' name='a/../b'/></channel>");
  const { data } = chardevsOf(parts).charchannel0 as { data: { addr: unknown } };
  assert.deepEqual(data.addr, unix("/run/guest/channel/a_.._b"));
});

test("a console that mirrors the serial port is no device", () => {
  const both = "<serial type='pty'/><console type='pty'/>";
  assert.deepEqual(partsOf("consoles", both), []);
  assert.equal(propsOf(partsOf("serials", both), "device").length, 1);
});
