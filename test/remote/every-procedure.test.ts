/**
 * Every procedure of libvirt 9.0, called through our client on the real libvirtd over each way to it: the bytes that we
 * send, and the answer or the error that comes of it, are those of libvirt's own client for the same call.
 *
 * libvirt's client goes first, through a recorder; then our client makes the recorded calls on daemons in the same state.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect as netConnect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { isLibvirtError } from "../../src/errors.ts";
import { type AnyProcedure, type ArgsOf, type ProcedureName, procedures } from "../../src/protocol/index.ts";
import { duplexTransport, RpcClient } from "../../src/rpc/index.ts";
import { unreachable } from "./every/reasons.ts";
import { type Called, record } from "./every/record.ts";
import { ownAffairs, replay } from "./every/replay.ts";
import { openWay, programsOf, type WayName } from "./every/ways.ts";
import { Libvirtd, withoutLibvirtd, withoutPython } from "./libvirtd.ts";

/** The procedures that libvirt 9.0 has, but for the administration's, which are on another socket. */
const wanted = (Object.values(procedures) as AnyProcedure[]).filter(
  ({ program, since, number }) => program.name !== "admin" && !(program.name === "remote" && number > 443) && since,
);

describe("every procedure of libvirt 9.0", { skip: withoutPython() }, () => {
  const compared = new Set<string>();
  let theirs: Libvirtd;
  let folder: string;
  const recorded = new Map<"test" | "qemu", readonly Called[]>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tsvirt-every-"));
    theirs = await Libvirtd.start({ network: true });
    for (const kind of ["test", "qemu"] as const) recorded.set(kind, await record(kind, theirs));
  });

  after(async () => {
    await theirs?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  // Mostly they wait for their daemons.
  describe("over each way", { concurrency: 4 }, () => {
    for (const name of ["unix", "tcp", "tls", "ssh"] satisfies WayName[]) {
      test(name, { skip: withoutLibvirtd(...programsOf[name]) }, async (t) => {
        await using way = await openWay(name, join(folder, name));
        for (const [kind, all] of recorded) {
          const { faults, calls, errors, compared: here } = await replay(kind, way, all);
          if (name === "unix") for (const procedure of here) compared.add(procedure);
          t.diagnostic(`${kind}: ${calls} calls of ${here.size} procedures, ${errors} with errors`);
          assert.deepEqual(faults, []);
        }
      });
    }
  });

  test("the others are called too, and it is known why libvirt's client does not call them", async (t) => {
    const others = wanted.filter(({ name }) => !compared.has(name) && !ownAffairs.has(name));
    const reasonless = others.filter((procedure) => unreachable(procedure) === null).map(({ name }) => name);
    t.diagnostic(`${compared.size} of ${wanted.length} procedures are compared`);
    for (const procedure of others) t.diagnostic(`not compared: ${procedure.name}: ${unreachable(procedure)}`);
    assert.deepEqual(reasonless, []);
    const transport = duplexTransport(netConnect({ path: theirs.socket }));
    const client = new RpcClient(transport, { onEvent: () => {} });
    await client.call("authList", {});
    await client.call("connectOpen", { name: "test:///default", flags: 0 });
    const dom = (await client.call("domainLookupByName", { name: "test" })).dom;
    const args: { readonly [name: string]: unknown } = {
      authSaslStart: { mech: "PLAIN", nil: 1, data: new Uint8Array() },
      authSaslStep: { nil: 1, data: new Uint8Array() },
      connectDomainEventRegisterAny: { eventID: 1 },
      connectDomainEventDeregisterAny: { eventID: 1 },
      domainOpenGraphics: { dom, idx: 0, flags: 0 },
      domainOpenGraphicsFd: { dom, idx: 0, flags: 0 },
      domainFdAssociate: { dom, name: "group", flags: 0 },
    };
    const answered: ProcedureName[] = [];
    for (const { name } of others as { readonly name: ProcedureName }[]) {
      const call = client.call(name, (args[name] ?? {}) as ArgsOf<ProcedureName>);
      await call.then(() => answered.push(name)).catch((error: unknown) => assert.ok(isLibvirtError(error), name));
    }
    assert.equal(client.closed, false);
    assert.deepEqual(answered, [
      "connectGetUri",
      "connectDomainEventRegister",
      "connectDomainEventDeregister",
      "connectDomainEventRegisterAny",
      "connectDomainEventDeregisterAny",
    ]);
    await client.close();
  });
});
