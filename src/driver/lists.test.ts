import assert from "node:assert/strict";
import { test } from "node:test";
import { DomainSnapshotListFlags, TypedParameterType } from "../protocol/index.ts";
import { checkFlags, exclusiveFlags, requiredFlag } from "./flags.ts";
import { type ListQuestion, questionFlags, selectByFlags, yesOrNo } from "./list-filter.ts";
import { type Moment, MomentTree } from "./moments.ts";
import { formatUuid, ObjectList, parseUuid } from "./object-list.ts";
import { domainListTwins } from "./twins.ts";
import { countedParams, intParam, stringParam, takeParams } from "./typed-parameters.ts";

const uuid = (byte: number) => new Uint8Array(16).fill(byte);

test("flags: several answers to one question are alternatives, several questions all count", () => {
  const questions: ListQuestion<number>[] = [
    yesOrNo(1, 2, (n) => n > 10),
    yesOrNo(4, 8, (n) => n % 2 === 0),
    [
      [16, (n) => n === 3],
      [32, (n) => n === 12],
    ],
  ];
  const select = (flags: number) => selectByFlags([3, 4, 12, 13], flags, questions);
  assert.deepEqual(select(0), [3, 4, 12, 13]);
  assert.deepEqual(select(1), [12, 13]);
  assert.deepEqual(select(1 | 2), [3, 4, 12, 13]);
  assert.deepEqual(select(2 | 4), [4]);
  assert.deepEqual(select(16 | 32), [3, 12]);
  assert.equal(questionFlags(questions), 63);
});

test("flags a driver does not know are refused, also the highest bit", () => {
  checkFlags(3, 3, "domainCreateXml", "TEST");
  assert.throws(() => checkFlags(0x80000001 | 0, 1, "domainCreateXml", "TEST"), {
    code: 8,
    domain: 12,
    message: "unsupported flags (0x80000000) in function virDomainCreateXML",
  });
  assert.throws(() => exclusiveFlags(3, { ONE: 1, TWO: 2 }, "DOMAIN"), { code: 8, message: /'ONE' and 'TWO'/ });
  exclusiveFlags(2, { ONE: 1, TWO: 2 }, "DOMAIN");
  assert.throws(() => requiredFlag(1, { ONE: 1 }, { TWO: 2 }, "DOMAIN"), {
    message: /'TWO' is required by flag 'ONE'/,
  });
  requiredFlag(3, { ONE: 1 }, { TWO: 2 }, "DOMAIN");
});

test("a definition meets its own object, and no half of another", () => {
  const list = new ObjectList<{ name: string; uuid: Uint8Array }>();
  const kind = { what: "domain", domain: "DOMAIN" } as const;
  const a = { name: "a", uuid: uuid(1) };
  list.add(a);
  assert.equal(list.counterpart({ name: "a", uuid: uuid(1) }, kind), a);
  assert.equal(list.counterpart({ name: "b", uuid: uuid(2) }, kind), undefined);
  assert.throws(() => list.counterpart({ name: "a", uuid: uuid(2) }, kind), {
    code: 9,
    message: "operation failed: domain 'a' already exists with uuid 01010101-0101-0101-0101-010101010101",
  });
  assert.throws(() => list.counterpart({ name: "b", uuid: uuid(1) }, kind), { message: /'a' is already defined with/ });
  list.rename(a, () => {
    a.name = "c";
  });
  assert.equal(list.byName("a"), undefined);
  assert.equal(list.byName("c"), a);
  list.remove(a);
  assert.equal(list.size, 0);
});

test("UUIDs as text", () => {
  assert.equal(formatUuid(uuid(0xab)), "abababab-abab-abab-abab-abababababab");
  assert.deepEqual(parseUuid("ABABABABABABABABABABABABABABABAB"), uuid(0xab));
  assert.equal(parseUuid("abab"), null);
});

test("moments: places in the tree, and what becomes of it when one goes", () => {
  const tree = new MomentTree<Moment>();
  const add = (name: string, parent: string | null) => {
    const moment = { name, parent };
    tree.set(moment);
    return moment;
  };
  const root = add("root", null);
  const left = add("left", "root");
  const leaf = add("leaf", "left");
  add("right", "root");
  const { ROOTS, DESCENDANTS, LEAVES, NO_LEAVES, TOPOLOGICAL } = DomainSnapshotListFlags;
  const names = (from: Moment | null, flags: number) => tree.list(from, flags).map(({ name }) => name);
  assert.deepEqual(names(null, 0), ["root", "left", "leaf", "right"]);
  assert.deepEqual(names(null, TOPOLOGICAL), ["root", "left", "leaf", "right"]);
  assert.deepEqual(names(null, ROOTS), ["root"]);
  assert.deepEqual(names(root, 0), ["left", "right"]);
  assert.deepEqual(names(root, DESCENDANTS), ["left", "leaf", "right"]);
  assert.deepEqual(names(null, LEAVES), ["leaf", "right"]);
  assert.deepEqual(names(null, NO_LEAVES), ["root", "left"]);
  assert.deepEqual(names(null, NO_LEAVES | LEAVES).length, 4);
  assert.equal(tree.wouldCircle("root", "leaf"), true);
  assert.equal(tree.wouldCircle("new", "leaf"), false);
  tree.current = left;
  tree.remove(left);
  assert.equal(tree.current, root);
  assert.equal(leaf.parent, "root");
});

test("typed parameters: counted, checked", () => {
  const params = [intParam("a", 1), stringParam("b", "x")];
  assert.deepEqual(countedParams(params, 0), { params: [], nparams: 2 });
  assert.deepEqual(countedParams(params, 1), { params: [params[0]], nparams: 1 });
  const types = { a: TypedParameterType.INT, b: TypedParameterType.STRING };
  assert.deepEqual(
    [...takeParams(params, types, "TEST")],
    [
      ["a", 1],
      ["b", "x"],
    ],
  );
  assert.throws(() => takeParams([intParam("c", 1)], types, "TEST"), { code: 74 });
  assert.throws(() => takeParams([intParam("b", 1)], types, "TEST"), { code: 8, message: /invalid type 'int'/ });
  assert.throws(() => takeParams([intParam("a", 1), intParam("a", 1)], types, "TEST"), {
    code: 8,
    message: /multiple times/,
  });
  assert.throws(() => takeParams([intParam("toString", 1)], types, "TEST"), { code: 74 });
});

test("older lists are cut from the newer one", async () => {
  const domains = [
    { name: "a", uuid: uuid(1), id: 4 },
    { name: "b", uuid: uuid(2), id: -1 },
  ];
  const twins = domainListTwins(({ flags }) => {
    const chosen = domains.filter(({ id }) => flags & (id < 0 ? 2 : 1));
    return { domains: chosen, ret: chosen.length };
  });
  const call = {} as never;
  assert.deepEqual(await twins.connectListDomains({ maxids: 10 }, call), { ids: [4] });
  assert.deepEqual(await twins.connectListDefinedDomains({ maxnames: 10 }, call), { names: ["b"] });
  assert.deepEqual(await twins.connectListDefinedDomains({ maxnames: 0 }, call), { names: [] });
  assert.deepEqual(await twins.connectNumOfDomains({}, call), { num: 1 });
  await assert.rejects(async () => twins.connectListDomains({ maxids: -1 }, call), { code: 8 });
});
