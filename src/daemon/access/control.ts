/** Access control by permissions: what the description says a procedure needs is asked of who decides. */
import { errorDomains } from "../../driver/error-domains.ts";
import { LibvirtError } from "../../errors.ts";
import {
  type AclRule,
  type AnyEvent,
  type AnyProcedure,
  type EventMessage,
  type EventName,
  events,
  type Permission,
  type ProcedureName,
  procedures,
} from "../../protocol/index.ts";
import type { SettingValues } from "../settings/table.ts";
import type { AccessControl, AccessSubject } from "./access-control.ts";
import type { Decider } from "./decider.ts";
import { factsOf, listedObject, type ObjectFacts, type ObjectKind, objectOf, referenceIn } from "./objects.ts";

/** A permission that one call needs. */
export function permissionsFor({ acl }: AnyProcedure, args: unknown): readonly Permission[] {
  const needed = acl.filter((rule) => applies(rule, args as Readonly<Record<string, unknown>>));
  return [...new Set(needed.map((rule) => (typeof rule === "string" ? rule : rule.permission)))];
}

function applies(rule: AclRule, args: Readonly<Record<string, unknown>>): boolean {
  if (typeof rule === "string") return true;
  if ("ifArgument" in rule) return (Number(args[rule.ifArgument]) & rule.has) !== 0;
  const flags = Number(args.flags ?? 0);
  return "ifAnyFlag" in rule ? (flags & rule.ifAnyFlag) !== 0 : (flags & rule.ifNoFlag) === 0;
}

/** Deciders for the configuration: all of them have to agree. None: nobody is asked. */
export type DeciderSource = (settings: SettingValues) => Promise<readonly Decider[]>;

export class PermissionControl implements AccessControl {
  readonly #source: DeciderSource;
  #deciders: readonly Decider[];

  static async open(settings: SettingValues, source: DeciderSource): Promise<PermissionControl> {
    return new PermissionControl(source, await source(settings));
  }

  private constructor(source: DeciderSource, deciders: readonly Decider[]) {
    this.#source = source;
    this.#deciders = deciders;
  }

  get active(): boolean {
    return this.#deciders.length > 0;
  }

  async reload(settings: SettingValues): Promise<void> {
    this.#deciders = await this.#source(settings);
  }

  async authorize(procedure: AnyProcedure, args: unknown, subject: AccessSubject): Promise<void> {
    for (const permission of permissionsFor(procedure, args)) {
      const object = permission.startsWith("connect:") ? {} : await objectOf(permission, procedure, args, subject);
      if (await this.#may(permission, object, subject)) continue;
      throw new LibvirtError("ACCESS_DENIED", errorDomains[procedure.family], `'${permission}' denied access`);
    }
  }

  async filter(procedure: AnyProcedure, args: unknown, result: unknown, subject: AccessSubject): Promise<unknown> {
    const [permission] = procedure.aclFilter;
    if (permission === undefined) return result;
    const sees: Sees = (object) => this.#may(permission, object, subject);
    const kind = permission.split(":")[0] as ObjectKind;
    return withoutHidden({ kind, procedure, args, subject, sees }, result as Fields);
  }

  async mayHear<Name extends EventName>(
    name: Name,
    message: EventMessage<Name>,
    subject: AccessSubject,
  ): Promise<boolean> {
    for (const [kind, ref] of referencesIn(events[name], message)) {
      if (!(await this.#may(`${kind}:getattr`, factsOf(kind, ref), subject))) return false;
    }
    return true;
  }

  async #may(permission: Permission, object: ObjectFacts, subject: AccessSubject): Promise<boolean> {
    for (const decide of this.#deciders) if (!(await decide(permission, object, subject))) return false;
    return true;
  }
}

/** The kinds of object that events are about. */
const eventKinds = ["domain", "network", "storage_pool", "node_device", "secret"] as const;

function referencesIn({ message: type }: AnyEvent, message: unknown) {
  const inner = (message as { readonly msg?: unknown }).msg;
  const fields = (type.shape as { readonly fields?: Readonly<Record<string, unknown>> }).fields ?? {};
  return eventKinds.flatMap((kind) => {
    const ref = referenceIn(type, message, kind) ?? (inner ? referenceIn(fields.msg, inner, kind) : undefined);
    return ref === undefined ? [] : [[kind, ref] as const];
  });
}

type Fields = Readonly<Record<string, unknown>>;
type Sees = (object: ObjectFacts) => Promise<boolean>;

interface Listing {
  readonly kind: ObjectKind;
  readonly procedure: AnyProcedure;
  readonly args: unknown;
  readonly subject: AccessSubject;
  readonly sees: Sees;
}

/** The result of a list without what the client may not see, counted again. */
async function withoutHidden(listing: Listing, result: Fields): Promise<Fields> {
  const { procedure, args, subject } = listing;
  const lists = Object.entries(result).filter(([, value]) => Array.isArray(value)) as [string, readonly unknown[]][];
  const [field, items] = lists[0] ?? [];
  if (field !== undefined && items !== undefined) {
    const { needResults = 1 } = args as { readonly needResults?: number };
    if (needResults === 0) {
      // Whoever only counts has to be told of those that he would see.
      const all = await subject.call(procedure.name as ProcedureName, { ...(args as object), needResults: 1 } as never);
      const seen = await visible(listing, (all as unknown as Fields)[field] as readonly unknown[]);
      return { ...result, ret: seen.length };
    }
    const seen = await visible(listing, items);
    return { ...result, [field]: seen, ...("ret" in result && { ret: seen.length }) };
  }
  return "num" in result ? { ...result, num: await visibleCount(listing) } : result;
}

/** Counts by the old list that goes with an old count: `connectNumOfDomains`, `connectListDomains`. */
async function visibleCount(listing: Listing): Promise<number> {
  const name = listing.procedure.name.replace("NumOf", "List").replace(/^nodeList/, "nodeList") as ProcedureName;
  const list: AnyProcedure | undefined = procedures[name];
  if (list === undefined) return 0;
  const fields = (list.args.shape as { readonly fields?: Readonly<Record<string, unknown>> }).fields ?? {};
  const most = Object.keys(fields).find((field) => field.startsWith("max"));
  const args = { ...(listing.args as object), ...(most !== undefined && { [most]: maxListed }) };
  const result = (await listing.subject.call(name, args as never)) as unknown as Fields;
  const items = Object.values(result).find(Array.isArray) ?? [];
  return (await visible({ ...listing, procedure: list, args }, items)).length;
}

/** As many as an old list may have. */
const maxListed = 16_384;

async function visible(listing: Listing, items: readonly unknown[]): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (const item of items) {
    const object = await itemFacts(listing, item);
    if (object !== undefined && (await listing.sees(object))) seen.push(item);
  }
  return seen;
}

async function itemFacts({ kind, args, subject }: Listing, item: unknown): Promise<ObjectFacts | undefined> {
  if (typeof item === "string" || typeof item === "number") return listedObject(kind, item, args, subject);
  // Statistics of a domain come with it.
  const { dom } = item as { readonly dom?: Parameters<typeof factsOf>[1] };
  return factsOf(kind, dom ?? (item as Parameters<typeof factsOf>[1]));
}
