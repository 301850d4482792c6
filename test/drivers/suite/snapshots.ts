/** Snapshots: the tree they make, and going back in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Router } from "../../../src/driver/router.ts";
import { type Domain, DomainSnapshotListFlags, DomainState } from "../../../src/protocol/index.ts";
import { fails, type Subject, stateOf, watch, withDomain } from "./subject.ts";

const { ROOTS, DESCENDANTS, LEAVES, NO_LEAVES, INACTIVE, ACTIVE, TOPOLOGICAL } = DomainSnapshotListFlags;

async function take(router: Router, dom: Domain, name: string, flags = 0) {
  const xmlDesc = `<domainsnapshot><name>${name}</name><description>of ${name}</description></domainsnapshot>`;
  return (await router.call("domainSnapshotCreateXml", { dom, xmlDesc, flags })).snap;
}

export function describeSnapshots(subject: Subject): void {
  const title = (what: string) => `${subject.name}: ${what}`;
  const skip = !subject.features.has("snapshots");

  test(title("snapshots make a tree"), { skip }, async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    await withDomain(subject, router, "tree", async (dom) => {
      const one = await take(router, dom, "one");
      await router.call("domainCreate", { dom });
      const two = await take(router, dom, "two");
      await take(router, dom, "three");
      await fails(() => take(router, dom, "two"), "OPERATION_FAILED", /already exists/);
      const names = async (flags: number) => {
        const { snapshots } = await router.call("domainListAllSnapshots", { dom, needResults: 1, flags });
        return snapshots.map(({ name }) => name);
      };
      const children = async (flags: number) => {
        const { snapshots } = await router.call("domainSnapshotListAllChildren", {
          snapshot: one,
          needResults: 1,
          flags,
        });
        return snapshots.map(({ name }) => name);
      };
      assert.deepEqual((await names(0)).sort(), ["one", "three", "two"]);
      assert.deepEqual(await names(TOPOLOGICAL), ["one", "two", "three"]);
      assert.deepEqual(await names(ROOTS), ["one"]);
      assert.deepEqual(await names(LEAVES), ["three"]);
      assert.deepEqual((await names(NO_LEAVES)).sort(), ["one", "two"]);
      assert.deepEqual(await names(INACTIVE), ["one"]);
      assert.deepEqual((await names(ACTIVE)).sort(), ["three", "two"]);
      assert.deepEqual(await children(0), ["two"]);
      assert.deepEqual(await children(DESCENDANTS), ["two", "three"]);
      const { snap: current } = await router.call("domainSnapshotCurrent", { dom, flags: 0 });
      assert.equal(current.name, "three");
      assert.equal((await router.call("domainSnapshotGetParent", { snap: two, flags: 0 })).snap.name, "one");
      await fails(
        () => router.call("domainSnapshotGetParent", { snap: one, flags: 0 }),
        "NO_DOMAIN_SNAPSHOT",
        /parent/,
      );
      const { xml } = await router.call("domainSnapshotGetXmlDesc", { snap: two, flags: 0 });
      assert.match(
        xml,
        /<description>of two<\/description>\n {2}<state>running<\/state>\n {2}<parent>\n {4}<name>one</,
      );
      assert.match(xml, /<domain [\s\S]*<name>tree<\/name>/);

      await router.call("domainSnapshotDelete", { snap: two, flags: 0 });
      assert.deepEqual(await children(0), ["three"]);
      await router.call("domainSnapshotDelete", { snap: one, flags: 4 });
      assert.deepEqual(await names(0), ["one"]);
      assert.deepEqual(await router.call("domainSnapshotIsCurrent", { snap: one, flags: 0 }), { current: 1 });
      await router.call("domainSnapshotDelete", { snap: one, flags: 1 });
      assert.deepEqual(await router.call("domainHasCurrentSnapshot", { dom, flags: 0 }), { result: 0 });
      await fails(() => router.call("domainSnapshotGetXmlDesc", { snap: one, flags: 0 }), "NO_DOMAIN_SNAPSHOT");
      await fails(() => router.call("domainSnapshotCurrent", { dom, flags: 0 }), "NO_DOMAIN_SNAPSHOT");
    });
  });

  test(title("reverting brings state and definition back, and is told"), { skip }, async () => {
    await using connection = await watch(subject);
    const { router, events } = connection;
    await withDomain(subject, router, "back", async (dom) => {
      const off = await take(router, dom, "off");
      await router.call("domainCreate", { dom });
      const on = await take(router, dom, "on");
      await router.call("domainSuspend", { dom });
      const paused = await take(router, dom, "paused");
      await events();
      const revert = async (snap: typeof off, flags = 0) => {
        await router.call("domainRevertToSnapshot", { snap, flags });
        return {
          state: await stateOf(router, dom),
          told: (await events()).map((event) => event.replace(/^domain Lifecycle back /, "")),
        };
      };
      const { SHUTOFF, RUNNING, PAUSED } = DomainState;
      assert.deepEqual(await revert(off), { state: [SHUTOFF, 7], told: ["5 6"] });
      assert.deepEqual(await revert(on), { state: [RUNNING, 4], told: ["2 3"] });
      assert.deepEqual(await revert(paused), { state: [PAUSED, 7], told: ["5 6", "2 3", "3 5"] });
      assert.deepEqual(await revert(paused, 1), { state: [RUNNING, 4], told: ["5 6", "2 3"] });
      if (subject.features.has("revert-to-running")) {
        assert.deepEqual(await revert(off, 1), { state: [RUNNING, 4], told: ["5 6", "2 3"] });
      }
      await fails(() => revert(off, 1 | 2), "INVALID_ARG", /mutually exclusive/);
      await router.call("domainSetMetadata", { dom, type: 1, metadata: "later", key: null, uri: null, flags: 0 });
      await revert(on);
      await fails(() => router.call("domainGetMetadata", { dom, type: 1, uri: null, flags: 0 }), "NO_DOMAIN_METADATA");
      assert.equal((await router.call("domainSnapshotCurrent", { dom, flags: 0 })).snap.name, "on");
      await router.call("domainDestroy", { dom });
      await fails(() => router.call("domainUndefine", { dom }), "OPERATION_INVALID", /3 snapshots/);
    });
  });

  test(title("a snapshot is made known again from its own document"), { skip }, async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    await withDomain(subject, router, "again", async (dom) => {
      const snap = await take(router, dom, "kept");
      const { xml } = await router.call("domainSnapshotGetXmlDesc", { snap, flags: 0 });
      await router.call("domainSnapshotDelete", { snap, flags: 0 });
      await router.call("domainSnapshotCreateXml", { dom, xmlDesc: xml, flags: 1 | 2 });
      assert.deepEqual(await router.call("domainSnapshotGetXmlDesc", { snap, flags: 0 }), { xml });
      assert.deepEqual(await router.call("domainSnapshotIsCurrent", { snap, flags: 0 }), { current: 1 });
      const redefine = (xmlDesc: string) => () => router.call("domainSnapshotCreateXml", { dom, xmlDesc, flags: 1 });
      await fails(redefine("<domainsnapshot><name>x</name></domainsnapshot>"), "INTERNAL_ERROR", /creationTime/);
      const circle = xml.replace("<creationTime>", "<parent><name>kept</name></parent><creationTime>");
      await fails(redefine(circle), "INVALID_ARG", /cannot set moment kept as its own parent/);
    });
  });
}
