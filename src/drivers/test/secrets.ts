/** Secrets, kept in memory. libvirt's own test driver has none; here programs can be tried that use them. */
import { randomBytes } from "node:crypto";
import { secretEventHandlers } from "../../driver/events.ts";
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { type ListQuestion, questionFlags, selectByFlags, yesOrNo } from "../../driver/list-filter.ts";
import { formatUuid, parseUuid } from "../../driver/object-list.ts";
import { listed, secretListTwins } from "../../driver/twins.ts";
import { type ErrorName, LibvirtError } from "../../errors.ts";
import { formatSecret, parseSecret, type Secret, usageId } from "../../model/secret.ts";
import {
  ConnectListAllSecretsFlags,
  SecretDefineFlags,
  SecretEventLifecycleType,
  type Secret as SecretRef,
  SecretUsageType,
} from "../../protocol/index.ts";
import type { TestNode } from "./state.ts";

export interface TestSecret {
  readonly uuid: Uint8Array;
  definition: Secret;
  value: Uint8Array | null;
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
const questions: readonly ListQuestion<TestSecret>[] = [
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

function secretRef({ uuid, definition }: TestSecret): SecretRef {
  const { usage = { type: "none" } } = definition;
  return { uuid, usageType: usageTypes[usage.type], usageID: usageId(usage) };
}

function failure(code: ErrorName, detail: string): LibvirtError {
  return new LibvirtError(code, "SECRET", detail);
}

function find(node: TestNode, { uuid }: Pick<SecretRef, "uuid">): TestSecret {
  const secret = node.secrets.get(formatUuid(uuid));
  if (secret) return secret;
  throw failure("NO_SECRET", `no secret with matching uuid '${formatUuid(uuid)}'`);
}

function byUsage(node: TestNode, type: number, id: string): TestSecret | undefined {
  if (type === SecretUsageType.NONE) return undefined;
  return [...node.secrets.values()].find((secret) => {
    const { usageType, usageID } = secretRef(secret);
    return usageType === type && usageID === id;
  });
}

function emit(node: TestNode, secret: TestSecret, event: SecretEventLifecycleType): void {
  node.events.emit("secretEventLifecycle", { secret: secretRef(secret), event, detail: 0 });
}

function define(node: TestNode, xml: string, flags: number): TestSecret {
  const given = parseSecret(xml, { strict: (flags & SecretDefineFlags.VALIDATE) !== 0 });
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  const secret: TestSecret = { uuid, definition: { ...given, uuid: formatUuid(uuid) }, value: null };
  const known = node.secrets.get(formatUuid(uuid));
  refuseOtherUse(node, secret, known);
  if (!known) {
    node.secrets.set(formatUuid(uuid), secret);
    emit(node, secret, SecretEventLifecycleType.DEFINED);
    return secret;
  }
  if (known.definition.private && !given.private) {
    throw failure("OPERATION_DENIED", "cannot change private flag on existing secret");
  }
  known.definition = secret.definition;
  emit(node, known, SecretEventLifecycleType.DEFINED);
  return known;
}

/** What a secret is for never changes, and no two secrets are for the same. */
function refuseOtherUse(node: TestNode, secret: TestSecret, known: TestSecret | undefined): void {
  const { usageType, usageID } = secretRef(secret);
  const used = (by: TestSecret) =>
    failure(
      "INTERNAL_ERROR",
      `a secret with UUID ${formatUuid(by.uuid)} is already defined for use with ${secretRef(by).usageID}`,
    );
  if (known) {
    const now = secretRef(known);
    if (now.usageType !== usageType || now.usageID !== usageID) throw used(known);
    return;
  }
  const other = byUsage(node, usageType, usageID);
  if (other) throw used(other);
}

export function secretHandlers(node: TestNode) {
  const handlers: Handlers<SecretProcedures> = {
    connectListAllSecrets({ needResults, flags }) {
      checkFlags(flags, questionFlags(questions), "connectListAllSecrets", "SECRET");
      const found = selectByFlags(node.secrets.values(), flags, questions).map(secretRef);
      const { items, ret } = listed(found, needResults);
      return { secrets: items, ret };
    },
    secretLookupByUuid: ({ uuid }) => ({ secret: secretRef(find(node, { uuid })) }),
    secretLookupByUsage({ usageType, usageID }) {
      const secret = byUsage(node, usageType, usageID);
      if (!secret) throw failure("NO_SECRET", `no secret with matching usage '${usageID}'`);
      return { secret: secretRef(secret) };
    },
    secretDefineXml({ xml, flags }) {
      checkFlags(flags, SecretDefineFlags.VALIDATE, "secretDefineXml", "SECRET");
      return { secret: secretRef(define(node, xml, flags)) };
    },
    secretUndefine({ secret }) {
      const found = find(node, secret);
      node.secrets.delete(formatUuid(found.uuid));
      emit(node, found, SecretEventLifecycleType.UNDEFINED);
    },
    secretGetXmlDesc({ secret, flags }) {
      checkFlags(flags, 0, "secretGetXmlDesc", "SECRET");
      return { xml: formatSecret(find(node, secret).definition) };
    },
    secretSetValue({ secret, value, flags }) {
      checkFlags(flags, 0, "secretSetValue", "SECRET");
      const found = find(node, secret);
      found.value = Uint8Array.from(value);
      node.events.emit("secretEventValueChanged", { secret: secretRef(found) });
    },
    secretGetValue({ secret, flags }) {
      checkFlags(flags, 0, "secretGetValue", "SECRET");
      const { definition, value, uuid } = find(node, secret);
      if (definition.private) throw failure("INVALID_SECRET", "secret is private");
      if (!value) throw failure("NO_SECRET", `secret '${formatUuid(uuid)}' does not have a value`);
      return { value: Uint8Array.from(value) };
    },
  };
  return { ...secretListTwins(handlers.connectListAllSecrets), ...secretEventHandlers(node.events), ...handlers };
}
