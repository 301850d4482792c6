/** What libvirt fills in, drops and refuses when it reads a storage pool. Pure. */
import { type ErrorName, LibvirtError } from "../../errors.ts";
import type { Mode, ReadOptions } from "../../xml/index.ts";
import { checkSecretReference } from "../common/auth.ts";
import { cleanPath } from "./path.ts";
import { type Pool, type PoolDocument, type PoolSource, poolDocument, poolSource } from "./pool.ts";
import { poolTypes } from "./pool-types.ts";

function refuse(detail: string, code: ErrorName = "XML_ERROR"): never {
  throw new LibvirtError(code, "STORAGE", detail);
}

/**
 * Reads a storage pool as libvirt does: description, completion, checks. It does not get a UUID: that is the driver's
 * to choose.
 * @throws LibvirtError
 */
export function parsePool(xml: string, options: ReadOptions = {}): Pool {
  const pool = completePool(poolDocument.parse(xml, options));
  checkPool(pool);
  return pool;
}

/** Prints a storage pool (virStoragePoolGetXMLDesc). */
export function formatPool(pool: Pool, mode: Mode = {}): string {
  return poolDocument.format(pool, mode);
}

function completePool(given: PoolDocument): Pool {
  const facts = poolTypes[given.type];
  const source = completeSource(given);
  const name = given.name ?? (facts.parts.includes("name") ? source.name : undefined);
  if (name === undefined) refuse("missing pool source name element");
  const sourceName = facts.nameFromPool === true ? (source.name ?? name) : source.name;
  if (sourceName !== undefined) source.name = sourceName;
  // How full a pool is can only be measured.
  const pool: Pool = { ...given, name, source, capacity: 0n, allocation: 0n, available: 0n };
  const target = completeTarget(given, source.name ?? name);
  if (target === undefined) delete pool.target;
  else pool.target = target;
  return pool;
}

function completeSource(given: PoolDocument): PoolSource {
  const { parts, formats } = poolTypes[given.type];
  const source: PoolSource = { ...(given.source ?? poolSource.make({})) };
  if (!parts.includes("hosts")) source.hosts = [];
  source.devices = parts.includes("devices") ? source.devices.map((device) => ({ ...device, freeExtents: [] })) : [];
  for (const part of ["dir", "adapter", "name", "initiator"] as const) if (!parts.includes(part)) delete source[part];
  if (source.dir !== undefined) source.dir = cleanPath(source.dir);
  else if (given.type === "gluster") source.dir = "/";
  const [format] = formats;
  if (format === undefined) delete source.format;
  else source.format = { type: source.format?.type ?? format };
  return source;
}

function completeTarget({ type, target }: PoolDocument, name: string): Pool["target"] {
  const { target: has, targetParent } = poolTypes[type];
  if (!has) return undefined;
  if (targetParent !== undefined) return { ...target, path: `${targetParent}/${name}` };
  return target?.path === undefined ? target : { ...target, path: cleanPath(target.path) };
}

/** @throws LibvirtError XML_ERROR, CONFIG_UNSUPPORTED, NO_SUPPORT */
export function checkPool(pool: Pool): void {
  const { type, source, name } = pool;
  const facts = poolTypes[type];
  if (name.includes("/")) refuse(`name ${name} cannot contain '/'`);
  checkSource(pool);
  if (facts.target && pool.target?.path === undefined) refuse("missing storage pool target path");
  if (pool.features?.cow?.state !== undefined && type !== "fs" && type !== "dir") {
    refuse("the cow feature is only possible for pools of type 'fs' and 'dir'", "NO_SUPPORT");
  }
  if (source.protocol?.ver !== undefined && !(type === "netfs" && isNfs(source.format?.type))) {
    refuse("a protocol version is only possible for pools of type 'netfs' with NFS", "CONFIG_UNSUPPORTED");
  }
}

function isNfs(format: string | undefined): boolean {
  return format === "nfs" || format === "auto";
}

function checkSource({ type, source }: Pool): void {
  const { needs, formats } = poolTypes[type];
  if (source.auth !== undefined) {
    if (source.auth.type === undefined) refuse("missing authentication type", "CONFIG_UNSUPPORTED");
    checkSecretReference(source.auth.secret);
  }
  if (source.format?.type !== undefined && !formats.includes(source.format.type)) {
    refuse(`unknown pool format '${source.format.type}' (known: ${formats.join(", ")})`, "CONFIG_UNSUPPORTED");
  }
  if (needs.includes("hosts") && source.hosts.length === 0) refuse("missing storage pool source host name");
  if (needs.includes("devices") && source.devices.length === 0) refuse("missing storage pool source device name");
  if (needs.includes("dir") && source.dir === undefined) refuse("missing storage pool source path");
  if (needs.includes("name") && source.name === undefined) refuse("missing storage pool source name");
  if (needs.includes("initiator") && source.initiator?.iqn === undefined) {
    refuse("missing initiator IQN", "CONFIG_UNSUPPORTED");
  }
  if (needs.includes("adapter")) checkAdapter(source.adapter);
}

function checkAdapter(adapter: PoolSource["adapter"]): void {
  if (adapter === undefined) refuse("missing storage pool source adapter");
  if (adapter.type === "scsi_host") {
    if (adapter.name === undefined && adapter.parentaddr === undefined) {
      refuse("a scsi_host adapter needs a name or a <parentaddr>");
    }
    if (adapter.name !== undefined && adapter.parentaddr !== undefined) {
      refuse("a scsi_host adapter takes a name or a <parentaddr>, not both");
    }
  } else if ((adapter.parent_wwnn === undefined) !== (adapter.parent_wwpn === undefined)) {
    refuse("an fc_host adapter needs parent_wwnn and parent_wwpn together");
  }
}
