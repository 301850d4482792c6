/**
 * The events that one client has registered for, as libvirt's daemon keeps them: each kind once, for all objects or for
 * one; the ids are the drivers'. Old clients register by kind alone, and get the old messages, which carry no id.
 */
import { type EventFamily, eventFamilies, eventPayload, type RegisteredEvent } from "../../driver/events.ts";
import type { Caller } from "../../driver/session.ts";
import { LibvirtError } from "../../errors.ts";
import { type EventMessage, type EventName, events, type ProcedureName } from "../../protocol/index.ts";

/** A kind of object in messages. */
const words: { readonly [F in EventFamily]: string } = {
  domain: "",
  network: "network ",
  storagePool: "storage pool ",
  nodeDevice: "node device ",
  secret: "secret ",
};

export interface ObjectRef {
  readonly name?: string;
  readonly uuid?: Uint8Array;
}

interface Registration {
  readonly family: EventFamily;
  readonly event: RegisteredEvent;
  readonly key: string;
  /** Set for an old client: the event of the old kind. */
  readonly legacy: EventName | null;
}

/** The old message of each kind of domain event that has one, by the event's id. */
const legacyEvents: ReadonlyMap<number, EventName> = new Map(
  Object.values(events)
    .filter(({ family, hasCallbackID, eventID }) => family === "domain" && !hasCallbackID && eventID !== null)
    .map(({ name, eventID }) => [eventID ?? -1, name as EventName]),
);

/** Registers and deregisters with a driver. */
export interface Registrar {
  register(eventID: number): Promise<{ readonly callbackID: number }> | { readonly callbackID: number };
  deregister(callbackID: number): unknown;
}

export class Registrations {
  /** By family and id, for drivers count on their own. */
  readonly #held = new Map<string, Registration>();
  /** Kinds that are being registered for. */
  readonly #pending = new Set<string>();

  /** Registers for a kind of event, for all objects or one of them. */
  async register(family: EventFamily, eventID: number, object: ObjectRef | null, registrar: Registrar) {
    return { callbackID: await this.#add(family, eventID, keyOf(eventID, object, false), null, registrar) };
  }

  /** Ends a registration by its id. */
  async deregister(family: EventFamily, callbackID: number, registrar: Registrar): Promise<void> {
    const held = this.#held.get(`${family} ${callbackID}`);
    if (!held || held.legacy !== null)
      throw wrong(`${words[family] || "domain "}event callback ${callbackID} not registered`);
    await this.#remove(family, callbackID, registrar);
  }

  /** Registers an old client for a kind of domain event. */
  async registerLegacy(eventID: number, registrar: Registrar): Promise<void> {
    const legacy = legacyEvents.get(eventID);
    if (legacy === undefined) throw wrong(`unsupported event ID ${eventID}`);
    await this.#add("domain", eventID, keyOf(eventID, null, true), legacy, registrar);
  }

  /** Ends an old client's registration. */
  async deregisterLegacy(eventID: number, registrar: Registrar): Promise<void> {
    const legacy = legacyEvents.get(eventID);
    if (legacy === undefined) throw wrong(`unsupported event ID ${eventID}`);
    const id = [...this.#held].find(([, held]) => held.legacy === legacy)?.[0];
    if (id === undefined) throw wrong(`domain event ${eventID} not registered`);
    await this.#remove("domain", Number(id.split(" ")[1]), registrar);
  }

  /** The old message for an old client's registration; null for an event that goes out as it is. */
  legacyOf<Name extends EventName>(name: Name, message: EventMessage<Name>): readonly [EventName, unknown] | null {
    if (this.#held.size === 0 || events[name].family !== "domain") return null;
    const { callbackID } = message as { readonly callbackID?: number };
    const legacy = this.#held.get(`domain ${callbackID}`)?.legacy ?? null;
    return legacy === null ? null : [legacy, eventPayload(name, message)];
  }

  async #add(family: EventFamily, eventID: number, kind: string, legacy: EventName | null, registrar: Registrar) {
    const event = eventFamilies[family][eventID];
    if (event === undefined) throw wrong(`unsupported ${words[family]}event ID ${eventID}`);
    const key = `${family} ${kind}`;
    if (this.#pending.has(key) || [...this.#held.values()].some((held) => held.key === key)) {
      throw new LibvirtError("INVALID_ARG", "NONE", "event callback already tracked");
    }
    this.#pending.add(key);
    try {
      const { callbackID } = await registrar.register(eventID);
      this.#held.set(`${family} ${callbackID}`, { family, event, key, legacy });
      return callbackID;
    } finally {
      this.#pending.delete(key);
    }
  }

  async #remove(family: EventFamily, callbackID: number, registrar: Registrar): Promise<void> {
    await registrar.deregister(callbackID);
    this.#held.delete(`${family} ${callbackID}`);
  }
}

function keyOf(eventID: number, object: ObjectRef | null, legacy: boolean): string {
  const about = object === null ? "" : object.uuid ? Buffer.from(object.uuid).toString("hex") : `name ${object.name}`;
  return `${eventID} ${about}${legacy ? " legacy" : ""}`;
}

function wrong(detail: string): LibvirtError {
  return new LibvirtError("INTERNAL_ERROR", "RPC", detail);
}

/** The procedures by which clients register for events of each kind of object, and which argument the object is. */
export const eventProcedures = {
  domain: ["connectDomainEventCallbackRegisterAny", "connectDomainEventCallbackDeregisterAny", "dom"],
  network: ["connectNetworkEventRegisterAny", "connectNetworkEventDeregisterAny", "net"],
  storagePool: ["connectStoragePoolEventRegisterAny", "connectStoragePoolEventDeregisterAny", "pool"],
  nodeDevice: ["connectNodeDeviceEventRegisterAny", "connectNodeDeviceEventDeregisterAny", "dev"],
  secret: ["connectSecretEventRegisterAny", "connectSecretEventDeregisterAny", "secret"],
} as const satisfies { readonly [F in EventFamily]: readonly [ProcedureName, ProcedureName, string] };

/** Registers with the driver behind a connection. */
export function registrarOf(family: EventFamily, object: ObjectRef | null, call: Caller): Registrar {
  const [register, deregister, field] = eventProcedures[family];
  return {
    // Which argument the object is depends on the family, which types cannot follow.
    register: (eventID) => call(register, { eventID, [field]: object } as never),
    deregister: (callbackID) => call(deregister, { callbackID }),
  };
}
