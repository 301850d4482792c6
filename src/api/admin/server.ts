/** A server inside a daemon, and the clients that are connected to it. */

import type { CallOptions } from "../core/link.ts";
import { fromParameters, type Parameters, type ParametersInput, toParameters } from "../values/parameters.ts";
import type { AdminCall } from "./connection.ts";

/** A server of a daemon: what listens on some of its sockets. */
export class AdminServer {
  readonly #call: AdminCall;
  readonly #name: string;

  /** @internal */
  constructor(call: AdminCall, name: string) {
    this.#call = call;
    this.#name = name;
  }

  /** Its name (`virAdmServerGetName`, since 2.0.0). */
  name(): string {
    return this.#name;
  }

  /** Its workers, by the names of `Threadpool` (`virAdmServerGetThreadPoolParameters`, since 2.0.0). */
  async threadPoolParameters(flags = 0, options?: CallOptions): Promise<Parameters> {
    const { params } = await this.#call("adminServerGetThreadpoolParameters", { srv: this.#wire, flags }, options);
    return fromParameters(params);
  }

  /** Sets how many workers it may have (`virAdmServerSetThreadPoolParameters`, since 2.0.0). */
  async setThreadPoolParameters(values: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    const params = toParameters(values);
    await this.#call("adminServerSetThreadpoolParameters", { srv: this.#wire, params, flags }, options);
  }

  /** Its limits on clients, by the names of `ServerClients` (`virAdmServerGetClientLimits`, since 2.0.0). */
  async clientLimits(flags = 0, options?: CallOptions): Promise<Parameters> {
    const { params } = await this.#call("adminServerGetClientLimits", { srv: this.#wire, flags }, options);
    return fromParameters(params);
  }

  /** Sets how many clients there may be (`virAdmServerSetClientLimits`, since 2.0.0). */
  async setClientLimits(values: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    const params = toParameters(values);
    await this.#call("adminServerSetClientLimits", { srv: this.#wire, params, flags }, options);
  }

  /** Who is connected (`virAdmServerListClients`, since 2.0.0). */
  async listClients(flags = 0, options?: CallOptions): Promise<AdminClient[]> {
    const args = { srv: this.#wire, needResults: 1, flags };
    const { clients } = await this.#call("adminServerListClients", args, options);
    return clients.map((client) => new AdminClient(this.#call, client));
  }

  /** The client of that number (`virAdmServerLookupClient`, since 2.0.0). @throws {LibvirtError} NO_CLIENT */
  async lookupClient(id: bigint | number, flags = 0, options?: CallOptions): Promise<AdminClient> {
    const args = { srv: this.#wire, id: BigInt(id), flags };
    return new AdminClient(this.#call, (await this.#call("adminServerLookupClient", args, options)).clnt);
  }

  /** Has it read its certificates and keys again (`virAdmServerUpdateTlsFiles`, since 2.0.0). */
  async updateTlsFiles(flags = 0, options?: CallOptions): Promise<void> {
    await this.#call("adminServerUpdateTlsFiles", { srv: this.#wire, flags }, options);
  }

  get #wire() {
    return { name: this.#name };
  }
}

interface WireClient {
  readonly srv: { readonly name: string };
  readonly id: bigint;
  readonly timestamp: bigint;
  readonly transport: number;
}

/** A client of a server. */
export class AdminClient {
  readonly #call: AdminCall;
  readonly #wire: WireClient;

  /** @internal */
  constructor(call: AdminCall, wire: WireClient) {
    this.#call = call;
    this.#wire = wire;
  }

  /** Its number (`virAdmClientGetID`, since 2.0.0). */
  id(): bigint {
    return this.#wire.id;
  }

  /** When it connected, in seconds since 1970 (`virAdmClientGetTimestamp`, since 2.0.0). */
  timestamp(): bigint {
    return this.#wire.timestamp;
  }

  /** How it is connected, a value of `ClientTransport` (`virAdmClientGetTransport`, since 2.0.0). */
  transport(): number {
    return this.#wire.transport;
  }

  /** Who it is, by the names of `ClientInfo` (`virAdmClientGetInfo`, since 2.0.0). */
  async info(flags = 0, options?: CallOptions): Promise<Parameters> {
    return fromParameters((await this.#call("adminClientGetInfo", { clnt: this.#wire, flags }, options)).params);
  }

  /** Ends its connection (`virAdmClientClose`, since 2.0.0). */
  async close(flags = 0, options?: CallOptions): Promise<void> {
    await this.#call("adminClientClose", { clnt: this.#wire, flags }, options);
  }
}
