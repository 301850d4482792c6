/** How domains live: defining, starting, pausing, ending, and what is told of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Domain, DomainState } from "../../../src/protocol/index.ts";
import { fails, removeDomain, type Subject, stateOf, watch, withDomain } from "./subject.ts";

const { RUNNING, PAUSED, SHUTOFF } = DomainState;

export function describeDomains(subject: Subject): void {
  const title = (what: string) => `${subject.name}: ${what}`;

  test(title("a domain lives, and every step is told"), async () => {
    await using connection = await watch(subject);
    const { router, events } = connection;
    await withDomain(subject, router, "life", async (dom) => {
      assert.deepEqual(await events(), ["domain Lifecycle life 0 0"]);
      assert.deepEqual(await stateOf(router, dom), [SHUTOFF, 0]);
      assert.deepEqual(await router.call("domainIsActive", { dom }), { active: 0 });
      assert.deepEqual(await router.call("domainIsPersistent", { dom }), { persistent: 1 });

      await router.call("domainCreate", { dom });
      assert.deepEqual(await stateOf(router, dom), [RUNNING, 1]);
      const { dom: running } = await router.call("domainLookupByName", { name: "life" });
      assert.ok(running.id > 0);
      assert.deepEqual((await router.call("domainLookupById", { id: running.id })).dom.uuid, dom.uuid);
      await fails(
        () => router.call("domainCreate", { dom }),
        subject.driver === "test" ? "INTERNAL_ERROR" : "OPERATION_INVALID",
      );
      assert.ok((await events()).includes("domain Lifecycle life 2 0"));

      await router.call("domainSuspend", { dom });
      assert.deepEqual(await stateOf(router, dom), [PAUSED, 1]);
      await router.call("domainResume", { dom });
      assert.deepEqual(await stateOf(router, dom), [RUNNING, 5]);
      assert.deepEqual(await events(), ["domain Lifecycle life 3 0", "domain Lifecycle life 4 0"]);

      await router.call("domainDestroy", { dom });
      assert.deepEqual(await stateOf(router, dom), [SHUTOFF, 2]);
      assert.deepEqual(await events(), ["domain Lifecycle life 5 1"]);
      await fails(() => router.call("domainDestroy", { dom }), "OPERATION_INVALID", /domain is not running/);

      await router.call("domainUndefine", { dom });
      assert.deepEqual(await events(), ["domain Lifecycle life 1 0"]);
      await fails(() => router.call("domainGetXmlDesc", { dom, flags: 0 }), "NO_DOMAIN");
    });
  });

  test(title("a transient domain is gone when it ends"), { skip: !subject.features.has("transient") }, async () => {
    await using connection = await watch(subject);
    const { router, events } = connection;
    const { dom } = await router.call("domainCreateXml", { xmlDesc: subject.domainXml("guest"), flags: 0 });
    try {
      assert.deepEqual(await router.call("domainIsPersistent", { dom }), { persistent: 0 });
      assert.equal((await events())[0], "domain Lifecycle guest 2 0");
      await fails(() => router.call("domainManagedSave", { dom, flags: 0 }), "OPERATION_INVALID", /transient/);
    } finally {
      await router.call("domainDestroy", { dom });
    }
    assert.deepEqual(await events(), ["domain Lifecycle guest 5 1"]);
    await fails(() => router.call("domainLookupByName", { name: "guest" }), "NO_DOMAIN");
  });

  test(title("a running domain becomes persistent by defining it, and transient by undefining it"), async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    const { dom } = await router.call("domainCreateXml", { xmlDesc: subject.domainXml("both"), flags: 0 });
    try {
      const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 2 });
      await router.call("domainDefineXml", { xml });
      assert.deepEqual(await router.call("domainIsPersistent", { dom }), { persistent: 1 });
      await router.call("domainUndefine", { dom });
      assert.deepEqual(await router.call("domainIsPersistent", { dom }), { persistent: 0 });
      assert.deepEqual(await router.call("domainIsActive", { dom }), { active: 1 });
    } finally {
      await removeDomain(router, dom);
    }
  });

  const noStartFlags = !subject.features.has("start-flags");
  test(title("START_PAUSED starts without running; autodestroy ends with the connection"), {
    skip: noStartFlags,
  }, async () => {
    await using connection = await watch(subject);
    const { router, events } = connection;
    await withDomain(subject, router, "paused", async (dom) => {
      await events();
      await router.call("domainCreateWithFlags", { dom, flags: 1 });
      assert.deepEqual(await stateOf(router, dom), [PAUSED, 1]);
      await router.call("domainDestroy", { dom });
      const other = await subject.open({});
      await other.call("domainCreateWithFlags", { dom, flags: 2 });
      assert.equal((await stateOf(router, dom))[0], RUNNING);
      await events();
      await other.close();
      // A daemon ends them when it hears that the connection has gone.
      await connection.hears("domain Lifecycle paused 5 1");
      assert.equal((await stateOf(router, dom))[0], SHUTOFF);
    });
  });

  test(title("names and UUIDs are unique, and a refused definition changes nothing"), async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    await withDomain(subject, router, "one", async (dom) => {
      const uuid = Buffer.from(dom.uuid).toString("hex");
      const same = (name: string) => subject.domainXml(name, `<uuid>${uuid}</uuid>`);
      await fails(
        () => router.call("domainDefineXml", { xml: subject.domainXml("one") }),
        "OPERATION_FAILED",
        /already exists with uuid/,
      );
      await fails(
        () => router.call("domainDefineXml", { xml: same("two") }),
        "OPERATION_FAILED",
        /already defined with uuid/,
      );
      await fails(() => router.call("domainLookupByName", { name: "two" }), "NO_DOMAIN");
      assert.deepEqual((await router.call("domainDefineXml", { xml: same("one") })).dom.uuid, dom.uuid);
    });
  });

  test(title("bad documents are refused with their own errors"), async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    const before = await router.call("connectListAllDomains", { needResults: 1, flags: 0 });
    const define = (xml: string) => () => router.call("domainDefineXml", { xml });
    await fails(define("<domain"), "XML_DETAIL");
    await fails(define("<pool/>"), "XML_ERROR", /expecting root element of 'domain'/);
    await fails(define(subject.domainXml("a").replace(/<name>.*<\/name>/, "")), "NO_NAME");
    await fails(define(subject.domainXml("a/b")), "XML_ERROR", /cannot contain '\/'/);
    const strict = { xml: subject.domainXml("a", "<gizmo/>"), flags: 1 };
    await fails(() => router.call("domainDefineXmlFlags", strict), "XML_INVALID_SCHEMA", /gizmo/);
    assert.deepEqual(await router.call("connectListAllDomains", { needResults: 1, flags: 0 }), before);
  });

  test(title("what is not there is not found"), async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    const uuid = new Uint8Array(16).fill(9);
    await fails(() => router.call("domainLookupByName", { name: "nobody" }), "NO_DOMAIN");
    await fails(() => router.call("domainLookupByUuid", { uuid }), "NO_DOMAIN");
    await fails(() => router.call("domainLookupById", { id: 4711 }), "NO_DOMAIN");
    const dom = { name: "nobody", uuid, id: -1 };
    await fails(() => router.call("domainCreate", { dom }), "NO_DOMAIN", /nobody/);
  });

  test(title("lists: all, by flag, and the older halves"), async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    const names = async (flags: number): Promise<string[]> => {
      const { domains, ret } = await router.call("connectListAllDomains", { needResults: 1, flags });
      assert.equal(ret, domains.length);
      return domains.map(({ name }) => name).filter((name) => name.startsWith("list"));
    };
    await withDomain(subject, router, "list-off", () =>
      withDomain(subject, router, "list-on", async (dom) => {
        await router.call("domainCreate", { dom });
        assert.deepEqual((await names(0)).sort(), ["list-off", "list-on"]);
        assert.deepEqual(await names(1), ["list-on"]);
        assert.deepEqual(await names(2), ["list-off"]);
        assert.deepEqual((await names(1 | 2)).sort(), ["list-off", "list-on"]);
        assert.deepEqual(await names(16 | 1), ["list-on"]);
        const { domains } = await router.call("connectListAllDomains", { needResults: 0, flags: 0 });
        assert.deepEqual(domains, []);
        const defined = await router.call("connectListDefinedDomains", { maxnames: 100 });
        assert.ok(defined.names.includes("list-off") && !defined.names.includes("list-on"));
        const { ids } = await router.call("connectListDomains", { maxids: 100 });
        const { dom: running } = await router.call("domainLookupByName", { name: "list-on" });
        assert.ok(ids.includes(running.id));
        assert.equal((await router.call("connectNumOfDomains", {})).num, ids.length);
      }),
    );
  });

  test(title("a read-only connection looks and does not touch"), async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    const reader = await subject.open({ readOnly: true });
    try {
      await withDomain(subject, router, "looked-at", async (dom) => {
        await fails(
          () => reader.call("domainCreate", { dom }),
          "OPERATION_DENIED",
          /read only access prevents virDomainCreate/,
        );
        await fails(() => reader.call("domainUndefine", { dom }), "OPERATION_DENIED");
        assert.match((await reader.call("domainGetXmlDesc", { dom, flags: 0 })).xml, /looked-at/);
        assert.deepEqual(await stateOf(router, dom), [SHUTOFF, 0]);
      });
    } finally {
      await reader.close();
    }
  });

  test(title("autostart, title, description and an application's metadata are kept"), async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    await withDomain(subject, router, "noted", async (dom) => {
      await router.call("domainSetAutostart", { dom, autostart: 1 });
      assert.deepEqual(await router.call("domainGetAutostart", { dom }), { autostart: 1 });
      const set = (type: number, metadata: string | null, key: string | null = null, uri: string | null = null) =>
        router.call("domainSetMetadata", { dom, type, metadata, key, uri, flags: 0 });
      const get = async (type: number, uri: string | null = null) =>
        (await router.call("domainGetMetadata", { dom, type, uri, flags: 0 })).metadata;
      await set(1, "A title");
      await set(0, "Two\nlines");
      await set(2, "<x a='1'><y/></x>", "k", "http://example.org/k");
      assert.equal(await get(1), "A title");
      assert.equal(await get(0), "Two\nlines");
      assert.match(await get(2, "http://example.org/k"), /^<x a="1">\s*<y\/>\s*<\/x>$/);
      assert.match(
        (await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml,
        /<k:x xmlns:k="http:\/\/example.org\/k" a="1">/,
      );
      await set(2, null, "k", "http://example.org/k");
      await fails(() => get(2, "http://example.org/k"), "NO_DOMAIN_METADATA");
      await fails(() => set(1, "two\nlines"), "INVALID_ARG", /newlines/);
      await fails(() => set(2, "<x", "k", "http://example.org/k"), "XML_DETAIL");
      await fails(() => set(7, "x"), "INVALID_ARG", /unknown metadata type/);
    });
  });

  test(title("memory and processors: live, for the next start, and beyond their limits"), async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    await withDomain(subject, router, "sized", async (dom) => {
      const { memory } = await router.call("domainGetMaxMemory", { dom });
      await router.call("domainSetMemoryFlags", { dom, memory: memory / 2n, flags: 2 });
      assert.equal((await router.call("domainGetInfo", { dom })).memory, memory / 2n);
      await fails(() => router.call("domainSetMemoryFlags", { dom, memory: memory * 2n, flags: 2 }), "INVALID_ARG");
      await fails(() => router.call("domainSetMemory", { dom, memory }), "OPERATION_INVALID", /not running/);
      await router.call("domainSetVcpusFlags", { dom, nvcpus: 4, flags: 2 | 4 });
      await router.call("domainSetVcpusFlags", { dom, nvcpus: 3, flags: 2 });
      assert.deepEqual(await router.call("domainGetVcpusFlags", { dom, flags: 2 }), { num: 3 });
      assert.deepEqual(await router.call("domainGetVcpusFlags", { dom, flags: 2 | 4 }), { num: 4 });
      await fails(
        () => router.call("domainSetVcpusFlags", { dom, nvcpus: 5, flags: 2 }),
        "INVALID_ARG",
        /exceeds maximum|greater than max allowable/,
      );
      const { info } = await describeRunning(dom);
      assert.equal(info.nrVirtCpu, 3);
      assert.equal(info.maxMem, memory);
    });

    async function describeRunning(dom: Domain) {
      await router.call("domainCreate", { dom });
      return { info: await router.call("domainGetInfo", { dom }) };
    }
  });

  test(title("a managed save is what starts next"), { skip: !subject.features.has("managed-save") }, async () => {
    await using connection = await watch(subject);
    const { router, events } = connection;
    const save = async (dom: Domain) => {
      await router.call("domainCreate", { dom });
      await subject.savable?.up(dom);
      await events();
      await router.call("domainManagedSave", { dom, flags: 0 });
      assert.deepEqual(await stateOf(router, dom), [SHUTOFF, 5]);
      assert.deepEqual(await events(), ["domain Lifecycle kept 5 4"]);
      assert.deepEqual(await router.call("domainHasManagedSaveImage", { dom, flags: 0 }), { result: 1 });
      await fails(() => router.call("domainUndefine", { dom }), "OPERATION_INVALID", /managed save/);
      await router.call("domainCreate", { dom });
      assert.deepEqual(await router.call("domainHasManagedSaveImage", { dom, flags: 0 }), { result: 0 });
    };
    await withDomain(subject, router, "kept", save, subject.savable?.xml("kept"));
  });

  test(title("a domain gets another name"), { skip: !subject.features.has("rename") }, async () => {
    await using connection = await watch(subject);
    const { router, events } = connection;
    await withDomain(subject, router, "before", async (dom) => {
      await events();
      await router.call("domainRename", { dom, newName: "after", flags: 0 });
      assert.deepEqual(await events(), ["domain Lifecycle before 1 1", "domain Lifecycle after 0 2"]);
      assert.deepEqual((await router.call("domainLookupByName", { name: "after" })).dom.uuid, dom.uuid);
      await fails(() => router.call("domainLookupByName", { name: "before" }), "NO_DOMAIN");
      await fails(
        () => router.call("domainRename", { dom, newName: "after", flags: 0 }),
        "OPERATION_INVALID",
        /to itself/,
      );
      await fails(() => router.call("domainRename", { dom, newName: "a/b", flags: 0 }), "XML_ERROR");
    });
  });
}
