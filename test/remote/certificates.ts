/** Certificates for tests: an authority, a server and clients, made by GnuTLS's certtool. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export const certtool = "/usr/bin/certtool";

/** A certificate and its key, by their paths. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** An authority that signs, in a folder of its own. */
export class Authority {
  readonly folder: string;
  readonly #pair: Pair;

  private constructor(folder: string, pair: Pair) {
    this.folder = folder;
    this.#pair = pair;
  }

  get cert(): string {
    return this.#pair.cert;
  }

  static async create(folder: string, name = "tsvirt test authority"): Promise<Authority> {
    await mkdir(folder, { recursive: true });
    const pair = await keyIn(folder, "ca");
    const template = await templateIn(folder, "ca", [`cn = "${name}"`, "ca", "cert_signing_key", "crl_signing_key"]);
    const self = ["--generate-self-signed", "--load-privkey", pair.key];
    await run(certtool, [...self, "--template", template, "--outfile", pair.cert]);
    return new Authority(folder, pair);
  }

  /** A certificate for a purpose. */
  async issue(name: string, lines: readonly string[]): Promise<Pair> {
    const pair = await keyIn(this.folder, name);
    const template = await templateIn(this.folder, name, [...lines, "signing_key", "encryption_key"]);
    const by = ["--load-ca-certificate", this.#pair.cert, "--load-ca-privkey", this.#pair.key];
    const signed = ["--generate-certificate", "--load-privkey", pair.key, ...by];
    await run(certtool, [...signed, "--template", template, "--outfile", pair.cert]);
    return pair;
  }
}

async function keyIn(folder: string, name: string): Promise<Pair> {
  const key = join(folder, `${name}key.pem`);
  await run(certtool, ["--generate-privkey", "--key-type", "rsa", "--bits", "2048", "--outfile", key]);
  return { cert: join(folder, `${name}cert.pem`), key };
}

async function templateIn(folder: string, name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, `${name}.info`);
  await writeFile(path, `${[...lines, "expiration_days = 2"].join("\n")}\n`);
  return path;
}

/** A folder with what a client needs, by libvirt's names. */
export async function pkiFolder(folder: string, ca: string, { cert, key }: Pair): Promise<string> {
  await mkdir(folder, { recursive: true });
  await copyFile(ca, join(folder, "cacert.pem"));
  await copyFile(cert, join(folder, "clientcert.pem"));
  await copyFile(key, join(folder, "clientkey.pem"));
  return folder;
}
