/** Who decides about a permission: the rules file, polkit, or one after the other. */
import { LibvirtError } from "../../errors.ts";
import { readBounded } from "../../host/files.ts";
import { groupMembers, lookupGroup, lookupUser } from "../../host/users.ts";
import type { Permission } from "../../protocol/index.ts";
import { type Polkit, subjectOf } from "../auth/polkit.ts";
import type { AccessSubject } from "./access-control.ts";
import type { ObjectFacts } from "./objects.ts";
import { type Accounts, decidingRule, parseRules, type Rule } from "./rules.ts";

/** @returns whether the permission is given */
export type Decider = (
  permission: Permission,
  object: ObjectFacts,
  subject: AccessSubject,
) => boolean | Promise<boolean>;

/** The largest file of rules that is read, in bytes. */
const maxBytes = 1024 * 1024;

/** @throws LibvirtError OPEN_FAILED without the file, CONF_SYNTAX for one that cannot be read */
export async function rulesDecider(file: string): Promise<Decider> {
  const text = await readBounded(file, maxBytes, "ACCESS");
  if (text === null) throw new LibvirtError("OPEN_FAILED", "CONF", `'${file}': No such file or directory`);
  const rules = await parseRules(text, file, hostAccounts);
  return (permission, object, subject) => decidedBy(rules, permission, object, subject);
}

function decidedBy(
  rules: readonly Rule[],
  permission: Permission,
  object: ObjectFacts,
  { identity, readOnly, uri }: AccessSubject,
): boolean {
  const { unixUserId, unixGroupId, saslUserName, x509DistinguishedName } = identity;
  const facts = { uid: unixUserId, gid: unixGroupId, sasl: saslUserName, dn: x509DistinguishedName };
  return decidingRule(rules, permission, { ...facts, readonly: readOnly, uri }, object)?.allows ?? false;
}

const hostAccounts: Accounts = {
  user: async (name) => (await lookupUser(name, "ACCESS"))?.uid ?? null,
  async group(name) {
    const gid = await lookupGroup(name, "ACCESS");
    if (gid === null) return null;
    const members = await Promise.all((await groupMembers(name, "ACCESS")).map((user) => lookupUser(user, "ACCESS")));
    return { gid, members: new Set(members.flatMap((user) => user?.uid ?? [])) };
  },
};

/** Names under which polkit's rules find the object: libvirt's. */
const detailNames: Readonly<
  Record<string, { readonly name: string; readonly uuid?: string; readonly parent?: string }>
> = {
  domain: { name: "domain_name", uuid: "domain_uuid" },
  interface: { name: "interface_name" },
  network: { name: "network_name", uuid: "network_uuid" },
  network_port: { name: "network_port_name", uuid: "network_port_uuid", parent: "network_name" },
  node_device: { name: "node_device_name" },
  nwfilter: { name: "nwfilter_name", uuid: "nwfilter_uuid" },
  nwfilter_binding: { name: "nwfilter_binding_portdev" },
  secret: { name: "secret_name", uuid: "secret_uuid" },
  storage_pool: { name: "pool_name", uuid: "pool_uuid" },
  storage_vol: { name: "vol_name", parent: "pool_name" },
};

/** libvirt's names of drivers, as rules for polkit know them. */
const driverNames: Readonly<Record<string, string>> = { qemu: "QEMU", test: "Test" };

/** Clients that polkit cannot be asked about, because they came over the network, are refused. */
export function polkitDecider(polkit: Polkit): Decider {
  return async (permission, object, { identity, uri }) => {
    const subject = subjectOf(identity);
    if (subject === null) return false;
    const [kind = "", what = ""] = permission.split(":").map((word) => word.replaceAll("_", "-"));
    const driver = uri.split(/[+:]/)[0] ?? "";
    const details = { connect_driver: driverNames[driver] ?? driver, ...detailsOf(permission, object) };
    const action = `org.libvirt.api.${kind}.${what}`;
    return (await polkit.ask({ action, subject, details, interactive: false })) === "yes";
  };
}

function detailsOf(permission: Permission, object: ObjectFacts): Record<string, string> {
  const names = detailNames[permission.split(":")[0] ?? ""];
  const entries = (["name", "uuid", "parent"] as const).flatMap((field) => {
    const key = names?.[field];
    const value = object[field];
    return key === undefined || value === undefined || value === null ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}
