import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLeases } from "./leases.ts";

test("leases of both families, as dnsmasq writes them", () => {
  const text = [
    "1700000000 52:54:00:11:22:33 10.5.5.12 web 01:52:54:00:11:22:33",
    "0 06-52:54:00:11:22:34 10.5.5.13 * *",
    "duid 00:01:00:01:2e:f7:00:01:52:54:00:aa:bb:cc",
    "1700000001 1118515 fd00:5::17 six 00:01:00:01:2e:f7:00:01:52:54:00:11:22:35",
    "1700000002 T7 fd00:5::18 * 00:02:ab",
    "",
    "half a line",
  ].join("\n");
  assert.deepEqual(parseLeases(text), [
    {
      ...{ expiry: 1700000000n, address: "10.5.5.12", hostname: "web", mac: "52:54:00:11:22:33", iaid: null },
      clientId: "01:52:54:00:11:22:33",
    },
    { expiry: 0n, address: "10.5.5.13", hostname: null, mac: "52:54:00:11:22:34", iaid: null, clientId: null },
    {
      ...{ expiry: 1700000001n, address: "fd00:5::17", hostname: "six", mac: "52:54:00:11:22:35", iaid: "1118515" },
      clientId: "00:01:00:01:2e:f7:00:01:52:54:00:11:22:35",
    },
    { expiry: 1700000002n, address: "fd00:5::18", hostname: null, mac: null, iaid: "7", clientId: "00:02:ab" },
  ]);
});
