import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { procedures } from "../protocol/index.ts";
import * as api from "./index.ts";
import { bindingOf, withoutBinding } from "./names.ts";

/** This folder in the source tree, even when compiled code runs. */
function sourceFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const source = here.replace(/\/dist\/src\/api$/, "/src/api");
  return existsSync(source) ? source : here;
}

/** The functions of libvirt that the description of the API knows. */
const described = new Map(Object.values(procedures).map(({ cFunction, since }) => [cFunction, since]));

/** The functions of the libvirt that is installed, and since when they are there. */
function installed(): Map<string, string> {
  const files = ["libvirt", "libvirt-qemu", "libvirt-lxc", "libvirt-admin"].map(
    (name) => `/usr/share/libvirt/api/${name}-api.xml`,
  );
  const texts = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  return new Map(
    texts.flatMap((text) =>
      [...text.matchAll(/<function name='(\w+)'[^>]*version='([\d.]+)'/g)].map(
        ([, name = "", since = ""]) => [name, since] as const,
      ),
    ),
  );
}

const classes = api as unknown as Readonly<Record<string, { readonly prototype: object }>>;

function isThere(cFunction: string): boolean {
  const binding = bindingOf(cFunction);
  if (!binding) return false;
  if (binding.class === null) return binding.name in api;
  return binding.name in (classes[binding.class]?.prototype ?? {});
}

function checkAll(functions: Iterable<string>): void {
  for (const cFunction of functions) {
    const reason = withoutBinding.find(([names]) => names.test(cFunction))?.[1];
    const binding = bindingOf(cFunction);
    const where = binding && `${binding.class ?? "index"}.${binding.name}`;
    if (reason === undefined) assert.ok(isThere(cFunction), `${cFunction} has neither ${where} nor a reason`);
    else assert.ok(!isThere(cFunction), `${cFunction} has ${where} and a reason not to: ${reason}`);
  }
}

test("every function of the description has its method, or a reason why not", () => {
  assert.ok(described.size > 300);
  checkAll(described.keys());
});

test("every function of the installed libvirt has its method, or a reason why not", (t) => {
  const functions = installed();
  if (functions.size === 0) return t.skip("/usr/share/libvirt/api is not there: install libvirt-dev");
  checkAll(functions.keys());
});

test("names follow the binding rule", () => {
  const names: Readonly<Record<string, string>> = {
    virDomainGetXMLDesc: "Domain.xmlDesc",
    virDomainGetUUIDString: "Domain.uuidString",
    virDomainGetOSType: "Domain.osType",
    virDomainGetID: "Domain.id",
    virDomainDefineXML: "Connection.defineXML",
    virDomainLookupByName: "Connection.lookupByName",
    virDomainLookupByUUIDString: "Connection.lookupByUuidString",
    virNetworkCreateXML: "Connection.networkCreateXML",
    virConnectNumOfDomains: "Connection.numOfDomains",
    virDomainSetMaxMemory: "Domain.setMaxMemory",
    virNWFilterLookupByName: "Connection.nwfilterLookupByName",
    virNodeDeviceGetParent: "NodeDevice.parent",
    virNodeGetInfo: "Connection.getInfo",
    virDomainFSFreeze: "Domain.fsFreeze",
    virDomainAddIOThread: "Domain.addIOThread",
    virDomainSnapshotCreateXML: "Domain.snapshotCreateXML",
    virDomainSnapshotGetParent: "DomainSnapshot.parent",
    virNetworkPortCreateXML: "Network.portCreateXML",
    virStorageVolCreateXML: "StoragePool.createXML",
  };
  for (const [cFunction, name] of Object.entries(names)) {
    const binding = bindingOf(cFunction);
    assert.equal(`${binding?.class}.${binding?.name}`, name);
  }
});

/** The doc comments of this floor by the name of what they stand at; several classes may share a name. */
function docComments(): Map<string, string> {
  const comments = new Map<string, string>();
  const folder = sourceFolder();
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const text = readFileSync(join(folder, file), "utf8");
    const documented = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(?:export )?(?:async )?(?:function )?\*?(\w+)[<(]/g;
    for (const [, comment = "", name = ""] of text.matchAll(documented)) {
      comments.set(name, `${comments.get(name) ?? ""}\n${comment.replace(/\s*\n\s*\*\s*/g, " ")}`);
    }
  }
  return comments;
}

test("every method that asks the driver takes options last", () => {
  const folder = sourceFolder();
  const without: string[] = [];
  let found = 0;
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/^(connection|domain|network|storage|host|secret|nwfilter)\/[\w-]+(?<!\.test)\.ts$/.test(file)) continue;
    const text = readFileSync(join(folder, file), "utf8");
    const method = /^ {2}(?:async )?([a-z]\w*)(?:<[^\n]*>)?\(((?:(?!\): |\{\n)[\s\S])*)\): Promise</gm;
    for (const [, name = "", parameters = ""] of text.matchAll(method)) {
      found++;
      if (!/_?options\?: CallOptions,?\s*$/.test(parameters)) without.push(name);
    }
  }
  assert.ok(found > 300, `${found} methods`);
  assert.deepEqual(without, ["close"]);
});

/** Names of objects: the same doc comment stands for all classes. */
const shared = /Get(Name|UUID|UUIDString|Connect)$/;

test("every method's doc comment names its function and since when it is there", () => {
  const comments = docComments();
  const faults: string[] = [];
  for (const [cFunction, since] of new Map([...described, ...installed()])) {
    if (!isThere(cFunction) || shared.test(cFunction)) continue;
    const comment = comments.get(bindingOf(cFunction)?.name ?? "") ?? "";
    const [, told] = new RegExp(`\`${cFunction}\`[^)]*?since ([\\d.]+)`).exec(comment) ?? [];
    if (told !== since) faults.push(`${cFunction}: ${told} instead of ${since}`);
  }
  assert.deepEqual(faults, []);
});
