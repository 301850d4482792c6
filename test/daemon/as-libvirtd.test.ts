/** What the daemon itself answers, beside its drivers, is what libvirt's daemon answers: results and errors, field by field. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { isLibvirtError } from "../../src/errors.ts";
import { connectUnix } from "../../src/host/unix.ts";
import { type ArgsOf, DomainEventID, type ProcedureName, TypedParameterType } from "../../src/protocol/index.ts";
import { duplexTransport, RpcClient } from "../../src/rpc/index.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";
import { Libvirtd, withoutLibvirtd } from "../remote/libvirtd.ts";

const skip = withoutLibvirtd();

type Step = { readonly [N in ProcedureName]: readonly [N, ArgsOf<N>] }[ProcedureName];

/** What a call gives. Ids of callbacks are counted differently. */
async function outcome(client: RpcClient, [name, args]: Step): Promise<unknown> {
  try {
    const result = (await client.call(name, args)) as Record<string, unknown> | undefined;
    return result && "callbackID" in result ? "an id" : { result };
  } catch (error) {
    if (!isLibvirtError(error)) throw error;
    const { code, domain, level, message, str1, str2, int1, int2 } = error;
    return { code, domain, level, message, str1, str2, int1, int2 };
  }
}

async function connect(t: TestContext, socket: string): Promise<RpcClient> {
  const client = new RpcClient(duplexTransport(await connectUnix(socket)), { onEvent: () => {} });
  t.after(() => client.close());
  return client;
}

const openTest: Step = ["connectOpen", { name: "test:///default", flags: 0 }];
const lifecycle = { eventID: DomainEventID.LIFECYCLE };

/** Calls, each series on a connection of its own. */
const series: Readonly<Record<string, readonly Step[]>> = {
  "what may be opened": [
    ["connectOpen", { name: "foo:///", flags: 0 }],
    ["connectOpen", { name: "test+unix:///default", flags: 0 }],
    ["connectOpen", { name: "::", flags: 0 }],
    ["connectOpen", { name: "test:///", flags: 0 }],
    ["connectOpen", { name: "qemu:///embed?root=/tmp", flags: 0 }],
    ["connectOpen", { name: "qemu:///foo", flags: 0 }],
    ["connectGetUri", {}],
    openTest,
    ["connectGetUri", {}],
  ],
  "flags that nobody knows": [["connectOpen", { name: "test:///default", flags: 0xfff0 }]],
  "what there is without opening": [
    ["authList", {}],
    ["connectSupportsFeature", { feature: 14 }],
    ["connectSupportsFeature", { feature: 10 }],
    ["connectRegisterCloseCallback", {}],
    ["connectClose", {}],
  ],
  features: [
    openTest,
    // Descriptors are passed where the optional native part is there.
    ...Array.from({ length: 30 }, (_, feature) => feature)
      .filter((feature) => feature !== 8)
      .map((feature): Step => ["connectSupportsFeature", { feature }]),
    ["authList", {}],
    ["authSaslInit", {}],
  ],
  "events of old clients": [
    openTest,
    ["connectDomainEventRegister", {}],
    ["connectDomainEventRegister", {}],
    ["connectDomainEventDeregister", {}],
    ["connectDomainEventDeregister", {}],
    ["connectDomainEventRegisterAny", lifecycle],
    ["connectDomainEventRegisterAny", lifecycle],
    ["connectDomainEventDeregisterAny", lifecycle],
    ["connectDomainEventDeregisterAny", lifecycle],
    ["connectDomainEventRegisterAny", { eventID: 99 }],
    ["connectDomainEventRegisterAny", { eventID: -1 }],
    ["connectDomainEventDeregisterAny", { eventID: 99 }],
  ],
  "events of today's clients": [
    openTest,
    ["connectDomainEventCallbackRegisterAny", { eventID: 0, dom: null }],
    ["connectDomainEventCallbackRegisterAny", { eventID: 0, dom: null }],
    ["connectDomainEventCallbackRegisterAny", { eventID: 99, dom: null }],
    ["connectDomainEventCallbackDeregisterAny", { callbackID: 5555 }],
    ["connectNetworkEventRegisterAny", { eventID: 0, net: null }],
    ["connectNetworkEventRegisterAny", { eventID: 9, net: null }],
    ["connectNetworkEventDeregisterAny", { callbackID: 5555 }],
    ["connectStoragePoolEventRegisterAny", { eventID: 9, pool: null }],
    ["connectStoragePoolEventDeregisterAny", { callbackID: 5555 }],
    ["connectNodeDeviceEventRegisterAny", { eventID: 9, dev: null }],
    ["connectNodeDeviceEventDeregisterAny", { callbackID: 5555 }],
    ["connectSecretEventRegisterAny", { eventID: 9, secret: null }],
    ["connectRegisterCloseCallback", {}],
    ["connectRegisterCloseCallback", {}],
    ["connectUnregisterCloseCallback", {}],
    ["connectUnregisterCloseCallback", {}],
  ],
};

test("the daemon's own answers", { skip }, async (t) => {
  const theirs = await Libvirtd.start();
  t.after(() => theirs.stop());
  const ours = await Tsvirtd.start(t);
  for (const [name, steps] of Object.entries(series)) {
    await t.test(name, async (t) => {
      const [their, our] = [await connect(t, theirs.socket), await connect(t, ours.socket())];
      for (const step of steps) {
        assert.deepEqual(await outcome(our, step), await outcome(their, step), `${step[0]} ${JSON.stringify(step[1])}`);
      }
    });
  }
});

test("the admin program's answers", { skip }, async (t) => {
  const theirs = await Libvirtd.start();
  t.after(() => theirs.stop());
  const ours = await Tsvirtd.start(t);
  const srv = { name: "libvirtd" };
  const uint = (field: string, value: number) => ({ field, value: { type: TypedParameterType.UINT, value } });
  const steps: readonly Step[] = [
    ["adminConnectOpen", { flags: 3 }],
    ["adminConnectOpen", { flags: 0 }],
    ["adminConnectGetLibVersion", {}],
    ["adminConnectListServers", { needResults: 0, flags: 0 }],
    ["adminConnectListServers", { needResults: 1, flags: 7 }],
    ["adminConnectLookupServer", { name: "libvirtd", flags: 0 }],
    ["adminConnectLookupServer", { name: "nosuch", flags: 0 }],
    ["adminServerSetThreadpoolParameters", { srv, params: [uint("foo", 1)], flags: 0 }],
    ["adminServerSetThreadpoolParameters", { srv, params: [uint("nWorkers", 1)], flags: 0 }],
    ["adminServerSetThreadpoolParameters", { srv, params: [uint("minWorkers", 1), uint("minWorkers", 1)], flags: 0 }],
    ["adminServerSetThreadpoolParameters", { srv, params: [uint("minWorkers", 100)], flags: 0 }],
    ["adminServerSetThreadpoolParameters", { srv, params: [], flags: 1 }],
    ["adminServerGetClientLimits", { srv, flags: 0 }],
    ["adminServerSetClientLimits", { srv, params: [uint("nclients_max", 0)], flags: 0 }],
    [
      "adminServerSetClientLimits",
      { srv, params: [uint("nclients_max", 1), uint("nclients_unauth_max", 5)], flags: 0 },
    ],
    ["adminServerSetClientLimits", { srv, params: [uint("nclients", 5)], flags: 0 }],
    ["adminServerListClients", { srv, needResults: 1, flags: 0 }],
    ["adminServerLookupClient", { srv, id: 99n, flags: 0 }],
    ["adminConnectGetLoggingFilters", { flags: 0 }],
    ["adminConnectSetLoggingFilters", { filters: "1:qemu 3:rpc", flags: 0 }],
    ["adminConnectGetLoggingFilters", { flags: 0 }],
    ["adminConnectSetLoggingFilters", { filters: "9:x", flags: 0 }],
    ["adminConnectSetLoggingFilters", { filters: null, flags: 0 }],
    ["adminConnectGetLoggingFilters", { flags: 1 }],
    ["adminConnectSetLoggingOutputs", { outputs: "1:nowhere", flags: 0 }],
    ["adminConnectSetLoggingOutputs", { outputs: "1:file:/nowhere/at/all", flags: 0 }],
    ["adminConnectSetLoggingOutputs", { outputs: "3:stderr", flags: 0 }],
    ["adminConnectGetLoggingOutputs", { flags: 0 }],
    ["adminServerUpdateTlsFiles", { srv, flags: 0 }],
    ["adminServerUpdateTlsFiles", { srv, flags: 1 }],
    ["adminConnectSetDaemonTimeout", { timeout: 0, flags: 0 }],
  ];
  const their = await connect(t, theirs.socket.replace(/libvirt-sock$/, "libvirt-admin-sock"));
  const our = await connect(t, ours.socket("libvirt-admin-sock"));
  for (const step of steps) {
    assert.deepEqual(
      await outcome(our, step),
      await outcome(their, step),
      `${step[0]} ${JSON.stringify(step[1], big)}`,
    );
  }
});

/** Numbers of 64 bits are shown as plain ones. */
function big(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
