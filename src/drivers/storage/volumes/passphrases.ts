/** Passphrases of encrypted volumes: found as secrets, handed to qemu-img in files that last as long as it runs. */
import { randomUUID } from "node:crypto";
import { unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseUuid } from "../../../driver/object-list.ts";
import type { Caller } from "../../../driver/session.ts";
import { systemError } from "../../../errors.ts";
import { makeFolder } from "../../../host/files.ts";
import type { Encryption } from "../../../model/common/encryption.ts";
import { type Secret as SecretRef, SecretUsageType } from "../../../protocol/index.ts";
import { failure } from "../failure.ts";

/** The passphrase that an encryption names. */
async function passphraseOf({ secrets }: Encryption, call: Caller): Promise<Uint8Array> {
  const [named, ...others] = secrets;
  if (named === undefined || others.length > 0) {
    throw failure(
      "INVALID_ARG",
      "A single <secret type='passphrase'...> element is expected in encryption description",
    );
  }
  const secret = await lookUp(named, call);
  return (await call("secretGetValue", { secret, flags: 0 })).value;
}

async function lookUp(named: Encryption["secrets"][number], call: Caller): Promise<SecretRef> {
  const uuid = named.uuid === undefined ? null : parseUuid(named.uuid);
  if (uuid !== null) return (await call("secretLookupByUuid", { uuid })).secret;
  const usage = { usageType: SecretUsageType.VOLUME, usageID: named.usage ?? "" };
  return (await call("secretLookupByUsage", usage)).secret;
}

/**
 * Runs work with a file that holds the passphrase of an encryption; with none where there is no encryption.
 * @param folder where the file is, for its owner alone
 */
export async function withPassphrase<T>(
  folder: string,
  encryption: Encryption | undefined,
  call: Caller,
  work: (file: string | undefined) => Promise<T>,
): Promise<T> {
  if (encryption === undefined) return work(undefined);
  const passphrase = await passphraseOf(encryption, call);
  await makeFolder(folder, 0o700, "STORAGE");
  const path = join(folder, randomUUID());
  try {
    await writeFile(path, passphrase, { mode: 0o600, flag: "wx" }).catch((error) => {
      throw systemError("STORAGE", `failed to write secret file '${path}'`, error);
    });
    return await work(path);
  } finally {
    await unlink(path).catch(() => {});
  }
}
