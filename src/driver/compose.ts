/**
 * One connection of several drivers: a hypervisor's, and beside it those for networks, storage, devices and the like,
 * spread into one table. The drivers beside the hypervisor have one instance for each state root of this process,
 * which all connections to it share; the first connection opens them, before the hypervisor, and the last one closes
 * them, after it.
 */
import { makeFolder } from "../host/files.ts";
import { localConnectHandlers } from "./connect-handlers.ts";
import type { Driver } from "./handler.ts";
import type { DriverModule } from "./module.ts";
import { Router } from "./router.ts";
import { type Caller, Session } from "./session.ts";
import { SharedByKey } from "./shared.ts";
import { rootOf } from "./state-root.ts";
import { type ConnectionUri, isRemote } from "./uri.ts";

/** What a driver beside the hypervisor is opened with. */
export interface RootContext {
  /** The state root, a folder that is there and locked for this process. */
  readonly root: string;
  /** Calls the other drivers beside the hypervisor, for work that no connection waits for. */
  readonly call: Caller;
}

/** An opened driver beside the hypervisor. */
export interface OpenSecondary {
  /** Its handlers: they serve every connection to the root, and find the one they serve in the call's context. */
  readonly driver: Driver;
  /** Gives back what it holds; what runs on the host goes on running. */
  close?(): Promise<void>;
}

/** A driver that serves beside a hypervisor's: networks, storage, secrets, host interfaces, node devices, filters. */
export interface SecondaryModule {
  /** Its name in messages: `network`. */
  readonly name: string;
  open(context: RootContext): OpenSecondary | Promise<OpenSecondary>;
}

/** The drivers beside the hypervisor, opened for one root. */
interface Secondaries {
  /** All of their handlers. */
  readonly driver: Driver;
  /** Each one's own, by its name. */
  readonly alone: ReadonlyMap<string, Driver>;
  readonly call: Caller;
  close(): Promise<void>;
}

const roots = new SharedByKey<Secondaries>();

/**
 * A hypervisor's driver with others beside it. Where both have a handler for a procedure, the hypervisor's counts.
 * @param load gives the others, in the order in which they are opened: what one needs comes before it
 */
export function withSecondaries(
  hypervisor: DriverModule,
  load: () => Promise<readonly SecondaryModule[]>,
): DriverModule {
  return {
    name: hypervisor.name,
    accepts: (uri) => hypervisor.accepts(uri),
    async open(session, options) {
      const root = rootOf(session.uri);
      const { state, release } = await roots.join(root, async () => openAll(root, session.uri, await load()));
      session.onClose(release);
      const own = await hypervisor.open(session, { ...options, peers: state.call });
      return { ...state.driver, ...own };
    },
  };
}

/**
 * URIs that one of the drivers beside the hypervisor answers alone, as each of libvirt's daemons does: `storage:///system`
 * has storage, and no hypervisor.
 */
export function standAlone(name: string, load: () => Promise<readonly SecondaryModule[]>): DriverModule {
  return {
    name,
    // The usual ones are the daemon's, which opens them as its own.
    accepts: (uri, options) =>
      uri.driver === name && !isRemote(uri) && (options?.local === true || uri.path === "/embed"),
    async open(session) {
      const root = rootOf(session.uri);
      const { state, release } = await roots.join(root, async () => openAll(root, session.uri, await load()));
      session.onClose(release);
      return { ...localConnectHandlers(), connectGetType: () => ({ type: name }), ...state.alone.get(name) };
    },
  };
}

async function openAll(root: string, uri: ConnectionUri, modules: readonly SecondaryModule[]): Promise<Secondaries> {
  await makeFolder(root, 0o711, "NONE");
  // Only drivers in this process have a root to lock: connections to a daemon do without.
  const { lockPart } = await import("../host/lock.ts");
  const lock = await lockPart(root, "connection", { domain: "NONE" });
  // A connection of nobody, through which they call each other: it ends after them.
  const session = new Session({ uri, readOnly: false, internal: true, sink: () => {} });
  session.onClose(() => lock.release());
  const driver: { -readonly [Name in keyof Driver]: Driver[Name] } = {};
  const router = new Router(session, driver);
  const opened: OpenSecondary[] = [];
  const alone = new Map<string, Driver>();
  const close = async (): Promise<void> => {
    try {
      for (const secondary of opened.reverse().splice(0)) await secondary.close?.();
    } finally {
      await router.close();
    }
  };
  const call: Caller = (name, args) => router.call(name, args);
  try {
    for (const module of modules) {
      const secondary = await module.open({ root, call });
      opened.push(secondary);
      alone.set(module.name, secondary.driver);
      Object.assign(driver, secondary.driver);
    }
    return { driver, alone, call, close };
  } catch (error) {
    await close();
    throw error;
  }
}
