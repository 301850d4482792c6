/** TLS connections to a daemon: certificates on both sides, and the daemon's word that it takes ours. */
import { isIP } from "node:net";
import { checkServerIdentity, connect, type TLSSocket } from "node:tls";
import { LibvirtError, systemReason } from "../../../errors.ts";
import { versionRange } from "../../../rpc/tls/priority.ts";
import type { TlsTarget } from "../target.ts";
import { connected, connectTcp } from "./socket.ts";
import { findTlsFiles, readTlsFiles } from "./tls-files.ts";
import { checkOwnCertificate } from "./tls-sanity.ts";

/** What a daemon sends when it has looked at the client's certificate and address and takes them. */
const welcome = 1;

export interface TlsConnection {
  readonly socket: TLSSocket;
  /** Whether we have shown a certificate. */
  readonly hasCertificate: boolean;
}

/** Connects, checks the daemon's certificate and waits until the daemon has checked ours. */
export async function connectTls(target: TlsTarget, signal?: AbortSignal): Promise<TlsConnection> {
  const { host, port, noVerify } = target;
  const range = versionRange(target.priority);
  const paths = await findTlsFiles(target.pkiPath);
  const files = await readTlsFiles(paths);
  if (!target.noSanity) checkOwnCertificate(paths, files);
  const socket = await connectTcp(host, port, signal);
  try {
    const secure = connect({
      socket,
      ...files,
      ...range,
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: !noVerify,
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    });
    await connected(secure, signal, "secureConnect");
    await welcomed(secure, signal);
    return { socket: secure, hasCertificate: files.cert !== undefined };
  } catch (error) {
    socket.destroy();
    throw tlsError(host, error);
  }
}

/** Waits for the daemon's word. Its refusal is a closed connection. */
async function welcomed(socket: TLSSocket, signal?: AbortSignal): Promise<void> {
  const word = await new Promise<Buffer | null>((resolve, reject) => {
    const settle = () => {
      socket.off("readable", onReadable);
      socket.off("end", onEnd);
      socket.off("error", onError);
      signal?.removeEventListener("abort", onAbort);
    };
    const onReadable = () => {
      const byte = socket.read(1) as Buffer | null;
      if (byte === null) return;
      settle();
      resolve(byte);
    };
    const onEnd = () => {
      settle();
      resolve(null);
    };
    const onError = (error: Error) => {
      settle();
      reject(refused(error));
    };
    const onAbort = () => onError(signal?.reason as Error);
    socket.on("readable", onReadable);
    socket.once("end", onEnd);
    socket.once("error", onError);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  if (word?.[0] !== welcome) throw refused();
}

function refused(cause?: Error): LibvirtError {
  // It does not say why; with a reason it would help those who only try.
  const detail = "Unable to read TLS confirmation: Input/output error";
  return new LibvirtError("SYSTEM_ERROR", "RPC", detail, cause && { cause });
}

function tlsError(host: string, error: unknown): unknown {
  if (error instanceof LibvirtError) return error;
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return untrusted(`its owner does not match the hostname ${host}`, error);
  }
  if (certificateFaults.test(code)) {
    return untrusted(message, error);
  }
  return new LibvirtError("SYSTEM_ERROR", "RPC", `TLS handshake failed: ${systemReason(error)}`, { cause: error });
}

function untrusted(reason: string, cause: unknown): LibvirtError {
  return new LibvirtError("AUTH_FAILED", "RPC", `Failed to verify peer's certificate: ${reason}`, { cause });
}

/** OpenSSL's names for what is wrong with a chain of certificates. */
const certificateFaults = /CERT|CRL|UNABLE_TO_|SIGNATURE|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH/;
