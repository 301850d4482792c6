/** How clients prove who they are: what the daemon tells an authenticator of a client, and what it gets from it. */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { AuthType, ProcedureName } from "../../protocol/index.ts";
import type { Transport } from "../../rpc/index.ts";
import type { ProcedureHandlers } from "../server/procedure-handlers.ts";
import type { SettingValues } from "../settings/table.ts";

/** Which of the daemon's sockets a client came in through. */
export type SocketKind = "unix" | "unix-ro" | "admin" | "tcp" | "tls";

/** Who is at the other end of a unix socket, as the kernel says it. */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  /** When the process began, in clock ticks since boot: with the pid, which process it is. Null where unknown. */
  readonly startTime: bigint | null;
  readonly selinuxContext: string | null;
}

/** A connection as it came in. */
export interface Incoming {
  readonly kind: SocketKind;
  /** For TLS, the socket whose handshake is done. */
  readonly socket: Socket | TLSSocket;
  /** The client's address in messages: `127.0.0.1:40322`, or a unix socket's. */
  readonly address: string;
  /** For unix sockets, where the optional native part is there. */
  readonly peer: PeerCredentials | null;
}

/** Who a client is, as far as is known: the fields of virIdentity. */
export interface ClientIdentity {
  readonly userName?: string;
  readonly unixUserId?: number;
  readonly groupName?: string;
  readonly unixGroupId?: number;
  readonly processId?: number;
  readonly processTime?: bigint;
  readonly saslUserName?: string;
  readonly x509DistinguishedName?: string;
  readonly selinuxContext?: string;
}

/** The procedures by which a client authenticates. */
export type AuthProcedure = Extract<
  ProcedureName,
  "authList" | "authSaslInit" | "authSaslStart" | "authSaslStep" | "authPolkit"
>;

/** The authentication of one client. */
export interface Authentication {
  /** What `authList` answers: the ways open to this client; NONE when it need not do anything. */
  readonly types: readonly AuthType[];
  /** Whether it has succeeded. The daemon looks after each call of `handlers`. */
  readonly done: boolean;
  /** Who the client is; complete once it is done. */
  readonly identity: ClientIdentity;
  /** The procedures that this way has, but `authList`; others fail with AUTH_FAILED. They throw AUTH_FAILED too. */
  readonly handlers: ProcedureHandlers<Exclude<AuthProcedure, "authList">>;
  /** The client is gone. */
  close(): void;
}

/** Looks who comes in. */
export interface Authenticator {
  /** What is not there and will be missed (the native part, a polkitd), a line each: told when the daemon starts. */
  readonly lacks: readonly string[];
  /** How the socket's clients log in when the configuration does not say it. */
  defaultFor(kind: "unix" | "unix-ro"): "none" | "polkit";
  /** Who is at the other end of a unix socket; null when that cannot be known. */
  peerOf(socket: Socket): PeerCredentials | null;
  /** The byte connection: one that passes open files, or that takes the encryption of SASL, where that is possible. */
  transportOf(socket: Socket, kind: SocketKind): Transport;
  /**
   * A client has come.
   * @param transport what `transportOf` gave for its socket
   * @throws LibvirtError when it may not even try: the connection is closed
   */
  begin(incoming: Incoming, transport: Transport): Authentication | Promise<Authentication>;
  /** The configuration was read again; what it changes holds for clients that come from now on. */
  reload(settings: SettingValues): void;
  close(): Promise<void>;
}
