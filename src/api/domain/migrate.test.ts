import assert from "node:assert/strict";
import { test } from "node:test";
import type { Driver } from "../../driver/handler.ts";
import { LibvirtError } from "../../errors.ts";
import { DomainMigrateFlags, open, registerDriver, silenceErrors } from "../index.ts";

silenceErrors();

const uuid = new Uint8Array(16);
const cookie = (text: string) => Buffer.from(text);

/** What the two hosts were asked, in order, and which step fails. */
const asked: string[] = [];
let failing = "";

/** One side of a migration that writes down what it is asked. */
function side(name: string): Driver {
  const step = (what: string, args: { readonly cancelled?: number; readonly cookieIn?: Uint8Array }) => {
    const cancelled = args.cancelled === 1 ? " cancelled" : "";
    asked.push(`${name} ${what} <${Buffer.from(args.cookieIn ?? []).toString()}>${cancelled}`);
    if (failing === what) throw new LibvirtError("OPERATION_FAILED", "TEST", `${what} failed`);
  };
  return {
    connectSupportsFeature: () => ({ supported: 1 }),
    domainLookupByName: () => ({ dom: { name: "d", uuid, id: 1 } }),
    domainMigrateBegin3Params(args) {
      step("begin", args as object);
      return { cookieOut: cookie("b"), xml: "<domain/>" };
    },
    domainMigratePrepare3Params({ params, ...args }) {
      step("prepare", args);
      assert.equal(params.find(({ field }) => field === "destination_xml")?.value.value, "<domain/>");
      return { cookieOut: cookie("p"), uriOut: "tcp:there:1" };
    },
    domainMigratePerform3Params({ params, dconnuri, ...args }) {
      step(dconnuri === null ? "perform" : `perform to ${dconnuri}`, args);
      if (dconnuri === null) {
        assert.equal(params.find(({ field }) => field === "migrate_uri")?.value.value, "tcp:there:1");
      }
      return { cookieOut: cookie("q") };
    },
    domainMigrateFinish3Params(args) {
      step("finish", args);
      return { dom: { name: "d", uuid, id: 7 }, cookieOut: cookie("f") };
    },
    domainMigrateConfirm3Params: (args) => step("confirm", args),
  };
}

for (const name of ["here", "there"]) {
  registerDriver({ name, accepts: (uri) => uri.driver === name, open: () => side(name) });
}

async function migrate(): Promise<number> {
  asked.length = 0;
  await using here = await open("here:///");
  await using there = await open("there:///");
  return (await (await here.lookupByName("d")).migrate3(there, { bandwidth: 5 })).id();
}

test("a migration goes through its steps, each with the cookie of the one before", async () => {
  failing = "";
  assert.equal(await migrate(), 7);
  assert.deepEqual(asked, [
    "here begin <>",
    "there prepare <b>",
    "here perform <p>",
    "there finish <q>",
    "here confirm <f>",
  ]);
});

test("whatever fails, both sides learn that nothing came of it", async () => {
  failing = "prepare";
  await assert.rejects(migrate(), { message: "operation failed: prepare failed" });
  assert.deepEqual(asked.slice(1), ["there prepare <b>", "here confirm <> cancelled"]);
  failing = "perform";
  await assert.rejects(migrate(), { message: "operation failed: perform failed" });
  assert.deepEqual(asked.slice(2), ["here perform <p>", "there finish <> cancelled"]);
  failing = "finish";
  await assert.rejects(migrate(), { message: "operation failed: finish failed" });
  assert.deepEqual(asked.slice(3), ["there finish <q>", "here confirm <> cancelled"]);
});

test("hosts that speak with each other need one call", async () => {
  failing = "";
  await using here = await open("here:///");
  const domain = await here.lookupByName("d");
  asked.length = 0;
  await domain.migrateToURI("there:///", DomainMigrateFlags.PEER2PEER);
  assert.deepEqual(asked, ["here perform to there:/// <>"]);
  assert.equal(domain.id(), -1);
});

test("what this node cannot do is refused as by the C library", async () => {
  await using conn = await open("test:///default");
  const domain = await conn.lookupByName("test");
  const { PEER2PEER, TUNNELLED } = DomainMigrateFlags;
  const refused: readonly (readonly [work: Promise<unknown>, message: string])[] = [
    [domain.migrate3(conn), "this function is not supported by the connection driver: virDomainMigrate3"],
    [domain.migrate3(conn, {}, PEER2PEER), "use virDomainMigrateToURI3 for peer-to-peer migration"],
    [domain.migrate3(conn, {}, TUNNELLED), "cannot perform tunnelled migration without using peer2peer flag"],
    [domain.migrateToURI("qemu:///x"), "argument unsupported: direct migration is not supported by the source host"],
    [
      domain.migrateToURI3("qemu:///x", {}, PEER2PEER),
      "argument unsupported: p2p migration is not supported by the source host",
    ],
    [domain.migrateToURI3(null, {}, PEER2PEER), "dconnuri in virDomainMigrateToURI3 must not be NULL"],
  ];
  for (const [work, message] of refused) await assert.rejects(work, { message });
});
