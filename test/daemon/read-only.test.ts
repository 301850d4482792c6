/** Who may only look: every procedure of the description, over the socket. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError, type LibvirtError } from "../../src/errors.ts";
import { type AnyProcedure, ConnectFlags, type ProcedureName, procedures } from "../../src/protocol/index.ts";
import { type RpcClient, streamPair } from "../../src/rpc/index.ts";
import { plainValue } from "../helpers/plain-value.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";

/** Arguments with which a read-only connection may not call the procedure. */
function deniedArgs({ args, readOnly }: AnyProcedure): object {
  const plain = plainValue(args) as object;
  if (typeof readOnly === "string") return plain;
  return { ...plain, [readOnly.deniedIf]: "has" in readOnly ? readOnly.has : readOnly.is };
}

const served = (Object.values(procedures) as AnyProcedure[]).filter(({ program }) => program.name !== "admin");
const denied = served.filter(({ readOnly }) => readOnly !== "allowed");

/** The error that a call fails with. */
async function errorOf(client: RpcClient, procedure: AnyProcedure, args: object): Promise<LibvirtError> {
  const stream = procedure.stream === null ? undefined : streamPair()[0];
  try {
    await client.call(procedure.name as ProcedureName, args as never, { stream });
  } catch (error) {
    if (isLibvirtError(error)) return error;
    throw error;
  } finally {
    stream?.destroy();
  }
  return assert.fail(`${procedure.name} was done`);
}

for (const [what, socket, flags] of [
  ["the read-only socket, whatever the client says", "libvirt-sock-ro", 0],
  ["the read-write socket, for a client that asked for it", "libvirt-sock", ConnectFlags.RO],
] as const) {
  test(`every procedure that changes something is refused on ${what}`, async (t) => {
    const daemon = await Tsvirtd.start(t);
    const client = await daemon.connect(t, socket);
    await client.call("authList", {});
    await client.call("connectOpen", { name: "test:///default", flags });
    assert.ok(denied.length > 200, `only ${denied.length} are denied`);
    for (const procedure of denied) {
      const error = await errorOf(client, procedure, deniedArgs(procedure));
      assert.ok(error.is("OPERATION_DENIED"), `${procedure.name}: ${error.message}`);
      assert.match(error.message, /read only access prevents vir/);
    }
    // Nothing of the node has changed, and the connection is in order.
    const { domains } = await client.call("connectListAllDomains", { needResults: 1, flags: 0 });
    assert.deepEqual(
      domains.map(({ name, id }) => [name, id]),
      [["test", 1]],
    );
  });
}

test("nothing but authentication is answered before it, and nothing that needs a connection before it is open", async (t) => {
  const daemon = await Tsvirtd.start(t);
  const client = await daemon.connect(t);
  for (const procedure of served.filter(({ phase }) => phase === "open")) {
    const error = await errorOf(client, procedure, plainValue(procedure.args) as object);
    assert.ok(error.is("INTERNAL_ERROR"), `${procedure.name}: ${error.message}`);
    assert.match(error.message, /hypervisor connection not open/);
  }
});
