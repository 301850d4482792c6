/** Clients whose rights the system's polkit decides. */
import { LibvirtError } from "../../errors.ts";
import { Bus, DbusError } from "../../host/dbus/bus.ts";
import type { DbusValue } from "../../host/dbus/marshal.ts";
import { AuthType } from "../../protocol/index.ts";
import type { Authentication, ClientIdentity } from "./authenticator.ts";

const authority = {
  destination: "org.freedesktop.PolicyKit1",
  path: "/org/freedesktop/PolicyKit1/Authority",
  interface: "org.freedesktop.PolicyKit1.Authority",
} as const;

/** polkit may ask the person at the screen. */
const allowInteraction = 1;

/** What a client needs to be asked about. */
export interface PolkitSubject {
  readonly pid: number;
  readonly uid: number;
  /** Clock ticks since boot. */
  readonly startTime: bigint;
}

export interface PolkitQuestion {
  readonly action: string;
  readonly subject: PolkitSubject;
  /** What rules may look at: names and values. */
  readonly details?: Readonly<Record<string, string>>;
  readonly interactive: boolean;
  /** Gives the question up. */
  readonly signal?: AbortSignal;
}

/** The answer. `challenge`: a person would have had to say who he is, and there was nobody to ask him. */
export type PolkitAnswer = "yes" | "no" | "challenge" | "dismissed";

/** The system's polkit. The connection to it is made when it is needed, and again when it is lost. */
export class Polkit {
  readonly #path: string;
  #bus: Promise<Bus> | null = null;
  #lastId = 0;

  /** @param path the socket of the system's message bus */
  constructor(path: string) {
    this.#path = path;
  }

  /** Whether there is a polkit that answers. */
  async isThere(): Promise<boolean> {
    const properties = { ...authority, interface: "org.freedesktop.DBus.Properties", member: "Get" };
    try {
      const bus = await this.#connected();
      await bus.call({ ...properties, signature: "ss", args: [authority.interface, "BackendName"] });
      return true;
    } catch {
      return false;
    }
  }

  /** @throws LibvirtError DBUS_SERVICE when polkit cannot be asked or does not know the action */
  async ask({ action, subject, details = {}, interactive, signal }: PolkitQuestion): Promise<PolkitAnswer> {
    const { pid, uid, startTime } = subject;
    const id = interactive ? `tsvirtd-${process.pid}-${++this.#lastId}` : "";
    const process_ = [
      ["pid", { signature: "u", value: pid }],
      ["start-time", { signature: "t", value: startTime }],
      ["uid", { signature: "i", value: uid | 0 }],
    ];
    try {
      const bus = await this.#connected();
      const cancel = () =>
        void bus.call({ ...authority, member: "CancelCheckAuthorization", signature: "s", args: [id] }).catch(() => {});
      if (id !== "") signal?.addEventListener("abort", cancel, { once: true });
      try {
        const [result] = await bus.call({
          ...authority,
          member: "CheckAuthorization",
          signature: "(sa{sv})sa{ss}us",
          args: [["unix-process", process_], action, Object.entries(details), interactive ? allowInteraction : 0, id],
        });
        return answerOf(result as readonly DbusValue[]);
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    } catch (cause) {
      const name = cause instanceof DbusError ? `${cause.errorName}: ` : "";
      const detail = `polkit cannot be asked about '${action}': ${name}${(cause as Error).message}`;
      throw new LibvirtError("DBUS_SERVICE", "POLKIT", detail, { cause });
    }
  }

  async close(): Promise<void> {
    const bus = this.#bus;
    this.#bus = null;
    await bus?.then((open) => open.close()).catch(() => {});
  }

  async #connected(): Promise<Bus> {
    const before = await this.#bus?.catch(() => null);
    if (before && !before.ended) return before;
    this.#bus = Bus.open(this.#path);
    return this.#bus;
  }
}

function answerOf([isAuthorized, isChallenge, details]: readonly DbusValue[]): PolkitAnswer {
  if (isAuthorized === true) return "yes";
  const pairs = new Map(details as readonly (readonly [string, string])[]);
  if (pairs.get("polkit.dismissed") !== undefined) return "dismissed";
  return isChallenge === true ? "challenge" : "no";
}

/** Whom polkit decides about; null when the system does not tell who the client is. */
export function subjectOf({ processId, processTime, unixUserId }: ClientIdentity): PolkitSubject | null {
  if (processId === undefined || processTime === undefined || unixUserId === undefined) return null;
  return { pid: processId, startTime: processTime, uid: unixUserId };
}

/** A client of the unix sockets that polkit decides about when it asks. */
export class PolkitAuthentication implements Authentication {
  readonly types = [AuthType.POLKIT];
  readonly identity: ClientIdentity;
  readonly handlers;
  readonly #gone = new AbortController();
  #done = false;

  constructor(polkit: Polkit | null, identity: ClientIdentity, readOnly: boolean) {
    this.identity = identity;
    const action = readOnly ? "org.libvirt.unix.monitor" : "org.libvirt.unix.manage";
    this.handlers = {
      authPolkit: async () => {
        await this.#check(polkit, action);
        this.#done = true;
        return { complete: 1 };
      },
    };
  }

  get done(): boolean {
    return this.#done;
  }

  close(): void {
    this.#gone.abort();
  }

  async #check(polkit: Polkit | null, action: string): Promise<void> {
    const subject = subjectOf(this.identity);
    if (polkit === null || subject === null) {
      throw new LibvirtError("AUTH_FAILED", "RPC", "polkit cannot be asked: it is not known who connected");
    }
    const answer = await polkit.ask({ action, subject, interactive: true, signal: this.#gone.signal });
    if (answer === "dismissed")
      throw new LibvirtError("AUTH_CANCELLED", "POLKIT", "user cancelled authentication process");
    if (answer === "challenge") {
      const detail = `no polkit agent available to authenticate action '${action}'`;
      throw new LibvirtError("AUTH_UNAVAILABLE", "POLKIT", detail);
    }
    if (answer === "no") throw new LibvirtError("AUTH_FAILED", "POLKIT", "access denied by policy");
  }
}
