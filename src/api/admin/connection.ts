/** Control over a daemon: its servers, their clients and workers, its log. libvirt's `libvirt-admin`. */
import { connect } from "node:net";
import { within } from "../../driver/within.ts";
import { asLibvirtError, LibvirtError, systemError } from "../../errors.ts";
import { type ArgsOf, ConnectCloseReason, type ProcedureName, type ResultOf } from "../../protocol/index.ts";
import { duplexTransport, RpcClient } from "../../rpc/index.ts";
import type { CloseCallback } from "../connection/core.ts";
import type { CallOptions } from "../core/link.ts";
import { callSafely } from "../core/safely.ts";
import { reportGlobally, resetLastError } from "../errors/model.ts";
import { AdminServer } from "./server.ts";
import { adminSocket, defaultAdminUri } from "./socket.ts";

/** Calls a procedure of the admin program. @internal */
export type AdminCall = <Name extends ProcedureName>(
  name: Name,
  args: ArgsOf<Name>,
  options?: CallOptions,
) => Promise<ResultOf<Name>>;

/**
 * Opens a connection to a daemon's admin socket (`virAdmConnectOpen`, since 2.0.0).
 * @param uri `libvirtd:///system` or another daemon's; without it LIBVIRT_ADMIN_DEFAULT_URI, else root's or the user's own
 * @throws {LibvirtError} CONFIG_UNSUPPORTED for a URI of nothing that has one, SYSTEM_ERROR when nobody listens
 */
export async function openAdmin(uri?: string | null, options: CallOptions = {}): Promise<AdminConnection> {
  resetLastError();
  try {
    return await within(
      "virAdmConnectOpen",
      options,
      () => openConnection(uri || defaultAdminUri()),
      (late) => late.close(),
    );
  } catch (error) {
    throw reportGlobally(asLibvirtError(error));
  }
}

async function openConnection(uri: string): Promise<AdminConnection> {
  const socket = await connected(adminSocket(uri));
  const client = new RpcClient(duplexTransport(socket), { onEvent: () => {}, onClose: () => connection.ended() });
  const connection: AdminConnection = new AdminConnection(uri, client);
  try {
    await client.call("adminConnectOpen", { flags: 0 });
    return connection;
  } catch (error) {
    await client.close();
    throw error;
  }
}

function connected(path: string): Promise<ReturnType<typeof connect>> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once("error", (error) => reject(systemError("RPC", `Failed to connect socket to '${path}'`, error)));
    socket.once("connect", () => resolve(socket.removeAllListeners("error")));
  });
}

/** An open connection to a daemon's admin socket. */
export class AdminConnection {
  readonly #uri: string;
  readonly #client: RpcClient;
  #closed = false;
  #closeCallback: CloseCallback | null = null;

  /** @internal */
  constructor(uri: string, client: RpcClient) {
    this.#uri = uri;
    this.#client = client;
  }

  /** Closes the connection (`virAdmConnectClose`, since 2.0.0). Closing again does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#client.closed) await this.#client.call("adminConnectClose", {}).catch(() => {});
    await this.#client.close();
    this.#tell(ConnectCloseReason.CLIENT);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Whether the connection is open (`virAdmConnectIsAlive`, since 2.0.0). */
  async isAlive(): Promise<boolean> {
    return !this.#closed && !this.#client.closed;
  }

  /** The URI that was opened (`virAdmConnectGetURI`, since 2.0.0). */
  async uri(): Promise<string> {
    return this.#uri;
  }

  /** The daemon's version, major * 1000000 + minor * 1000 + release (`virAdmConnectGetLibVersion`, since 2.0.0). */
  async libVersion(options?: CallOptions): Promise<number> {
    return Number((await this.#call("adminConnectGetLibVersion", {}, options)).libVer);
  }

  /** The servers in the daemon (`virAdmConnectListServers`, since 2.0.0). */
  async listServers(flags = 0, options?: CallOptions): Promise<AdminServer[]> {
    const { servers } = await this.#call("adminConnectListServers", { needResults: 1, flags }, options);
    return servers.map(({ name }) => new AdminServer(this.#call, name));
  }

  /** The server of that name (`virAdmConnectLookupServer`, since 2.0.0). @throws {LibvirtError} NO_SERVER */
  async lookupServer(name: string, flags = 0, options?: CallOptions): Promise<AdminServer> {
    const { srv } = await this.#call("adminConnectLookupServer", { name, flags }, options);
    return new AdminServer(this.#call, srv.name);
  }

  /** Where the daemon's log goes, separated by spaces (`virAdmConnectGetLoggingOutputs`, since 3.0.0). */
  async loggingOutputs(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#call("adminConnectGetLoggingOutputs", { flags }, options)).outputs;
  }

  /** What gets into the daemon's log, separated by spaces (`virAdmConnectGetLoggingFilters`, since 3.0.0). */
  async loggingFilters(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#call("adminConnectGetLoggingFilters", { flags }, options)).filters ?? "";
  }

  /** Sets where the log goes; null for the default (`virAdmConnectSetLoggingOutputs`, since 3.0.0). */
  async setLoggingOutputs(outputs: string | null, flags = 0, options?: CallOptions): Promise<void> {
    await this.#call("adminConnectSetLoggingOutputs", { outputs: outputs || null, flags }, options);
  }

  /** Sets what gets into the log; null for everything above the level (`virAdmConnectSetLoggingFilters`, since 3.0.0). */
  async setLoggingFilters(filters: string | null, flags = 0, options?: CallOptions): Promise<void> {
    await this.#call("adminConnectSetLoggingFilters", { filters: filters || null, flags }, options);
  }

  /** After how many seconds without clients the daemon ends, 0 for never (`virAdmConnectSetDaemonTimeout`, since 8.6.0). */
  async setDaemonTimeout(timeout: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.#call("adminConnectSetDaemonTimeout", { timeout, flags }, options);
  }

  /**
   * Has a function called once, when the connection ends (`virAdmConnectRegisterCloseCallback`, since 2.0.0).
   * @throws {LibvirtError} OPERATION_UNSUPPORTED when there is one already
   */
  registerCloseCallback(callback: CloseCallback): void {
    if (this.#closeCallback) {
      throw reportGlobally(
        new LibvirtError("OPERATION_UNSUPPORTED", "ADMIN", "a close callback is registered already"),
      );
    }
    this.#closeCallback = callback;
  }

  /** Takes the function away again (`virAdmConnectUnregisterCloseCallback`, since 2.0.0). */
  unregisterCloseCallback(): void {
    this.#closeCallback = null;
  }

  /** The other side has gone. @internal */
  ended(): void {
    if (!this.#closed) this.#tell(ConnectCloseReason.EOF);
  }

  #tell(reason: number): void {
    const callback = this.#closeCallback;
    this.#closeCallback = null;
    if (callback) callSafely(() => callback(reason));
  }

  readonly #call: AdminCall = async (name, args, options) => {
    resetLastError();
    try {
      if (this.#closed) throw new LibvirtError("INVALID_CONN", "ADMIN", "the connection is closed");
      return await within(name, options ?? {}, (signal) => this.#client.call(name, args, signal ? { signal } : {}));
    } catch (error) {
      throw reportGlobally(asLibvirtError(error));
    }
  };
}
