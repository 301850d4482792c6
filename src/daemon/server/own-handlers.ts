/** What the daemon itself answers a client of the remote programs; all else is the driver's. */
import type { EventFamily } from "../../driver/events.ts";
import type { Router } from "../../driver/router.ts";
import {
  type ArgsOf,
  ConnectFeature,
  ConnectFlags,
  DomainEventID,
  type ProcedureName,
  type ResultOf,
} from "../../protocol/index.ts";
import { eventProcedures, type ObjectRef, type Registrations, registrarOf } from "./registrations.ts";

/** What the handlers need of their client. */
export interface ClientConnection {
  /** The open connection; throws when there is none. */
  readonly router: Router;
  /** The URI as the client knows it. */
  readonly uri: string;
  readonly registrations: Registrations;
  readonly canPassDescriptors: boolean;
  open(name: string | null, readOnly: boolean): Promise<void>;
  /** Ends the connection once the reply is out. */
  leave(): void;
  startKeepalive(): void;
}

/** Handlers of some procedures, for any client. */
export type OwnHandlers = {
  readonly [N in ProcedureName]?: (args: ArgsOf<N>, client: ClientConnection) => ResultOf<N> | Promise<ResultOf<N>>;
};

/** Features that daemon and client have, whatever the driver. */
const daemonFeatures: ReadonlySet<number> = new Set([
  ConnectFeature.TYPED_PARAM_STRING,
  ConnectFeature.REMOTE_EVENT_CALLBACK,
  ConnectFeature.REMOTE_CLOSE_CALLBACK,
  ConnectFeature.NETWORK_UPDATE_HAS_CORRECT_ORDER,
]);

const connectionHandlers: OwnHandlers = {
  connectOpen: ({ name, flags }, client) => client.open(name, (flags & ConnectFlags.RO) !== 0),
  connectClose: (_, client) => client.leave(),
  connectGetUri: (_, { uri }) => ({ uri }),
  connectSupportsFeature({ feature }, client) {
    // The one that clients ask for before they open anything, and by which they ask for it.
    if (feature === ConnectFeature.PROGRAM_KEEPALIVE) {
      client.startKeepalive();
      return { supported: 1 };
    }
    const { router } = client;
    if (daemonFeatures.has(feature)) return { supported: 1 };
    if (feature === ConnectFeature.FD_PASSING) return { supported: client.canPassDescriptors ? 1 : 0 };
    return router.call("connectSupportsFeature", { feature });
  },
  // A driver that runs in this process does not lose its connection.
  connectRegisterCloseCallback() {},
  connectUnregisterCloseCallback() {},
};

/** Registrations by which clients get an id, which their events carry. */
function eventHandlers(family: EventFamily): OwnHandlers {
  const [register, deregister, field] = eventProcedures[family];
  type Args = { readonly eventID: number } & Readonly<Record<string, ObjectRef | null>>;
  return {
    [register]: (args: Args, { router, registrations }: ClientConnection) => {
      const object = args[field] ?? null;
      return registrations.register(family, args.eventID, object, registrarOf(family, object, router.session.call));
    },
    [deregister]: ({ callbackID }: { readonly callbackID: number }, { router, registrations }: ClientConnection) =>
      registrations.deregister(family, callbackID, registrarOf(family, null, router.session.call)),
  };
}

/** Registrations of old clients, once for each kind of event. */
const legacyEventHandlers: OwnHandlers = {
  async connectDomainEventRegister(_, client) {
    await registerLegacy(DomainEventID.LIFECYCLE, client);
    return { cbRegistered: 0 };
  },
  async connectDomainEventDeregister(_, client) {
    await deregisterLegacy(DomainEventID.LIFECYCLE, client);
    return { cbRegistered: 0 };
  },
  connectDomainEventRegisterAny: ({ eventID }, client) => registerLegacy(eventID, client),
  connectDomainEventDeregisterAny: ({ eventID }, client) => deregisterLegacy(eventID, client),
};

function registerLegacy(eventID: number, { router, registrations }: ClientConnection): Promise<void> {
  return registrations.registerLegacy(eventID, registrarOf("domain", null, router.session.call));
}

function deregisterLegacy(eventID: number, { router, registrations }: ClientConnection): Promise<void> {
  return registrations.deregisterLegacy(eventID, registrarOf("domain", null, router.session.call));
}

export const ownHandlers: OwnHandlers = {
  ...connectionHandlers,
  ...eventHandlers("domain"),
  ...eventHandlers("network"),
  ...eventHandlers("storagePool"),
  ...eventHandlers("nodeDevice"),
  ...eventHandlers("secret"),
  ...legacyEventHandlers,
};
