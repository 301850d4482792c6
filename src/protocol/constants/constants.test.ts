import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { procedures } from "../table.ts";
import * as constants from "./index.ts";

/** libvirt's machine-readable list of its public API, which Debian's libvirt-dev installs. */
const folder = "/usr/share/libvirt/api";
const files = ["libvirt-api.xml", "libvirt-qemu-api.xml", "libvirt-lxc-api.xml", "libvirt-admin-api.xml"];
const skip = files.every((file) => existsSync(`${folder}/${file}`)) ? false : `${folder} of libvirt-dev is not there`;

type Attributes = Readonly<Record<string, string>>;

/** The attributes of every element with this name in all the files. */
function elements(name: string): readonly Attributes[] {
  const element = new RegExp(`<${name} ([^>]*)`, "g");
  return files.flatMap((file) =>
    [...readFileSync(`${folder}/${file}`, "utf8").matchAll(element)].map(([, attributes]) =>
      Object.fromEntries(
        [...(attributes as string).matchAll(/(\w+)='([^']*)'/g)].map(([, key, value]) => [key, value]),
      ),
    ),
  );
}

/** The name we give to an enum of C. */
function typeName(c: string): string {
  return c
    .replace(/^vir/, "")
    .replace(/Flag(s)?Values$/, "Flags")
    .replace(/Values$/, "");
}

/** Not values, but how many values there are. */
function isSentinel(name: string): boolean {
  return (name.endsWith("_LAST") && !name.endsWith("_ADD_LAST")) || name === "VIR_DOMAIN_MEMORY_STAT_NR";
}

function groupsOf(): Readonly<Record<string, Readonly<Record<string, number | string>>>> {
  const groups = Object.entries(constants).filter(([, value]) => typeof value === "object");
  return Object.fromEntries(groups) as Record<string, Record<string, number | string>>;
}

/** Values that came with a later release, for procedures of that release. */
const later: Readonly<Record<string, readonly string[]>> = { ErrorNumber: ["NO_NETWORK_METADATA"] };

test("every enum of libvirt 9.0's public API is here, with every value and no other", { skip }, () => {
  const all = elements("enum");
  const values = new Map(all.map(({ name, value }) => [name, value]));
  const resolve = (value: string | undefined): number => {
    const next = value !== undefined && values.has(value) ? values.get(value) : undefined;
    return next === undefined ? Number(value) : resolve(next);
  };
  const expected = new Map<string, Map<string, number>>();
  for (const { name = "", type = "", value } of all) {
    if (isSentinel(name)) continue;
    const group = expected.get(typeName(type)) ?? new Map<string, number>();
    expected.set(typeName(type), group.set(name, resolve(value)));
  }
  const groups = groupsOf();
  for (const [type, members] of expected) {
    const group = groups[type] ?? assert.fail(`${type} is missing`);
    const own = Object.keys(group).filter((key) => !later[type]?.includes(key));
    assert.equal(own.length, members.size, `${type} has as many values`);
    const prefixes = new Set<string>();
    for (const [name, value] of members) {
      const key = Object.keys(group).find((key) => name.endsWith(`_${key}`) && group[key] === value);
      assert(key !== undefined, `${type} lacks ${name} = ${value}`);
      prefixes.add(name.slice(0, -key.length));
    }
    const expectedPrefixes = type === "ErrorNumber" ? 2 : 1; // errors and warnings
    assert(prefixes.size <= expectedPrefixes, `${type}: keys leave out different prefixes ${[...prefixes]}`);
  }
});

test("every string macro of libvirt 9.0's public API is here", { skip }, () => {
  const groups = Object.values(groupsOf());
  for (const { name = "", string } of elements("macro")) {
    if (string === undefined) continue;
    const found = groups.some((group) =>
      Object.entries(group).some(([key, value]) => value === string && name.endsWith(`_${key}`)),
    );
    assert(found, `${name} = ${string}`);
  }
});

test("every procedure of 9.0 names a public function and the release that it came with", { skip }, () => {
  const since = new Map(elements("function").map(({ name, version }) => [name, version]));
  for (const procedure of Object.values(procedures)) {
    const version = since.get(procedure.cFunction);
    if (Number.parseInt(procedure.since, 10) > 9 || procedure.since === "9.7.0") {
      assert.equal(version, undefined, `${procedure.name} is said to be newer than 9.0`);
    } else if (procedure.cFunction.startsWith("virDomainMigrate")) {
      assert(version, `${procedure.cFunction} is public`); // the steps of migrating changed under the same function
    } else {
      assert.equal(procedure.since, version, `${procedure.name} (${procedure.cFunction})`);
    }
  }
});
