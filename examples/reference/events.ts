/** Short examples for the reference pages, about events. They run on `test:///default`. */
import { type Connection, DomainEventID, DomainEventType } from "../../src/api/index.ts";

export async function Connection_events(conn: Connection): Promise<void> {
  const events = conn.events({ kinds: ["domain"] }); // Whatever happens from here on is told.
  const domain = await conn.lookupByName("test");
  await domain.suspend();
  for await (const event of events) {
    if (event.type === "gap") console.log(`${event.missed} events were missed`);
    if (event.type === "lifecycle") {
      console.log(event.domain.name(), event.event, event.detail);
      break; // Leaving the loop ends the stream.
    }
  }
}

export async function Domain_on(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  const listener = domain.on("lifecycle", ({ event, detail }) => console.log(event, detail));
  await listener.ready;
  await domain.suspend();
  await listener.close();
}

export async function virConnectDomainEventRegisterAny(conn: Connection): Promise<void> {
  const callbackID = await conn.domainEventRegisterAny(null, DomainEventID.LIFECYCLE, (domain, { event }) => {
    if (event === DomainEventType.SUSPENDED) console.log(domain.name(), "is paused");
  });
  await (await conn.lookupByName("test")).suspend();
  await conn.domainEventDeregisterAny(callbackID);
}
