/**
 * Every method against a driver that only writes down what it is asked: each calls its own procedure, and each argument
 * arrives in the field that has its place. The arguments are made by the description of the API.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallContext, Driver } from "../driver/handler.ts";
import { type AnyProcedure, procedures, TypedParameterType, typedParameter } from "../protocol/index.ts";
import type { Type } from "../protocol/xdr/index.ts";
import { type Connection, open, registerDriver, silenceErrors } from "./index.ts";
import { bindingOf, type ClassName, withoutBinding } from "./names.ts";

silenceErrors();

/** Any value of a type; lists have one member. */
function anyOf({ shape }: Type): unknown {
  switch (shape.kind) {
    case "struct":
      return Object.fromEntries(Object.entries(shape.fields).map(([name, type]) => [name, anyOf(type)]));
    case "array":
      return [anyOf(shape.of)];
    case "union":
      return { type: TypedParameterType.UINT, value: 1 };
    case "optional":
      return anyOf(shape.of);
    case "hyper":
    case "uhyper":
      return 1n;
    case "opaque":
      return new Uint8Array(1);
    case "fixedOpaque":
      return new Uint8Array(shape.length);
    case "string":
    case "text":
    case "fixedText":
      return "x";
    case "void":
      return undefined;
    default:
      return 1;
  }
}

interface Recorded {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly descriptors: readonly number[] | undefined;
}

const recorded: Recorded[] = [];

function recorder(): Driver {
  const handlers = Object.values(procedures).map((procedure: AnyProcedure) => [
    procedure.name,
    (args: Recorded["args"], { stream, descriptors }: CallContext) => {
      recorded.push({ name: procedure.name, args, descriptors: descriptors?.given });
      descriptors?.reply.push(9);
      stream?.end();
      return anyOf(procedure.result);
    },
  ]);
  return Object.fromEntries(handlers);
}

registerDriver({ name: "recorder", accepts: (uri) => uri.driver === "recorder", open: recorder });

type Methods = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** One object of each class. */
async function oneOfEach(
  conn: Connection,
): Promise<Readonly<Record<Exclude<ClassName, "Stream" | `Admin${string}`>, object>>> {
  const domain = await conn.lookupByName("x");
  const network = await conn.networkLookupByName("x");
  return {
    Connection: conn,
    Domain: domain,
    DomainSnapshot: await domain.snapshotCurrent(),
    DomainCheckpoint: await domain.checkpointLookupByName("x"),
    Network: network,
    NetworkPort: await network.portLookupByUuid(new Uint8Array(16)),
    Interface: await conn.interfaceLookupByName("x"),
    StoragePool: await conn.storagePoolLookupByName("x"),
    StorageVol: await conn.storageVolLookupByKey("x"),
    NodeDevice: await conn.nodeDeviceLookupByName("x"),
    Secret: await conn.secretLookupByUuid(new Uint8Array(16)),
    NWFilter: await conn.nwfilterLookupByName("x"),
    NWFilterBinding: await conn.nwfilterBindingLookupByPortDev("x"),
  };
}

/** Fields that methods fill in themselves: how much may come back. */
const ownFields = new Set(
  "nparams needResults maxnames maxids maxuuids maxinfo maplen ncpumaps maxStats maxerrors needMap needOnline".split(
    " ",
  ),
);

/** The first field of a procedure that is the method's own object. */
const objectFields: { readonly [Class in ClassName]?: readonly string[] } = {
  Domain: ["dom"],
  DomainSnapshot: ["snap", "snapshot"],
  DomainCheckpoint: ["checkpoint"],
  Network: ["net", "network"],
  NetworkPort: ["port"],
  Interface: ["iface"],
  StoragePool: ["pool"],
  StorageVol: ["vol"],
  NodeDevice: ["name"],
  Secret: ["secret"],
  NWFilter: ["nwfilter"],
  NWFilterBinding: ["nwfilter"],
};

/** An argument as a program gives it, and as it must arrive. */
interface Sample {
  readonly given: unknown;
  readonly arrives: unknown;
}

let serial = 100;

function sampleOf({ shape }: Type, field: string): Sample {
  serial++;
  const same = (value: unknown) => ({ given: value, arrives: value });
  switch (shape.kind) {
    case "int":
      return field === "autostart" || field === "state" ? { given: true, arrives: 1 } : same(serial);
    case "hyper":
    case "uhyper":
      return { given: serial, arrives: BigInt(serial) };
    case "optional":
      return sampleOf(shape.of, field);
    case "opaque":
      if (field === "cpumap") return { given: [false, true, true], arrives: Uint8Array.of(6) };
      return same(Uint8Array.of(serial & 255));
    case "fixedOpaque":
      return same(new Uint8Array(shape.length).fill(serial));
    case "array": {
      if (shape.of === typedParameter) {
        const value = { type: TypedParameterType.UINT, value: serial };
        return { given: { weight: serial }, arrives: [{ field: "weight", value }] };
      }
      const { given, arrives } = sampleOf(shape.of, field);
      return { given: [given], arrives: [arrives] };
    }
    default:
      return same(shape.kind === "string" ? `${field}${serial}` : serial);
  }
}

/** Methods whose arguments are not the procedure's, one by one: what to call them with, and what must arrive. */
const special: Readonly<Record<string, { readonly given: readonly unknown[]; readonly arrives: object }>> = {
  virDomainSetTime: { given: [{ seconds: 7, nseconds: 8 }, 9], arrives: { seconds: 7n, nseconds: 8, flags: 9 } },
  virDomainGetCPUStats: { given: [0, 1, 0], arrives: { startCpu: 0, ncpus: 1, flags: 0 } },
  virNodeAllocPages: {
    given: [{ 4: 5, 2048: 6n }, 1, 2, 3],
    arrives: { pageSizes: [4, 2048], pageCounts: [5n, 6n], startCell: 1, cellCount: 2, flags: 3 },
  },
  virDomainSendKey: { given: [1, 2, [3, 4], 5], arrives: { codeset: 1, holdtime: 2, keycodes: [3, 4], flags: 5 } },
  virNodeGetMemoryStats: { given: [3, 4], arrives: { cellNum: 3, flags: 4 } },
  virDomainCreateWithFiles: { given: [[5], 6], arrives: { flags: 6 } },
  virDomainCreateXMLWithFiles: { given: ["<x/>", [5], 6], arrives: { xmlDesc: "<x/>", flags: 6 } },
  virDomainOpenGraphics: { given: [2, 5, 6], arrives: { idx: 2, flags: 6 } },
  virDomainFDAssociate: { given: ["n", [5], 6], arrives: { name: "n", flags: 6 } },
  virDomainQemuMonitorCommandWithFiles: { given: ["c", [5], 6], arrives: { cmd: "c", flags: 6 } },
};

/** Functions that do more than one call or go to another socket; they have tests of their own. */
const elsewhere = /^virAdm|^virConnect(Open|Close|\w*Event\w*|(Un)?[Rr]egisterCloseCallback)$|^virDomainMigrate[23]?$/;

test("every method calls its procedure, with each argument in its place", async (t) => {
  await using conn = await open("recorder:///");
  const objects = await oneOfEach(conn);
  let checked = 0;
  for (const procedure of Object.values(procedures) as AnyProcedure[]) {
    const { cFunction, name } = procedure;
    if (elsewhere.test(cFunction) || withoutBinding.some(([names]) => names.test(cFunction))) continue;
    const binding = bindingOf(cFunction);
    assert.ok(binding?.class && binding.class !== "Stream" && !isAdmin(binding.class));
    const object = objects[binding.class] as unknown as Methods;
    await t.test(`${binding.class}.${binding.name}`, async () => {
      const { given, arrives } = argumentsFor(procedure, binding.class as ClassName, objects);
      recorded.length = 0;
      await object[binding.name]?.(...given);
      const calls = recorded.filter((call) => call.name === name);
      const last = calls.at(-1);
      assert.ok(last, `${name} was not called, but ${recorded.map((call) => call.name).join(", ")}`);
      const seen = Object.fromEntries(Object.keys(arrives).map((field) => [field, last.args[field]]));
      assert.deepEqual(seen, arrives);
      if (procedure.descriptors === "call" || procedure.descriptors === "both") assert.deepEqual(last.descriptors, [5]);
    });
    checked++;
  }
  assert.ok(checked > 300, `${checked} methods`);
});

function isAdmin(name: ClassName): name is Extract<ClassName, `Admin${string}`> {
  return name.startsWith("Admin");
}

/** What to call a method with, and what must arrive. */
function argumentsFor(
  { cFunction, args }: AnyProcedure,
  owner: ClassName,
  objects: Readonly<Record<string, object>>,
): { readonly given: readonly unknown[]; readonly arrives: Readonly<Record<string, unknown>> } {
  const known = special[cFunction];
  if (known) return { given: known.given, arrives: { ...known.arrives } };
  const given: unknown[] = [];
  const arrives: Record<string, unknown> = {};
  const fields = args.shape.kind === "struct" ? Object.entries(args.shape.fields) : [];
  fields.forEach(([field, type], index) => {
    if (ownFields.has(field) || (index === 0 && objectFields[owner]?.includes(field))) return;
    const object = { clonevol: "StorageVol", vol: "StorageVol", snap: "DomainSnapshot" }[field];
    if (object !== undefined) {
      given.push(objects[object]);
    } else if (field === "doms") {
      if (cFunction === "virDomainListGetStats") given.push([objects.Domain]);
    } else {
      const sample = sampleOf(type, field);
      given.push(sample.given);
      arrives[field] = sample.arrives;
    }
  });
  return { given, arrives };
}
