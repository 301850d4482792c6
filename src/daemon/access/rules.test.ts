import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../../errors.ts";
import { type AnyProcedure, procedures } from "../../protocol/index.ts";
import { globTest } from "../glob.ts";
import type { AccessSubject } from "./access-control.ts";
import { permissionsFor } from "./control.ts";
import { objectOf } from "./objects.ts";
import { type Accounts, decidingRule, parseRules, type SubjectFacts } from "./rules.ts";

const accounts: Accounts = {
  user: async (name) => (name === "fred" ? 1000 : null),
  group: async (name) => (name === "ops" ? { gid: 50, members: new Set([1001]) } : null),
};
const nobody: SubjectFacts = { readonly: false, uri: "qemu:///system" };

async function decide(text: string, permission: Parameters<typeof decidingRule>[1], who: object, object: object = {}) {
  const rules = await parseRules(text, "r", accounts);
  return decidingRule(rules, permission, { ...nobody, ...who }, object)?.allows ?? false;
}

test("the first rule that fits decides, and what no rule fits is denied", async () => {
  const text = `
    # comments and empty lines are nothing

    deny  domain:delete,domain:stop on name=prod-*   # not these
    allow domain:* to user=fred on name=web-* uuid=1*
    allow domain:*,connect:* to group=ops
    allow *:getattr to readonly=yes uri=qemu:*
    allow connect:getattr to "dn=C=GB,O=Red Hat,*"
  `;
  const [fred, opsByGroup, opsByMember] = [{ uid: 1000 }, { uid: 7, gid: 50 }, { uid: 1001, gid: 7 }];
  const web = { name: "web-1", uuid: "1234" };
  assert.equal(await decide(text, "domain:start", fred, web), true);
  assert.equal(await decide(text, "domain:start", fred, { ...web, uuid: "2234" }), false);
  assert.equal(await decide(text, "domain:start", fred, { name: "db", uuid: "1" }), false);
  assert.equal(await decide(text, "domain:start", opsByGroup, { name: "db" }), true);
  assert.equal(await decide(text, "domain:start", opsByMember, { name: "db" }), true);
  assert.equal(await decide(text, "domain:delete", opsByMember, { name: "prod-1" }), false);
  assert.equal(await decide(text, "network:getattr", { readonly: true }, { name: "n" }), true);
  assert.equal(await decide(text, "network:getattr", {}, { name: "n" }), false);
  assert.equal(await decide(text, "connect:getattr", { dn: "C=GB,O=Red Hat,CN=x" }), true);
  assert.equal(await decide(text, "connect:getattr", {}), false);
});

test("what is not known of an object lets no rule allow, and each that asks for it deny", async () => {
  const saved = { name: null, uuid: null };
  assert.equal(await decide("allow domain:start on name=web-*", "domain:start", {}, saved), false);
  assert.equal(await decide("deny domain:start on name=db\nallow *", "domain:start", {}, saved), false);
  assert.equal(await decide("allow domain:start", "domain:start", {}, saved), true);
  // A connection has no name: rules about names are not about it.
  assert.equal(await decide("deny * on name=db\nallow *", "connect:getattr", {}, {}), true);
});

test("what is wrong in the file is told with its line", async () => {
  for (const [text, message] of [
    ["permit *", /r:1: a rule begins with 'allow' or 'deny', not with 'permit'/],
    ["\nallow", /r:2: which permissions\?/],
    ["allow domain:strat", /r:1: there is no permission 'domain:strat'/],
    ["allow * user=fred", /expecting 'to' or 'on', not 'user=fred'/],
    ["allow * to", /nothing follows 'to'/],
    ["allow * to user=bob", /there is no user 'bob' in \/etc\/passwd/],
    ["allow * to group=bob", /there is no group 'bob'/],
    ["allow * to uid=x", /'x' is no number/],
    ["allow * to name=x", /'name=x' is not anyone, nor NAME=PATTERN with one of user, uid/],
    ["allow * on user=fred", /'user=fred' is not NAME=PATTERN with one of name, uuid, pool/],
    ["allow * to readonly=maybe", /readonly is yes or no/],
    ['allow * to "sasl=x', /a quote is not closed/],
  ] as const) {
    await assert.rejects(parseRules(text, "r", accounts), (error: Error) => {
      assert.ok(isLibvirtError(error, "CONF_SYNTAX"));
      assert.match(error.message, message, text);
      return true;
    });
  }
});

test("permissions follow from the description, flags included", () => {
  const needed = (name: keyof typeof procedures, args: object) => permissionsFor(procedures[name], args);
  assert.deepEqual(needed("domainCreate", {}), ["domain:start"]);
  assert.deepEqual(needed("domainGetXmlDesc", { flags: 0 }), ["domain:read"]);
  assert.deepEqual(needed("domainGetXmlDesc", { flags: 1 }), ["domain:read", "domain:read_secure"]);
});

test("of every procedure that is about an object, either the object is found or nothing is claimed of it", async () => {
  const asked: string[] = [];
  const uuid = new Uint8Array(16).fill(7);
  const subject: AccessSubject = {
    identity: {},
    readOnly: false,
    uri: "test:///default",
    call: ((name: string) => {
      asked.push(name);
      const ref = { name: "the true name", uuid, pool: "p", key: "k", id: 1, mac: "m", usageType: 0, usageID: "" };
      const port = { ...ref, net: ref, portdev: "d", filtername: "f" };
      return {
        dom: ref,
        net: ref,
        pool: ref,
        nwfilter: { ...ref, ...port },
        secret: ref,
        iface: ref,
        vol: ref,
        dev: ref,
        port,
      };
    }) as never,
  };
  const claimed = { name: "claimed", uuid, id: -1 };
  const args = {
    ...{ dom: claimed, snap: { name: "s", dom: claimed }, checkpoint: { name: "s", dom: claimed }, net: claimed },
    ...{ network: claimed, pool: claimed, nwfilter: { ...claimed, portdev: "d" }, secret: claimed, name: "n" },
    ...{ vol: { pool: "p", name: "v", key: "k" }, iface: { name: "eth0" }, port: { net: claimed, uuid }, flags: 0 },
    ...{ xml: "<x><name>from xml</name></x>", xmlDesc: "<x name='from xml'/>", snapshot: { name: "s", dom: claimed } },
  };
  for (const procedure of Object.values<AnyProcedure>(procedures)) {
    for (const permission of permissionsFor(procedure, args)) {
      if (permission.startsWith("connect:")) continue;
      const facts = await objectOf(permission, procedure, args, subject);
      assert.notEqual(Object.keys(facts).length, 0, procedure.name);
      // What a client says beside a UUID is never believed.
      assert.notEqual(facts.name, "claimed", `${procedure.name} ${permission}`);
    }
  }
  assert.ok(asked.includes("domainLookupByUuid") && asked.includes("storagePoolLookupByVolume"));
});

test("patterns take time linear in their parts", () => {
  assert.equal(globTest("a*b?d", "axxxbcd"), true);
  assert.equal(globTest("a*b?d", "axxxbd"), false);
  assert.equal(globTest(`${"*".repeat(50)}x`, "a".repeat(5000)), false);
  assert.equal(globTest("", ""), true);
  assert.equal(globTest("*", ""), true);
});
