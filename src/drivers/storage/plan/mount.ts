/** The command that makes a pool's file system appear below its target. Pure. */
import type { Pool } from "../../../model/storage/index.ts";

/** What may not be done from a pool: it holds images, not devices or programs. */
const safe = ["nodev", "nosuid", "noexec"];

/** What a pool mounts: a device, or a folder of a server. */
export function mountSource({ type, source }: Pool): string {
  if (type === "fs") return source.devices[0]?.path ?? "";
  const host = source.hosts[0]?.name ?? "";
  const dir = source.dir ?? "";
  return source.format?.type === "cifs" ? `//${host}/${dir.replace(/^\/+/, "")}` : `${host}:${dir}`;
}

/** Arguments of mount(8) for a pool of type `fs` or `netfs`. */
export function mountArguments(pool: Pool): readonly string[] {
  const { source, target, mountOptions } = pool;
  const options = [...safe];
  const format = source.format?.type ?? "auto";
  if (pool.type === "netfs" && format === "glusterfs") options.push("direct-io-mode=1");
  if (pool.type === "netfs" && format === "cifs") options.push("guest");
  if (source.protocol?.ver !== undefined) options.push(`nfsvers=${source.protocol.ver}`);
  for (const { name } of mountOptions?.options ?? []) options.push(name);
  // `auto` lets mount find out; for a server's folder it knows without being told.
  const type = format === "auto" ? (pool.type === "fs" ? ["-t", "auto"] : []) : ["-t", format];
  return ["-o", options.join(","), ...type, mountSource(pool), target?.path ?? ""];
}
