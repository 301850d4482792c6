/**
 * Secrets as every driver has them: what they are for, who may see their values. Where they are kept is the driver's
 * own: see {@link SecretKeeper}.
 */
import { randomBytes } from "node:crypto";
import { type ErrorName, LibvirtError } from "../errors.ts";
import { formatSecret, parseSecret, type Secret, usageId } from "../model/secret.ts";
import {
  ConnectListAllSecretsFlags,
  SecretDefineFlags,
  SecretEventLifecycleType,
  type Secret as SecretRef,
  SecretUsageType,
} from "../protocol/index.ts";
import { type EventHub, secretEventHandlers } from "./events.ts";
import { checkFlags } from "./flags.ts";
import type { Handlers } from "./handler.ts";
import { type ListQuestion, questionFlags, selectByFlags, yesOrNo } from "./list-filter.ts";
import { formatUuid, parseUuid } from "./object-list.ts";
import { listed, secretListTwins } from "./twins.ts";

/** A secret and its value. */
export interface KeptSecret {
  readonly uuid: Uint8Array;
  readonly definition: Secret;
  readonly value: Uint8Array | null;
}

/** Where secrets are kept. */
export interface SecretKeeper {
  readonly hub: EventHub;
  /** All secrets, by UUID as text. */
  readonly secrets: ReadonlyMap<string, KeptSecret>;
  /** Keeps a secret, in the place of the one with the same UUID. */
  keep(secret: KeptSecret): Promise<void>;
  forget(secret: KeptSecret): Promise<void>;
  /** Runs a change of the secrets while there is no other one. */
  change<T>(name: string, work: () => Promise<T>): Promise<T>;
}

type SecretProcedures =
  | "connectListAllSecrets"
  | "secretLookupByUuid"
  | "secretLookupByUsage"
  | "secretDefineXml"
  | "secretUndefine"
  | "secretGetXmlDesc"
  | "secretSetValue"
  | "secretGetValue";

const { EPHEMERAL, NO_EPHEMERAL, PRIVATE, NO_PRIVATE } = ConnectListAllSecretsFlags;
const questions: readonly ListQuestion<KeptSecret>[] = [
  yesOrNo(EPHEMERAL, NO_EPHEMERAL, ({ definition }) => definition.ephemeral),
  yesOrNo(PRIVATE, NO_PRIVATE, ({ definition }) => definition.private),
];

const usageTypes = {
  none: SecretUsageType.NONE,
  volume: SecretUsageType.VOLUME,
  ceph: SecretUsageType.CEPH,
  iscsi: SecretUsageType.ISCSI,
  tls: SecretUsageType.TLS,
  vtpm: SecretUsageType.VTPM,
} as const;

function secretRef({ uuid, definition }: KeptSecret): SecretRef {
  const { usage = { type: "none" } } = definition;
  return { uuid, usageType: usageTypes[usage.type], usageID: usageId(usage) };
}

function failure(code: ErrorName, detail: string): LibvirtError {
  return new LibvirtError(code, "SECRET", detail);
}

function find({ secrets }: SecretKeeper, { uuid }: Pick<SecretRef, "uuid">): KeptSecret {
  const secret = secrets.get(formatUuid(uuid));
  if (secret) return secret;
  throw failure("NO_SECRET", `no secret with matching uuid '${formatUuid(uuid)}'`);
}

function byUsage({ secrets }: SecretKeeper, type: number, id: string): KeptSecret | undefined {
  if (type === SecretUsageType.NONE) return undefined;
  return [...secrets.values()].find((secret) => {
    const { usageType, usageID } = secretRef(secret);
    return usageType === type && usageID === id;
  });
}

function emit({ hub }: SecretKeeper, secret: KeptSecret, event: SecretEventLifecycleType): void {
  hub.emit("secretEventLifecycle", { secret: secretRef(secret), event, detail: 0 });
}

async function define(keeper: SecretKeeper, xml: string, flags: number): Promise<KeptSecret> {
  const given = parseSecret(xml, { strict: (flags & SecretDefineFlags.VALIDATE) !== 0 });
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  const known = keeper.secrets.get(formatUuid(uuid));
  const value = known?.value ?? null;
  const secret: KeptSecret = { uuid, definition: { ...given, uuid: formatUuid(uuid) }, value };
  refuseOtherUse(keeper, secret, known);
  if (known?.definition.private === true && !given.private) {
    throw failure("INTERNAL_ERROR", "cannot change private flag on existing secret");
  }
  await keeper.keep(secret);
  emit(keeper, secret, SecretEventLifecycleType.DEFINED);
  return secret;
}

/** What a secret is for never changes, and no two secrets are for the same. */
function refuseOtherUse(keeper: SecretKeeper, secret: KeptSecret, known: KeptSecret | undefined): void {
  const { usageType, usageID } = secretRef(secret);
  const used = (by: KeptSecret, is: string) =>
    failure(
      "INTERNAL_ERROR",
      `a secret with UUID ${formatUuid(by.uuid)}${is} already defined for use with ${secretRef(by).usageID}`,
    );
  if (known) {
    const now = secretRef(known);
    if (now.usageType !== usageType || now.usageID !== usageID) throw used(known, " is");
    return;
  }
  const other = byUsage(keeper, usageType, usageID);
  if (other) throw used(other, "");
}

/** The handlers of secrets. */
export function secretHandlers(keeper: SecretKeeper) {
  const handlers: Handlers<SecretProcedures> = {
    connectListAllSecrets({ needResults, flags }) {
      checkFlags(flags, questionFlags(questions), "connectListAllSecrets", "SECRET");
      const found = selectByFlags(keeper.secrets.values(), flags, questions).map(secretRef);
      const { items, ret } = listed(found, needResults);
      return { secrets: items, ret };
    },
    secretLookupByUuid: ({ uuid }) => ({ secret: secretRef(find(keeper, { uuid })) }),
    secretLookupByUsage({ usageType, usageID }) {
      const secret = byUsage(keeper, usageType, usageID);
      if (!secret) throw failure("NO_SECRET", `no secret with matching usage '${usageID}'`);
      return { secret: secretRef(secret) };
    },
    async secretDefineXml({ xml, flags }) {
      checkFlags(flags, SecretDefineFlags.VALIDATE, "secretDefineXml", "SECRET");
      return { secret: secretRef(await keeper.change("secretDefineXml", () => define(keeper, xml, flags))) };
    },
    secretUndefine: ({ secret }) =>
      keeper.change("secretUndefine", async () => {
        const found = find(keeper, secret);
        await keeper.forget(found);
        emit(keeper, found, SecretEventLifecycleType.UNDEFINED);
      }),
    secretGetXmlDesc({ secret, flags }) {
      checkFlags(flags, 0, "secretGetXmlDesc", "SECRET");
      return { xml: formatSecret(find(keeper, secret).definition) };
    },
    secretSetValue({ secret, value, flags }) {
      checkFlags(flags, 0, "secretSetValue", "SECRET");
      // The caller may use its buffer for something else as soon as the call is made.
      const own = Uint8Array.from(value);
      return keeper.change("secretSetValue", async () => {
        const found = find(keeper, secret);
        await keeper.keep({ ...found, value: own });
        keeper.hub.emit("secretEventValueChanged", { secret: secretRef(found) });
      });
    },
    secretGetValue({ secret, flags }, { session }) {
      checkFlags(flags, 0, "secretGetValue", "SECRET");
      const { definition, value, uuid } = find(keeper, secret);
      if (definition.private && !session.internal) throw failure("INVALID_SECRET", "secret is private");
      if (!value) throw failure("NO_SECRET", `secret '${formatUuid(uuid)}' does not have a value`);
      return { value: Uint8Array.from(value) };
    },
  };
  return { ...secretListTwins(handlers.connectListAllSecrets), ...secretEventHandlers(keeper.hub), ...handlers };
}
