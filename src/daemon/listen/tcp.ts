/** TCP listeners, plain and with TLS. */
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import {
  createSecureContext,
  createServer,
  type SecureContextOptions,
  type TLSSocket,
  type Server as TlsServer,
} from "node:tls";
import { LibvirtError, systemError } from "../../errors.ts";
import { readBounded } from "../../host/files.ts";
import { checkOwnCertificates } from "../../rpc/tls/certificate-checks.ts";
import { versionRange } from "../../rpc/tls/priority.ts";
import type { SettingValues } from "../settings/table.ts";
import { type Listener, listen, type OnConnection } from "./listener.ts";

export interface TcpOptions {
  /** Null: all addresses of the host. */
  readonly address: string | null;
  readonly port: number;
  readonly backlog: number;
}

export function listenTcp({ address, port, backlog }: TcpOptions, onConnection: OnConnection): Promise<Listener> {
  const options = { port, backlog, ...(address !== null && { host: address }) };
  return listen(options, `${address ?? "*"} port ${port}`, onConnection);
}

const maxServices = 8 * 1024 * 1024;

/** A port by its number or its name in /etc/services. */
export async function portNumber(port: string): Promise<number> {
  if (/^\d+$/.test(port)) return Number(port);
  const services = (await readBounded("/etc/services", maxServices, "RPC")) ?? "";
  for (const line of services.split("\n")) {
    const [name, number, ...aliases] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (number?.endsWith("/tcp") && [name, ...aliases].includes(port)) return Number.parseInt(number, 10);
  }
  throw new LibvirtError("INVALID_ARG", "RPC", `there is no service '${port}' in /etc/services`);
}

/** How long a TLS handshake may take, in milliseconds. */
const handshakeTime = 10_000;

/** Makes connections secure. What it is made of can be read again while it works. */
export class TlsAcceptor {
  readonly #server: TlsServer;
  readonly #settings: () => SettingValues;
  readonly #handshakes = new Map<string, { resolve(socket: TLSSocket): void; reject(error: Error): void }>();

  /** @throws {LibvirtError} SYSTEM_ERROR when a file cannot be read, INTERNAL_ERROR when it holds something else */
  static async open(settings: () => SettingValues): Promise<TlsAcceptor> {
    return new TlsAcceptor(settings, await credentials(settings()));
  }

  private constructor(settings: () => SettingValues, context: SecureContextOptions) {
    this.#settings = settings;
    const verify = !settings().tls_no_verify_certificate;
    this.#server = createServer({
      ...context,
      requestCert: verify,
      rejectUnauthorized: verify,
      handshakeTimeout: handshakeTime,
    });
    this.#server.on("secureConnection", (socket) => this.#handshakes.get(keyOf(socket))?.resolve(socket));
    this.#server.on("tlsClientError", (error, socket) => this.#handshakes.get(keyOf(socket))?.reject(error));
  }

  /** Reads key, certificates and revocations again, for connections that come from now on. */
  async update(): Promise<void> {
    this.#server.setSecureContext(await credentials(this.#settings()));
  }

  /** Shakes hands on a connection. Rejected when the client has no certificate of ours. */
  readonly secure = async (raw: Socket): Promise<TLSSocket> => {
    const key = keyOf(raw);
    try {
      return await new Promise<TLSSocket>((resolve, reject) => {
        this.#handshakes.set(key, { resolve, reject });
        raw.once("close", () => reject(new Error("it left before the end of the TLS handshake")));
        this.#server.emit("connection", raw);
      });
    } finally {
      this.#handshakes.delete(key);
    }
  };
}

/** A connection, which is the same below TLS and above. */
function keyOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}

async function credentials(settings: SettingValues): Promise<SecureContextOptions> {
  const [key, cert, ca, crl] = await Promise.all([
    readCredential("server key", settings.key_file),
    readCredential("server certificate", settings.cert_file),
    readCredential("CA certificate", settings.ca_file),
    readRevocations(settings.crl_file),
  ]);
  if (!settings.tls_no_sanity_certificate) {
    checkOwnCertificates("server", { path: settings.ca_file, pem: ca }, { path: settings.cert_file, pem: cert });
  }
  const versions = versionRange(settings.tls_priority ?? null);
  const options = { key, cert, ca, minVersion: "TLSv1.2", ...versions, ...(crl !== null && { crl }) } as const;
  try {
    createSecureContext(options);
  } catch (error) {
    throw new LibvirtError(
      "INTERNAL_ERROR",
      "RPC",
      `TLS does not take its key and certificates: ${(error as Error).message}`,
    );
  }
  return options;
}

/** The usual place of revocations; nothing need be there. */
const usualRevocations = "/etc/pki/CA/cacrl.pem";

async function readRevocations(path: string | undefined): Promise<Buffer | null> {
  if (path !== undefined) return readCredential("CA revocation list", path);
  return readFile(usualRevocations).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw systemError("RPC", `Cannot read CA revocation list '${usualRevocations}'`, error);
  });
}

async function readCredential(what: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw systemError("RPC", `Cannot read ${what} '${path}'`, error);
  }
}
