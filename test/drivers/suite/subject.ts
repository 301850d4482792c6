/** What the suite needs of a driver, and how its parts talk to it. */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { Router } from "../../../src/driver/router.ts";
import type { EventSink } from "../../../src/driver/session.ts";
import { type ErrorName, isLibvirtError } from "../../../src/errors.ts";
import type { Domain, EventName } from "../../../src/protocol/index.ts";

/** What a driver may leave out. */
export type Feature =
  | "transient"
  | "managed-save"
  | "save"
  | "snapshots"
  /** Going back to a snapshot of a domain that was off can start it. libvirt's test driver says so, and does not. */
  | "revert-to-running"
  /** Domains can be started without running, and end with the connection. */
  | "start-flags"
  | "networks"
  | "storage"
  /** Volumes hold bytes, which go in and come out. */
  | "volume-content"
  | "volume-resize"
  /** Volumes are as large as they were made: what lies beyond is refused rather than nothing, or grown into. */
  | "bounded-volumes"
  | "secrets"
  | "rename";

/** A driver that is to be described. */
export interface Subject {
  readonly name: string;
  /** The driver's own name: `test`, `qemu`, `xen`. */
  readonly driver: "test" | "qemu" | "xen";
  readonly features: ReadonlySet<Feature>;
  /** Opens a connection; all connections that a test opens see the same state, which is empty of what tests make. */
  open(options: { readonly readOnly?: boolean; readonly sink?: EventSink }): Promise<Router>;
  /** What is told beyond what every driver tells: the rest of some events. All of it when missing. */
  common?(events: readonly string[]): string[];
  /** A domain whose guest takes part in being saved, and what waits until it can. Missing where every one is saved at once. */
  readonly savable?: { xml(name: string): string; up(dom: Domain): Promise<void> };
  /** The document of a small domain that can be started. */
  domainXml(name: string, extra?: string): string;
}

/** A connection with the events that came over it. */
export interface Watched extends AsyncDisposable {
  readonly router: Router;
  /** Events since the last call, as `name: fields in short`. */
  events(): Promise<string[]>;
  /** Waits until the event has come, if it has not yet. */
  hears(event: string): Promise<void>;
}

/** Something that happened, in short: which event, to which object, what. */
function inShort(name: EventName, message: unknown): string {
  const { callbackID: _, msg, ...rest } = message as Record<string, unknown>;
  const { dom, net, pool, dev, secret, ...fields } = { ...rest, ...(msg as object | undefined) } as Record<
    string,
    unknown
  >;
  const object = (dom ?? net ?? pool ?? dev ?? secret) as { name?: string } | undefined;
  const values = Object.values(fields).map((value) => (value === null ? "-" : String(value)));
  return [name.replace(/EventCallback|Event/, " "), object?.name ?? "", ...values].join(" ").trim();
}

/** Opens a connection that listens to the lifecycle of everything. */
export async function watch(subject: Subject): Promise<Watched> {
  const seen: string[] = [];
  const heard = new EventEmitter();
  const sink: EventSink = (name, message) => {
    seen.push(inShort(name, message));
    heard.emit("event");
  };
  const router = await subject.open({ sink });
  const any = { eventID: 0 };
  await router.call("connectDomainEventCallbackRegisterAny", { ...any, dom: null });
  if (subject.features.has("networks")) await router.call("connectNetworkEventRegisterAny", { ...any, net: null });
  if (subject.features.has("storage")) await router.call("connectStoragePoolEventRegisterAny", { ...any, pool: null });
  if (subject.features.has("secrets")) await router.call("connectSecretEventRegisterAny", { ...any, secret: null });
  return {
    router,
    async hears(event) {
      while (!seen.includes(event)) await once(heard, "event");
    },
    async events() {
      // What was told before a call was answered is here when the answer is, wherever the driver runs.
      await router.call("connectGetHostname", {});
      const told = seen.splice(0);
      return subject.common?.(told) ?? told;
    },
    [Symbol.asyncDispose]: () => router.close(),
  };
}

/** Asserts that the call fails with the code. */
export async function fails(call: () => unknown, code: ErrorName, message?: RegExp): Promise<void> {
  await assert.rejects(
    async () => call(),
    (error) => {
      assert.ok(isLibvirtError(error, code), `expected ${code}, got ${String(error)}`);
      if (message) assert.match(error.message, message);
      return true;
    },
  );
}

/** Defines a domain for a test, and removes it again whatever became of it. */
export async function withDomain(
  subject: Subject,
  router: Router,
  name: string,
  work: (dom: Domain) => Promise<void>,
  xml: string = subject.domainXml(name),
): Promise<void> {
  const { dom } = await router.call("domainDefineXml", { xml });
  try {
    await work(dom);
  } finally {
    await removeDomain(router, dom);
  }
}

/** Ends and undefines a domain with all that belongs to it; one that is gone is fine. */
export async function removeDomain(router: Router, dom: Domain): Promise<void> {
  const gently = async (call: () => unknown) => {
    try {
      await call();
    } catch (error) {
      if (!isLibvirtError(error, "NO_DOMAIN", "OPERATION_INVALID")) throw error;
    }
  };
  await gently(() => router.call("domainDestroy", { dom }));
  await gently(() => router.call("domainUndefineFlags", { dom, flags: 1 | 2 }));
}

/** The state of a domain as numbers: state and reason. */
export async function stateOf(router: Router, dom: Domain): Promise<readonly [number, number]> {
  const { state, reason } = await router.call("domainGetState", { dom, flags: 0 });
  return [state, reason];
}
