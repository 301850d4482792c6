import assert from "node:assert/strict";
import { test } from "node:test";
import { Router } from "../../../driver/router.ts";
import { Session } from "../../../driver/session.ts";
import { parseConnectionUri } from "../../../driver/uri.ts";
import { LibvirtError } from "../../../errors.ts";
import { nativeHandlers } from "./native.ts";

const net = { name: "default", uuid: new Uint8Array(16) };

/** The handlers with a driver for one network beside them; no Xen is needed. */
function converter(): Router {
  const networks = {
    networkLookupByName: ({ name }: { name: string }) => {
      if (name === net.name) return { net };
      throw new LibvirtError("NO_NETWORK", "NETWORK", `no network with matching name '${name}'`);
    },
    networkGetBridgeName: () => ({ name: "virbr0" }),
  };
  const make = (driver: ConstructorParameters<typeof Router>[1]) => {
    const session = new Session({ uri: parseConnectionUri("xen:///embed?root=/"), readOnly: false, sink: () => {} });
    return new Router(session, driver);
  };
  const beside = make(networks);
  return make(nativeHandlers((name, args) => beside.call(name, args)));
}

const fails = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof LibvirtError && error.codeName === code && message.test(error.message);

const guest = (
  network: string,
) => `<domain type='xen'><name>guest</name><memory>65536</memory><os><type>linux</type><kernel>/k</kernel></os>
<devices><interface type='network'><mac address='00:16:3e:00:00:01'/><source network='${network}'/></interface></devices></domain>`;

test("a domain is told in each of Xen's languages, and understood again", async () => {
  const router = converter();
  const expected = {
    "xen-xl": /^vif = \[ "mac=00:16:3e:00:00:01,bridge=virbr0,script=vif-bridge" \]$/m,
    "xen-xm": /^vif = \[ "mac=00:16:3e:00:00:01,bridge=virbr0,script=vif-bridge" \]$/m,
    "xen-sxpr": /\(vif \(mac 00:16:3e:00:00:01\) \(bridge virbr0\) \(script vif-bridge\)\)/,
  };
  for (const [nativeFormat, card] of Object.entries(expected)) {
    const asked = { nativeFormat, domainXml: guest("default"), flags: 0 };
    const { nativeConfig } = await router.call("connectDomainXmlToNative", asked);
    assert.match(nativeConfig, card);
    const told = { nativeFormat, nativeConfig, flags: 0 };
    const { domainXml } = await router.call("connectDomainXmlFromNative", told);
    assert.match(domainXml, /<kernel>\/k<\/kernel>/);
    assert.match(domainXml, /<source bridge='virbr0'\/>/);
  }
});

test("another language, another network, another flag", async () => {
  const router = converter();
  const asked = { nativeFormat: "xen-xl", domainXml: guest("default"), flags: 0 };
  const to = async (changed: Partial<typeof asked>) =>
    router.call("connectDomainXmlToNative", { ...asked, ...changed });
  await assert.rejects(to({ nativeFormat: "qemu-argv" }), fails("INVALID_ARG", /xen-xl, xen-xm, xen-sxpr/));
  await assert.rejects(to({ domainXml: guest("other") }), fails("NO_NETWORK", /'other'/));
  await assert.rejects(to({ flags: 1 }), fails("INVALID_ARG", /flags/));
});
