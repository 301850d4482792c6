/** Which types of pools there are here. */
import { type PoolType, poolTypes } from "../../../model/storage/index.ts";
import { failure } from "../failure.ts";
import type { Backend } from "./backend.ts";
import { directory } from "./directory.ts";
import { mounted } from "./mounted.ts";

const backends: { readonly [Type in PoolType]?: Backend } = { dir: directory, fs: mounted, netfs: mounted };

export const supportedTypes = Object.keys(backends) as PoolType[];

/** What a type of pool does; one that is not supported is refused as by a libvirt that was built without it. */
export function backendFor(type: PoolType): Backend {
  const backend = backends[type];
  if (backend) return backend;
  const number = Object.keys(poolTypes).indexOf(type);
  throw failure("INTERNAL_ERROR", `missing backend for pool type ${number} (${type})`);
}
