/** The worked example of docs/adding-a-driver.md: a driver with one made-up domain that can be started and ended. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type DriverModule, isLibvirtError, open, registerDriver, silenceErrors } from "../../src/api/index.ts";
import { localConnectHandlers } from "../../src/driver/connect-handlers.ts";
import { domainEventHandlers, EventHub } from "../../src/driver/events.ts";
import type { Handlers } from "../../src/driver/handler.ts";
import { JobQueue } from "../../src/driver/jobs.ts";
import { isRemote } from "../../src/driver/uri.ts";
import { LibvirtError } from "../../src/errors.ts";
import { DomainEventStartedDetailType, DomainEventType, type Domain as DomainRef } from "../../src/protocol/index.ts";

silenceErrors();

/** The one domain, and what all connections to it share. */
class DemoState {
  readonly hub = new EventHub();
  readonly jobs = new JobQueue("DOMAIN");
  ref: DomainRef = { name: "demo", uuid: new Uint8Array(16).fill(1), id: -1 };
}

type DomainProcedures = "connectListAllDomains" | "domainLookupByName" | "domainCreate" | "domainDestroy";

function domainHandlers(state: DemoState): Handlers<DomainProcedures> {
  const isActive = () => state.ref.id !== -1;
  return {
    connectListAllDomains: ({ needResults }) => ({ domains: needResults ? [state.ref] : [], ret: 1 }),
    domainLookupByName({ name }) {
      if (name === state.ref.name) return { dom: state.ref };
      throw new LibvirtError("NO_DOMAIN", "DOMAIN", `no domain with matching name '${name}'`);
    },
    domainCreate: () =>
      state.jobs.run("domainCreate", () => {
        if (isActive()) throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "domain is already running");
        state.ref = { ...state.ref, id: 1 };
        const { BOOTED: detail } = DomainEventStartedDetailType;
        const event = { dom: state.ref, event: DomainEventType.STARTED, detail };
        state.hub.emit("domainEventCallbackLifecycle", event);
      }),
    domainDestroy: () =>
      state.jobs.run("domainDestroy", () => {
        if (!isActive()) throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "domain is not running");
        state.ref = { ...state.ref, id: -1 };
      }),
  };
}

function demoDriver(state: DemoState): DriverModule {
  return {
    name: "demo",
    accepts: (uri) => uri.driver === "demo" && !isRemote(uri),
    open: () => ({
      ...localConnectHandlers(),
      connectGetType: () => ({ type: "DEMO" }),
      ...domainEventHandlers(state.hub),
      ...domainHandlers(state),
    }),
  };
}

test("a driver is a table of handlers, and what it lacks is refused", async () => {
  registerDriver(demoDriver(new DemoState()));
  await using conn = await open("demo:///");
  assert.equal(await conn.getType(), "DEMO");
  const [domain] = await conn.listAllDomains();
  assert.equal(domain?.name(), "demo");

  const events = domain.events({ types: ["lifecycle"] });
  await domain.create();
  for await (const event of events) {
    assert.equal(event.kind === "domain" && event.type === "lifecycle" && event.event, "started");
    break;
  }
  await assert.rejects(domain.create(), (error) => isLibvirtError(error, "OPERATION_INVALID"));
  await assert.rejects(conn.lookupByName("other"), (error) => isLibvirtError(error, "NO_DOMAIN"));
  await assert.rejects(domain.suspend(), (error) => isLibvirtError(error, "NO_SUPPORT"));

  // Another connection sees the same domain.
  await using other = await open("demo:///");
  const same = await other.lookupByName("demo");
  await same.destroy();
  await assert.rejects(domain.destroy(), (error) => isLibvirtError(error, "OPERATION_INVALID"));
});
