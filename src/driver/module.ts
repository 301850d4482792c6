/** Which driver takes a URI, and what it gives for it. */
import { LibvirtError } from "../errors.ts";
import type { Driver } from "./handler.ts";
import type { Caller, Session } from "./session.ts";
import type { ConnectionUri } from "./uri.ts";

/** How a person or a program answers questions for names and passwords (virConnectAuth). */
export interface AuthCallback {
  /** Which kinds of question it can answer: values of ConnectCredentialType. */
  readonly credentialTypes: readonly number[];
  /** Fills in an answer for each request; null refuses to answer. */
  answer(requests: readonly CredentialRequest[]): Promise<readonly (string | null)[]> | readonly (string | null)[];
}

/** One question (virConnectCredential). */
export interface CredentialRequest {
  readonly type: number;
  readonly prompt: string;
  readonly challenge: string | null;
  readonly defaultAnswer: string | null;
}

/** Makes a connection to a daemon anew when it is lost. What was under way fails all the same. */
export interface ReconnectOptions {
  /** Milliseconds before the first attempt; each further one waits twice as long as the one before: 500. */
  readonly firstDelay?: number | undefined;
  /** Milliseconds between attempts at most: 30,000. */
  readonly maxDelay?: number | undefined;
  /** After how many attempts in vain the connection is given up: never. */
  readonly attempts?: number | undefined;
  /** Is told that the connection is lost, and why. */
  readonly onLost?: ((reason: LibvirtError) => void) | undefined;
  /** Is told that it is there again: events that happened in between were missed. */
  readonly onRestored?: (() => void) | undefined;
}

export interface OpenOptions {
  readonly auth?: AuthCallback;
  /** Only for connections to a daemon; a lost connection stays lost when not given. */
  readonly reconnect?: ReconnectOptions;
  /** Flags of virConnectOpenAuth beside read-only. */
  readonly flags?: number;
  readonly signal?: AbortSignal;
  /** Only drivers of this process are asked: what a daemon wants, which is what others go to. */
  readonly local?: boolean;
  /**
   * Calls the drivers beside this one on behalf of nobody in particular: for work that no connection waits for, such as
   * starting what starts by itself. Set for a driver that is composed with others.
   */
  readonly peers?: Caller;
}

/** A driver for a kind of URI. */
export interface DriverModule {
  /** Its name in messages: `qemu`. */
  readonly name: string;
  /** Whether URIs like this one are its own. */
  accepts(uri: ConnectionUri, options?: OpenOptions): boolean;
  /**
   * Opens the URI and gives the handlers that serve this one session. What it holds for the session it releases in
   * `session.onClose`.
   */
  open(session: Session, options: OpenOptions): Driver | Promise<Driver>;
}

const modules: DriverModule[] = [];

/** Adds a driver; the ones added later are asked first, so that a program can put its own before a built-in one. */
export function registerDriver(module: DriverModule): void {
  modules.unshift(module);
}

/** The driver that takes the URI, or NO_CONNECT. */
export function driverFor(uri: ConnectionUri, options: OpenOptions = {}): DriverModule {
  const module = modules.find((candidate) => candidate.accepts(uri, options));
  if (!module) throw new LibvirtError("NO_CONNECT", "NONE", uri.text);
  return module;
}
