/** A client's certificates, in libvirt's places. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { systemError } from "../../../errors.ts";
import { exists } from "../../../host/files.ts";

/** Where the files are. */
export interface TlsPaths {
  readonly ca: string;
  readonly crl: string;
  readonly cert: string;
  readonly key: string;
}

/** What TLS needs, in PEM. */
export interface TlsFiles {
  readonly ca: Buffer;
  readonly crl?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

const systemPaths: TlsPaths = {
  ca: "/etc/pki/CA/cacert.pem",
  crl: "/etc/pki/CA/cacrl.pem",
  cert: "/etc/pki/libvirt/clientcert.pem",
  key: "/etc/pki/libvirt/private/clientkey.pem",
};

function pathsIn(folder: string): TlsPaths {
  const [ca, crl, cert, key] = ["cacert", "cacrl", "clientcert", "clientkey"].map((name) =>
    join(folder, `${name}.pem`),
  );
  return { ca, crl, cert, key } as TlsPaths;
}

/**
 * The files that are meant: those in `folder`, or, where they are there, those of the user's `~/.pki/libvirt`, else the
 * system's.
 */
export async function findTlsFiles(
  folder: string | null,
  env: NodeJS.ProcessEnv = process.env,
  isRoot = process.geteuid?.() === 0,
): Promise<TlsPaths> {
  if (folder !== null) return pathsIn(folder);
  if (isRoot) return systemPaths;
  const own = pathsIn(join(env.HOME || homedir(), ".pki", "libvirt"));
  const [ca, crl, cert, key] = await Promise.all([own.ca, own.crl, own.cert, own.key].map(exists));
  // Certificate and key are of no use without each other.
  const pair = cert && key ? own : systemPaths;
  return {
    ca: ca ? own.ca : systemPaths.ca,
    crl: crl ? own.crl : systemPaths.crl,
    cert: pair.cert,
    key: pair.key,
  };
}

/**
 * Reads the files. A client may have no certificate: whether the daemon lets it in is the daemon's affair.
 * @throws {LibvirtError} SYSTEM_ERROR for one that is needed and cannot be read
 */
export async function readTlsFiles(paths: TlsPaths): Promise<TlsFiles> {
  const [ca, crl, cert, key] = await Promise.all([
    readPem("CA certificate", paths.ca, false),
    readPem("certificate revocation list", paths.crl, true),
    readPem("certificate", paths.cert, true),
    readPem("private key", paths.key, true),
  ]);
  return { ca: ca ?? Buffer.of(), ...(crl && { crl }), ...(cert && key && { cert, key }) };
}

async function readPem(what: string, path: string, isOptional: boolean): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isOptional && (error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw systemError("RPC", `Cannot read ${what} '${path}'`, error);
  }
}
