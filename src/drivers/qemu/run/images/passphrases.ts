/** Secrets that a guest's images need: who logs in to a server, what opens an encrypted image. */
import { parseUuid } from "../../../../driver/object-list.ts";
import type { Caller } from "../../../../driver/session.ts";
import { LibvirtError } from "../../../../errors.ts";
import { backingStoresOf, type Domain as Definition, type Storage } from "../../../../model/domain/index.ts";
import { type Secret as SecretRef, SecretUsageType } from "../../../../protocol/index.ts";
import type { SecretName } from "../../launch/devices/context.ts";

/** What a secret is for, where a definition names it by that. */
type Use = "volume" | "iscsi" | "ceph" | "tls";

interface Wanted {
  readonly name: SecretName;
  readonly use: Use;
}

/** Values of secrets, by {@link secretKey}; an error for one that could not be had. */
export type Passphrases = ReadonlyMap<string, Uint8Array | LibvirtError>;

export const secretKey = ({ uuid, usage }: SecretName): string =>
  uuid !== undefined ? `uuid ${uuid}` : `usage ${usage}`;

const usageTypes: { readonly [U in Use]: SecretUsageType } = {
  volume: SecretUsageType.VOLUME,
  iscsi: SecretUsageType.ISCSI,
  ceph: SecretUsageType.CEPH,
  tls: SecretUsageType.TLS,
};

/**
 * The values of all secrets that the guest's devices name. One that cannot be had is an error for whoever needs it, and
 * not before.
 * @param certificates UUIDs of secrets that open the keys of certificates
 */
export async function findPassphrases(
  call: Caller,
  definition: Definition,
  certificates: readonly string[],
): Promise<Passphrases> {
  const wanted = [...secretsOf(definition), ...certificates.map((uuid): Wanted => ({ name: { uuid }, use: "tls" }))];
  const found = new Map<string, Uint8Array | LibvirtError>();
  await Promise.all(
    wanted.map(async ({ name, use }) => {
      try {
        const secret = await lookUp(call, name, use);
        found.set(secretKey(name), (await call("secretGetValue", { secret, flags: 0 })).value);
      } catch (error) {
        if (!(error instanceof LibvirtError)) throw error;
        found.set(secretKey(name), error);
      }
    }),
  );
  return found;
}

async function lookUp(call: Caller, { uuid: id, usage = "" }: SecretName, use: Use): Promise<SecretRef> {
  const uuid = id === undefined ? null : parseUuid(id);
  if (uuid !== null) return (await call("secretLookupByUuid", { uuid })).secret;
  return (await call("secretLookupByUsage", { usageType: usageTypes[use], usageID: usage })).secret;
}

function* secretsOf({ devices }: Definition): Generator<Wanted> {
  for (const disk of devices.disks) {
    const { storage, auth, encryption } = disk;
    yield* named(auth, encryption);
    yield* ofStorage(storage);
    for (const below of backingStoresOf(disk)) {
      if (below.storage) yield* ofStorage(below.storage);
    }
  }
  for (const hostdev of devices.hostdevs) {
    if (hostdev.mode !== "subsystem" || hostdev.device.type !== "scsi") continue;
    const { source } = hostdev.device;
    if ("auth" in source) yield* named(source.auth, undefined);
  }
}

type Login = { readonly type?: string | undefined; readonly secret?: SecretName | undefined };
type Key = { readonly secrets: readonly SecretName[] };

function* ofStorage({ source }: Storage): Generator<Wanted> {
  if (source === undefined) return;
  yield* named("auth" in source ? source.auth : undefined, "encryption" in source ? source.encryption : undefined);
}

function* named(auth: Login | undefined, encryption: Key | undefined): Generator<Wanted> {
  if (auth?.secret !== undefined) yield { name: auth.secret, use: loginUse(auth) };
  for (const name of encryption?.secrets ?? []) yield { name, use: "volume" };
}

/** A login names its secret's use itself; older ones are known by how they log in. */
function loginUse({ type, secret }: Login): Use {
  const use = (secret as { readonly type?: string } | undefined)?.type;
  if (use === "iscsi" || use === "ceph") return use;
  return type === "chap" ? "iscsi" : "ceph";
}

/** For parts that are only named, not made: a secret that could not be had is as good as any. */
export function forgiving(found: Passphrases): Passphrases {
  return new Map([...found].map(([key, value]) => [key, value instanceof Uint8Array ? value : new Uint8Array()]));
}
