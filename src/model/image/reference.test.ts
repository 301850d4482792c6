import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../../errors.ts";
import { parseReference } from "./reference.ts";

/** A source without what every source has. */
function place(reference: string) {
  const { storage } = parseReference(reference);
  const { index: _index, seclabels: _labels, ...source } = (storage.source ?? {}) as Record<string, unknown>;
  return { type: storage.type, ...source };
}

test("paths stay as they are, also those with a colon behind a slash", () => {
  assert.deepEqual(place("../base.qcow2"), { type: "file", file: "../base.qcow2" });
  assert.deepEqual(place("/images/a:b"), { type: "file", file: "/images/a:b" });
});

test("addresses, with the ports that protocols have", () => {
  const source = (reference: string) => {
    const { storage } = parseReference(reference);
    assert.equal(storage.type, "network");
    return storage.type === "network" ? storage.source : undefined;
  };
  assert.deepEqual(source("nbd://[::1]/disk%201")?.hosts, [{ name: "::1", port: 10809 }]);
  assert.equal(source("nbd://[::1]/disk%201")?.name, "disk 1");
  assert.deepEqual(source("gluster+rdma://h:1/vol/dir/i")?.hosts, [{ name: "h", port: 1, transport: "rdma" }]);
  assert.equal(source("https://h/a?b=c")?.query, "b=c");
  const ceph = source("rbd:pool/image@snap:id=me:mon_host=a\\:6322;b:conf=/etc/ceph\\:1");
  assert.equal(ceph?.name, "pool/image");
  assert.equal(ceph?.snapshot, "snap");
  assert.equal(ceph?.config, "/etc/ceph:1");
  assert.deepEqual(ceph?.hosts, [{ name: "a", port: 6322 }, { name: "b" }]);
});

test("credentials are noticed and not taken", () => {
  const noticed = (reference: string) => {
    const { storage, hadCredentials } = parseReference(reference);
    assert.doesNotMatch(
      JSON.stringify(storage, (_key, value) => (typeof value === "bigint" ? `${value}` : value)),
      /word/,
    );
    return hadCredentials;
  };
  assert.equal(noticed("iscsi://me:word@h/t/1"), true);
  assert.equal(noticed('json:{"driver":"https","url":"https://h/x","password":"word"}'), true);
  assert.equal(noticed("iscsi://h/t/1"), false);
});

test("options of the block layer: nested, dotted, behind raw nodes that show a slice", () => {
  const flat = '{"file.driver":"nbd","file.server.type":"unix","file.server.path":"/s","file.export":"e"}';
  const deep = '{"file":{"driver":"nbd","server":{"type":"unix","path":"/s"},"export":"e"}}';
  assert.deepEqual(place(`json:${flat}`), place(`json:${deep}`));
  const slice = 'json:{"driver":"raw","offset":5,"size":7,"file":{"driver":"file","filename":"/f"}}';
  assert.deepEqual(place(slice), {
    type: "file",
    file: "/f",
    slices: { slices: [{ type: "storage", offset: 5n, size: 7n }] },
  });
});

test("what is no reference is refused as libvirt refuses, whatever it tries", () => {
  const wrong = [
    "json:",
    "json:[]",
    'json:{"driver":"file"}',
    'json:{"driver":"constructor"}',
    'json:{"__proto__":{"driver":"file","filename":"/etc/shadow"}}',
    'json:{"driver":"nbd","host":"h","port":"99999"}',
    'json:{"driver":"nvme","device":"0:0:0.0","namespace":1}',
    "blah://h/x",
    "nbd+carrier://h/x",
    "nbd:///x",
    "http://h/%zz",
    "unknown:thing",
    `json:${'{"driver":"raw","file":'.repeat(20)}{"driver":"file","filename":"/f"}${"}".repeat(20)}`,
  ];
  for (const reference of wrong) {
    assert.throws(() => parseReference(reference), isLibvirtError, reference);
  }
});
