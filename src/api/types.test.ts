/** What methods give, to the compiler: this file is a test when it compiles. */
import { test } from "node:test";
import type {
  BlockJobInfo,
  CallOptions,
  Connection,
  Domain,
  DomainEvent,
  EventGap,
  EventOf,
  EventStream,
  Integer,
  LibvirtEvent,
  Network,
  ParametersInput,
  QemuMonitorEvent,
  StoragePool,
  StorageVol,
  Stream,
} from "./index.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Does not compile unless its argument is true. */
type Holds<T extends true> = T;

type Gives<Method extends (...args: never[]) => unknown> = Awaited<ReturnType<Method>>;

type Started = Extract<EventOf<"lifecycle">, { readonly event: "started" }>;

export type Promises = [
  // Objects are classes, lists are arrays, 64-bit integers are bigints.
  Holds<Same<Gives<Connection["lookupByName"]>, Domain>>,
  Holds<Same<Gives<Connection["listAllNetworks"]>, Network[]>>,
  Holds<Same<Gives<StorageVol["storagePoolLookupByVolume"]>, StoragePool>>,
  Holds<Same<Gives<Domain["maxMemory"]>, bigint>>,
  Holds<Same<Gives<Domain["info"]>["nrVirtCpu"], number>>,
  Holds<Same<Gives<Domain["blockJobInfo"]>, BlockJobInfo | null>>,
  Holds<Same<Gives<StorageVol["download"]>, Stream>>,
  // Arguments take either kind of number, and typed parameters as plain objects.
  Holds<Same<Parameters<Domain["setMemory"]>, Parameters<(memory: Integer, options?: CallOptions) => void>>>,
  Holds<Same<Parameters<Domain["setMemoryParameters"]>[0], ParametersInput>>,
  // Every last argument is the options of the call.
  Holds<Same<Parameters<Domain["create"]>, Parameters<(options?: CallOptions) => void>>>,
  Holds<Same<Parameters<Domain["reboot"]>, Parameters<(flags?: number, options?: CallOptions) => void>>>,
  // An event's type tells what else there is.
  Holds<Same<ReturnType<Connection["events"]>, EventStream<LibvirtEvent>>>,
  Holds<Same<ReturnType<Domain["events"]>, EventStream<DomainEvent | QemuMonitorEvent>>>,
  Holds<Same<EventOf<"balloonChange">["actual"], bigint>>,
  Holds<Same<EventOf<"networkLifecycle">["network"], Network>>,
  Holds<Same<Started["detail"], "booted" | "migrated" | "restored" | "from-snapshot" | "wakeup" | `unknown-${number}`>>,
  Holds<Same<EventGap["missed"], number>>,
];

/** Does not compile unless the compiler refuses what is marked. */
export async function refused(conn: Connection, domain: Domain): Promise<void> {
  // @ts-expect-error: no such event
  conn.on("nosuch", () => {});
  conn.on("lifecycle", (event) => {
    // @ts-expect-error: events of domains have no network
    void event.network;
  });
  // @ts-expect-error: not a number
  await domain.setVcpus("two");
  // @ts-expect-error: not public
  void domain.wire;
}

test("the types are what the documentation says", () => {});
