/** Where images are. */
import type { Disk } from "../disk.ts";
import { malformed, unsupported } from "../refuse.ts";
import type { Storage, StorageOf } from "../storage.ts";

export function validateStorage(storage: Storage, disk: Pick<Disk, "device">): void {
  validateStartupPolicy(storage, disk);
  if (storage.type === "network" && storage.source !== undefined) validateNetwork(storage.source);
  if (storage.type === "nvme" && storage.source?.namespace === 0n) unsupported("NVMe namespace can't be zero");
  const { source } = storage;
  if (source === undefined) return;
  if ("seclabels" in source) {
    for (const { relabel, label, model } of source.seclabels) {
      if (relabel === false && label !== undefined) {
        malformed(`Cannot specify a label if relabelling is turned off. model=${model}`);
      }
    }
  }
  if ("reservations" in source && source.reservations !== undefined && disk.device !== "lun") {
    unsupported("<reservations/> allowed only for lun devices");
  }
}

/** Only local images can be waited for or done without. */
function validateStartupPolicy(storage: Storage, { device }: Pick<Disk, "device">): void {
  const policy = storage.source?.startupPolicy;
  if (policy === undefined) return;
  if (storage.type === "network" || storage.type === "nvme" || storage.type === "vhostuser") {
    malformed(`disk startupPolicy '${policy}' is not allowed for disk of '${storage.type}' type`);
  }
  if (policy === "requisite" && device !== "cdrom" && device !== "floppy") {
    malformed(`disk startupPolicy '${policy}' is allowed only for cdrom or floppy`);
  }
}

type NetworkSource = NonNullable<StorageOf<"network">["source"]>;

function validateNetwork({ protocol, name, hosts, cookies }: NetworkSource): void {
  if (name === undefined && protocol !== "nbd") malformed("missing name for disk source");
  // Pool or volume, a slash, and the image.
  if ((protocol === "rbd" || protocol === "gluster") && !/^[^/]+\/./.test(name ?? "")) {
    malformed(`can't split path '${name}' into pool name and image name`);
  }
  for (const { transport, socket } of hosts) {
    if (socket !== undefined && transport !== "unix") {
      malformed(`transport '${transport ?? "tcp"}' does not support socket attribute`);
    }
  }
  if (cookies !== undefined) validateCookies(cookies.cookies);
}

/** Characters that RFC 6265 allows in cookies. */
const cookieName = /^[!#$%&'*+\-.0-9A-Z^_`a-z|~]+$/;
const cookieValue = /^"?[!#$%&'()*+\-./0-9:>=<?@A-Z^_`[\]a-z|~]*"?$/;

function validateCookies(cookies: readonly { name: string; value?: string | undefined }[]): void {
  const seen = new Set<string>();
  for (const { name, value = "" } of cookies) {
    if (!cookieName.test(name)) malformed(`cookie name '${name}' contains invalid characters`);
    if (!cookieValue.test(value)) malformed(`value of cookie '${name}' contains invalid characters`);
    if (seen.has(name)) malformed(`duplicate cookie '${name}'`);
    seen.add(name);
  }
}
