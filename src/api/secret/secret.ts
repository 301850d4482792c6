/** Secrets: passphrases and keys that domains and pools need. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { UuidObject } from "../core/named.ts";
import { type EventListener, listenTo, openEvents } from "../events/open.ts";
import type { EventStream, ObjectEventOptions } from "../events/stream.ts";
import type { EventOf, SecretEvent } from "../events/types.ts";

/** A passphrase or key (`virSecret`). */
export class Secret extends UuidObject<protocol.Secret> {
  /** What it is for: `SecretUsageType` (`virSecretGetUsageType`, since 0.7.1). */
  usageType(): number {
    return this.wire.usageType;
  }

  /** Which thing of that type it is for: a volume's path, a name, ... (`virSecretGetUsageID`, since 0.7.1). */
  usageId(): string {
    return this.wire.usageID;
  }

  /** The secret's description, as XML, without its value (`virSecretGetXMLDesc`, since 0.7.1). */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("secretGetXmlDesc", { secret: this.wire, flags }, options)).xml;
  }

  /**
   * The value (`virSecretGetValue`, since 0.7.1). Rejects with NO_SECRET when it has none, and with INVALID_SECRET when
   * it is private.
   */
  async value(flags = 0, options?: CallOptions): Promise<Uint8Array> {
    return Uint8Array.from((await this.call("secretGetValue", { secret: this.wire, flags }, options)).value);
  }

  /**
   * Sets the value (`virSecretSetValue`, since 0.7.1).
   * @param value bytes, or text as UTF-8.
   */
  setValue(value: Uint8Array | string, flags = 0, options?: CallOptions): Promise<void> {
    const bytes = typeof value === "string" ? Buffer.from(value) : Uint8Array.from(value);
    return this.run("secretSetValue", { secret: this.wire, value: bytes, flags }, options);
  }

  /** Removes the secret (`virSecretUndefine`, since 0.7.1). */
  undefine(options?: CallOptions): Promise<void> {
    return this.run("secretUndefine", { secret: this.wire }, options);
  }

  /** The secret's events, as they happen from now on (`virConnectSecretEventRegisterAny` with a secret). */
  events(options: ObjectEventOptions = {}): EventStream<SecretEvent> {
    return openEvents<SecretEvent>(this.link, { ...options, kinds: ["secret"], object: this.wire });
  }

  /** Calls a function at each of its events of a type, until the listener or the connection is closed. */
  on<Type extends SecretEvent["type"]>(type: Type, listener: (event: EventOf<Type>) => void): EventListener {
    return listenTo(this.link, { types: [type], kinds: ["secret"], object: this.wire }, listener);
  }

  protected override identity(): Readonly<Record<string, unknown>> {
    return { uuid: this.uuidString(), usageType: this.usageType(), usageId: this.usageId() };
  }
}
