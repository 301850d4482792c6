/** What the made-up node finds when it looks for storage that pools could be made of. */
import { LibvirtError } from "../../../errors.ts";
import { poolSource } from "../../../model/storage/index.ts";
import { document, many } from "../../../xml/index.ts";

const sourcesDocument = document("sources", { sources: many(poolSource).named("source") });
const specification = document("source", poolSource, {}, { from: "STORAGE", title: "storage_source_specification" });

function invalid(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "TEST", detail);
}

const volumeGroups = [
  { devices: [{ path: "/dev/sda20" }], name: "testvg1", format: { type: "lvm2" } },
  { devices: [{ path: "/dev/sda21" }], name: "testvg2", format: { type: "lvm2" } },
];

function share(given: string | null) {
  const host = given === null ? undefined : specification.parse(given).hosts[0]?.name;
  if (host === undefined) throw invalid("hostname must be specified for netfs sources");
  return { hosts: [{ name: host }], dir: "/testshare", format: { type: "nfs" } };
}

/** The sources for pools of a type (virConnectFindStoragePoolSources). */
export function findSources(type: string, given: string | null): string {
  if (type === "logical") return sourcesDocument.format(sourcesDocument.make({ sources: volumeGroups }));
  if (type === "netfs") return sourcesDocument.format(sourcesDocument.make({ sources: [share(given)] }));
  throw new LibvirtError("NO_SUPPORT", "TEST", `pool type '${type}' does not support source discovery`);
}
