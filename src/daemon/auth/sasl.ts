/** Clients that log in by SASL. */
import { LibvirtError } from "../../errors.ts";
import { AuthType } from "../../protocol/index.ts";
import type { SecuredTransport } from "../../rpc/index.ts";
import {
  type MechanismName,
  mechanismNames,
  SaslError,
  SaslServer,
  type SaslServerOptions,
  type SaslUsers,
} from "../../rpc/sasl/index.ts";
import { globTest } from "../glob.ts";
import type { Logger } from "../log/log.ts";
import type { SettingValues } from "../settings/table.ts";
import type { Authentication, ClientIdentity } from "./authenticator.ts";
import { realm } from "./user-file.ts";

/** Attempts on one connection. */
const maxAttempts = 3;

export interface SaslContext {
  readonly users: SaslUsers;
  readonly log: Logger;
  settings(): SettingValues;
}

export interface SaslClient {
  /** What is known of the client beside its user name. */
  readonly identity: ClientIdentity;
  /** Whether nobody can listen to its connection. */
  readonly isPrivate: boolean;
  /** Goes through the security layer from the last reply on; null where none is needed. */
  readonly transport: SecuredTransport | null;
}

/** The mechanisms that a setting names. */
export function mechanismsOf(names: readonly string[]): readonly MechanismName[] {
  return mechanismNames.filter((name) => names.some((one) => one.toUpperCase() === name));
}

export class SaslAuthentication implements Authentication {
  readonly types = [AuthType.SASL];
  readonly handlers;
  readonly #context: SaslContext;
  readonly #client: SaslClient;
  #identity: ClientIdentity;
  #server: SaslServer | null = null;
  #attempts = 0;
  #done = false;

  constructor(context: SaslContext, client: SaslClient) {
    this.#context = context;
    this.#client = client;
    this.#identity = client.identity;
    this.handlers = {
      authSaslInit: () => this.#try(() => this.#init()),
      authSaslStart: (args: Parameters<SaslServer["start"]>[0]) => this.#try(() => this.#go((one) => one.start(args))),
      authSaslStep: (args: Parameters<SaslServer["step"]>[0]) => this.#try(() => this.#go((one) => one.step(args))),
    };
  }

  get done(): boolean {
    return this.#done;
  }

  get identity(): ClientIdentity {
    return this.#identity;
  }

  close(): void {
    this.#server = null;
  }

  #init(): { mechlist: string } {
    if (this.#attempts++ >= maxAttempts) throw new SaslError("too many attempts on one connection");
    const server = new SaslServer(this.#options());
    const mechlist = server.list();
    this.#server = server;
    return { mechlist };
  }

  #options(): SaslServerOptions {
    const { users } = this.#context;
    const { isPrivate, identity } = this.#client;
    const { sasl_mechanisms, tcp_min_ssf } = this.#context.settings();
    return {
      mechanisms: mechanismsOf(sasl_mechanisms),
      users,
      realm,
      isPrivate,
      minStrength: tcp_min_ssf,
      certificateName: identity.x509DistinguishedName ?? null,
    };
  }

  async #go<T>(ask: (server: SaslServer) => Promise<T>): Promise<T> {
    const server = this.#server;
    if (server === null || this.#done) throw new SaslError("no exchange is under way");
    const reply = await ask(server);
    if (this.#server !== server) throw new SaslError("the exchange was given up");
    if (server.success !== null) this.#welcome(server.success);
    return reply;
  }

  #welcome({ identity, layer, mechanism }: NonNullable<SaslServer["success"]>): void {
    const { sasl_allowed_username_list: allowed } = this.#context.settings();
    if (allowed !== undefined && !allowed.some((pattern) => globTest(pattern, identity))) {
      throw new SaslError(`'${identity}' is not in sasl_allowed_username_list`);
    }
    if (layer !== null) {
      if (this.#client.transport === null) throw new SaslError("the connection takes no security layer");
      this.#client.transport.secureAfterReply(layer);
    }
    this.#context.log.info(() => `'${identity}' has logged in by ${mechanism}`);
    this.#identity = { ...this.#identity, saslUserName: identity };
    this.#done = true;
    this.#server = null;
  }

  /** Clients are told that they failed; why stands in the log, by whoever answers the call. */
  async #try<T>(attempt: () => T | Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (cause) {
      this.#server = null;
      if (cause instanceof SaslError) this.#context.log.warning(() => `SASL: ${cause.message}`);
      else this.#context.log.error(() => `SASL: ${(cause as Error).message}`);
      throw new LibvirtError("AUTH_FAILED", "RPC", "authentication failed", { cause });
    }
  }
}
