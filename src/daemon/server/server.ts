/** A server of the daemon: takes connections from its sockets, as many as its limits allow, and knows its clients. */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { AccessControl } from "../access/access-control.ts";
import type { Authenticator, Incoming, SocketKind } from "../auth/authenticator.ts";
import { errorText, type Logger } from "../log/log.ts";
import { Client, type ClientContext } from "./client.ts";
import type { Limits, Service } from "./service.ts";
import type { UriRules } from "./uris.ts";

export interface ServerOptions {
  readonly service: Service;
  readonly limits: Limits;
  readonly authenticator: Authenticator;
  readonly access: AccessControl;
  readonly uris: UriRules;
  readonly log: Logger;
  /** A client has come or gone. */
  readonly onChange: () => void;
}

/** A connection that has come in through one of the sockets. */
export interface Arrival {
  readonly kind: SocketKind;
  readonly socket: Socket;
  /** Does what has to be done before the first message: a TLS handshake. Rejected: the connection is closed. */
  readonly prepare?: (socket: Socket) => Promise<TLSSocket>;
}

export class Server {
  readonly limits: Limits;
  readonly #options: ServerOptions;
  readonly #context: ClientContext;
  readonly #clients = new Map<bigint, Client>();
  readonly #anonymous = new Set<Client>();
  readonly #arriving = new Set<Socket>();
  #waiting: Arrival[] = [];
  #lastId = 0n;
  #open = false;
  #closed = false;

  constructor(options: ServerOptions) {
    this.limits = options.limits;
    this.#options = options;
    const { service, uris, access, log, limits } = options;
    this.#context = { service, uris, access, log, limits, onChange: (client) => this.#changed(client) };
  }

  get name(): string {
    return this.#options.service.name;
  }

  get clients(): ReadonlyMap<bigint, Client> {
    return this.#clients;
  }

  /** How many clients have not authenticated, those included whose handshake is under way. */
  get anonymousCount(): number {
    return this.#anonymous.size + this.#arriving.size;
  }

  /** Whether anybody is connected or about to be. */
  get isIdle(): boolean {
    return this.#clients.size === 0 && this.#arriving.size === 0 && this.#waiting.length === 0;
  }

  /** Begins to serve; connections that came before have waited. */
  open(): void {
    this.#open = true;
    this.#takeWaiting();
  }

  /** Takes a connection, or has it wait until there is room. */
  accept(arrival: Arrival): void {
    const { limits, log } = { limits: this.limits, log: this.#options.log };
    // Whoever goes while nobody looks is no news.
    arrival.socket.on("error", () => {});
    if (this.#closed) return void arrival.socket.destroy();
    const count = this.#clients.size + this.#arriving.size;
    if (count >= limits.maxClients) {
      log.error(`Too many active clients (${count}), dropping connection from ${addressOf(arrival)}`);
      arrival.socket.destroy();
    } else if (this.#hasRoom) this.#take(arrival);
    else if (this.#waiting.length < limits.maxQueued) this.#waiting.push(arrival);
    else {
      log.error(`Too many waiting clients (${limits.maxQueued}), dropping connection from ${addressOf(arrival)}`);
      arrival.socket.destroy();
    }
  }

  /** Makes changed limits take effect for those who are connected. */
  limitsChanged(): void {
    for (const client of this.#clients.values()) client.maxRequests = this.limits.maxRequests;
    this.#takeWaiting();
  }

  /** Ends all connections; resolves when what they held is given back. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
    for (const socket of this.#arriving) socket.destroy();
    const clients = [...this.#clients.values()];
    for (const client of clients) client.close();
    await Promise.all(clients.map(({ ended }) => ended));
  }

  get #hasRoom(): boolean {
    const { maxAnonymous, maxClients } = this.limits;
    if (!this.#open) return false;
    if (this.#clients.size + this.#arriving.size >= maxClients) return false;
    return maxAnonymous === 0 || this.anonymousCount < maxAnonymous;
  }

  #takeWaiting(): void {
    while (this.#hasRoom) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#take(next);
    }
  }

  #take(arrival: Arrival): void {
    this.#arriving.add(arrival.socket);
    this.#welcome(arrival)
      .catch((error) => {
        this.#options.log.warning(() => `${addressOf(arrival)} was turned away: ${errorText(error)}`);
        arrival.socket.destroy();
      })
      .finally(() => {
        this.#arriving.delete(arrival.socket);
        this.#options.onChange();
        this.#takeWaiting();
      });
  }

  async #welcome(arrival: Arrival): Promise<void> {
    const { authenticator } = this.#options;
    const { kind, prepare } = arrival;
    const socket = prepare === undefined ? arrival.socket : await prepare(arrival.socket);
    const isUnix = kind !== "tcp" && kind !== "tls";
    const peer = isUnix ? authenticator.peerOf(arrival.socket) : null;
    const incoming: Incoming = { kind, socket, address: addressOf(arrival), peer };
    const transport = authenticator.transportOf(socket, kind);
    const authentication = await authenticator.begin(incoming, transport);
    if (this.#closed || socket.destroyed) {
      authentication.close();
      socket.destroy();
      return;
    }
    // A TLS client waits for this byte, which says that its certificate is welcome.
    if (kind === "tls") socket.write("\u0001");
    const client = new Client(++this.#lastId, incoming, transport, authentication, this.#context);
    this.#options.log.info(
      () =>
        `client ${client.id} has connected (${kind}, ${peer === null ? incoming.address : `process ${peer.pid} of user ${peer.uid}`})`,
    );
    if (client.isGone) return;
    // It comes paused, so that nothing is read before somebody is there who wants it.
    transport.resume();
    this.#clients.set(client.id, client);
    if (!client.isAuthenticated) this.#anonymous.add(client);
  }

  #changed(client: Client): void {
    if (client.isGone) this.#clients.delete(client.id);
    if (client.isGone || client.isAuthenticated) this.#anonymous.delete(client);
    this.#options.onChange();
    this.#takeWaiting();
  }
}

function addressOf({ socket, kind }: Arrival): string {
  if (kind !== "tcp" && kind !== "tls") return "a unix socket";
  const { remoteAddress = "?", remotePort = 0 } = socket;
  // A socket for both families shows the older one's addresses in the newer one's form.
  const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/, "");
  return `${address.includes(":") ? `[${address}]` : address}:${remotePort}`;
}
