/** The authenticator: for each socket the way that the configuration names. */
import type { Socket } from "node:net";
import type { Native } from "../../host/native/index.ts";
import { type AccountNames, accountNames } from "../../host/users.ts";
import { duplexTransport, SecuredTransport, type Transport, unixTransport } from "../../rpc/index.ts";
import type { Logger } from "../log/log.ts";
import type { SettingValues } from "../settings/table.ts";
import type { Authentication, Authenticator, Incoming, PeerCredentials, SocketKind } from "./authenticator.ts";
import { identityOf } from "./identity.ts";
import { letIn } from "./open-door.ts";
import { peerOf } from "./peer.ts";
import type { Polkit } from "./polkit.ts";
import { PolkitAuthentication } from "./polkit.ts";
import { SaslAuthentication } from "./sasl.ts";
import { checkAllowedName } from "./tls.ts";
import { usersOf } from "./user-file.ts";

/** How clients of a socket log in. */
export type Way = "none" | "sasl" | "polkit";

export interface GateParts {
  readonly settings: SettingValues;
  readonly native: Native | null;
  readonly polkit: Polkit | null;
  /** The file of users. */
  readonly userFile: string;
  readonly lacks: readonly string[];
  readonly names: AccountNames;
  readonly log: Logger;
}

export class Gate implements Authenticator {
  readonly lacks: readonly string[];
  readonly #parts: GateParts;
  #settings: SettingValues;
  /** As they were when the configuration was read. */
  #names: AccountNames;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.#settings = parts.settings;
    this.#names = parts.names;
    this.lacks = parts.lacks;
  }

  defaultFor(): "none" | "polkit" {
    return this.#parts.polkit === null ? "none" : "polkit";
  }

  peerOf(socket: Socket): PeerCredentials | null {
    return peerOf(socket, this.#parts.native, this.#parts.polkit !== null);
  }

  transportOf(socket: Socket, kind: SocketKind): Transport {
    if (kind === "tls") return duplexTransport(socket);
    if (kind !== "tcp") return unixTransport(socket, this.#parts.native);
    const plain = duplexTransport(socket);
    return this.wayOf("tcp") === "sasl" ? new SecuredTransport(plain, { lockstep: true }) : plain;
  }

  begin(incoming: Incoming, transport: Transport): Authentication {
    const { kind } = incoming;
    const identity = identityOf(incoming, this.#names);
    if (kind === "tls") checkAllowedName(identity.x509DistinguishedName, this.#settings);
    const way = this.wayOf(kind);
    // Who is root may do everything anyway.
    if (way === "none" || (way === "polkit" && identity.unixUserId === 0)) return { ...letIn, identity };
    const { polkit, log, userFile } = this.#parts;
    if (way === "polkit") return new PolkitAuthentication(polkit, identity, kind === "unix-ro");
    const context = { users: usersOf(userFile), log, settings: () => this.#settings };
    const secured = transport instanceof SecuredTransport ? transport : null;
    return new SaslAuthentication(context, { identity, isPrivate: kind !== "tcp", transport: secured });
  }

  reload(settings: SettingValues): void {
    this.#settings = settings;
    accountNames("RPC").then(
      (names) => {
        this.#names = names;
      },
      (error) => this.#parts.log.warning(() => `names of users stay as they were: ${(error as Error).message}`),
    );
  }

  async close(): Promise<void> {
    await this.#parts.polkit?.close();
  }

  wayOf(kind: SocketKind): Way {
    const { auth_tcp, auth_tls, auth_unix_ro, auth_unix_rw } = this.#settings;
    if (kind === "tcp") return auth_tcp;
    if (kind === "tls") return auth_tls;
    if (kind === "admin") return "none";
    return (kind === "unix" ? auth_unix_rw : auth_unix_ro) ?? this.defaultFor();
  }
}
