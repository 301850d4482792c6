/** Looking for storage that pools could be made of (virConnectFindStoragePoolSources). */
import { LibvirtError } from "../../errors.ts";
import { runTool } from "../../host/tool.ts";
import { poolSource, poolTypes } from "../../model/storage/index.ts";
import { document, many } from "../../xml/index.ts";
import { failure } from "./failure.ts";

const sourcesDocument = document("sources", { sources: many(poolSource).named("source") });
const specification = document("source", poolSource, {}, { from: "STORAGE", title: "storage_source_specification" });

/** The sources for pools of a type, as a document. */
export async function findSources(type: string, given: string | null, signal: AbortSignal): Promise<string> {
  if (!Object.hasOwn(poolTypes, type)) throw failure("INTERNAL_ERROR", `unknown storage pool type ${type}`);
  if (type !== "netfs") throw failure("NO_SUPPORT", `pool type '${type}' does not support source discovery`);
  const host = given === null ? undefined : specification.parse(given).hosts[0]?.name;
  if (given === null) throw failure("INVALID_ARG", "hostname must be specified for netfs sources");
  if (host === undefined || host.startsWith("-")) {
    throw new LibvirtError("XML_ERROR", "STORAGE", "storage pool source host name is missing or cannot be one");
  }
  const exported = await exportsOf(host, signal);
  if (exported.length === 0) throw failure("OPERATION_FAILED", `no storage pools were found on host '${host}'`);
  const sources = exported.map((dir) => ({ hosts: [{ name: host }], dir, format: { type: "nfs" } }));
  return sourcesDocument.format(sourcesDocument.make({ sources }));
}

/** The folders that an NFS server offers. */
async function exportsOf(host: string, signal: AbortSignal): Promise<string[]> {
  try {
    const text = await runTool("showmount", ["--no-headers", "--exports", host], { domain: "STORAGE", signal });
    const folders = text.split("\n").map((line) => line.trim().split(/\s+/)[0] ?? "");
    return folders.filter((folder) => folder.startsWith("/"));
  } catch (error) {
    // A host that offers nothing is no failure of the program that asks it.
    if (error instanceof LibvirtError && error.is("INTERNAL_ERROR", "SYSTEM_ERROR")) return [];
    throw error;
  }
}
