import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTree } from "../../../test/helpers/fake-tree.ts";
import { hostTree } from "../../host/node/file-tree.ts";
import { blockCounters, interfaceCounters } from "./back-end.ts";

const vbd = "bus/xen-backend/devices/vbd-3-51712/statistics";
const vif = "class/net/vif3.0/statistics";

test("a disk's sectors are told in bytes", async (t) => {
  const root = await fakeTree(t, {
    [`${vbd}/rd_req`]: "17\n",
    [`${vbd}/rd_sect`]: "136\n",
    [`${vbd}/wr_req`]: "5\n",
    [`${vbd}/wr_sect`]: "40\n",
    [`${vbd}/f_req`]: "1\n",
  });
  const counters = { rdReq: 17n, rdBytes: 69632n, wrReq: 5n, wrBytes: 20480n, flushReq: 1n };
  assert.deepEqual(await blockCounters(hostTree(root), 3, "51712"), counters);
  assert.equal(await blockCounters(hostTree(root), 3, "51728"), null);
  assert.equal(await blockCounters(hostTree(root), 4, "51712"), null);
});

test("what the host's end has sent, the guest has received", async (t) => {
  const values = {
    bytes: ["900", "18446744073709551615"],
    packets: ["9", "7"],
    errors: ["1", "2"],
    dropped: ["3", "4"],
  };
  const files = Object.entries(values).flatMap(([name, [rx, tx]]) => [
    [`${vif}/rx_${name}`, `${rx}\n`],
    [`${vif}/tx_${name}`, `${tx}\n`],
  ]);
  const sys = hostTree(await fakeTree(t, Object.fromEntries(files)));
  assert.deepEqual(await interfaceCounters(sys, "vif3.0"), {
    ...{ rxBytes: 18446744073709551615n, rxPackets: 7n, rxErrs: 2n, rxDrop: 4n },
    ...{ txBytes: 900n, txPackets: 9n, txErrs: 1n, txDrop: 3n },
  });
  assert.equal(await interfaceCounters(sys, "vif3.1"), null);
  assert.equal(await interfaceCounters(sys, "../net/vif3.0"), null);
});

test("counters without one of them, or with something else in its place, are none", async (t) => {
  const files = {
    [`${vbd}/rd_req`]: "1\n",
    [`${vbd}/rd_sect`]: "8\n",
    [`${vbd}/wr_req`]: "many\n",
    [`${vbd}/wr_sect`]: "8\n",
  };
  const root = await fakeTree(t, files);
  assert.equal(await blockCounters(hostTree(root), 3, "51712"), null);
});
