/** Limits on the host's memory that a guest takes (virDomainSetMemoryParameters). In KiB. */
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import type { Domain as Definition } from "../../model/domain/index.ts";
import { DOMAIN_MEMORY_PARAM_UNLIMITED, DomainMemory, type TypedParameter, typesOf } from "../../protocol/index.ts";
import { ullongParam } from "../typed-parameters.ts";

/** What a limit says that is none. */
const unlimited = DOMAIN_MEMORY_PARAM_UNLIMITED;
type Limit = "hard_limit" | "soft_limit" | "swap_hard_limit";
const limits = [
  [DomainMemory.HARD_LIMIT, "hard_limit"],
  [DomainMemory.SOFT_LIMIT, "soft_limit"],
  [DomainMemory.SWAP_HARD_LIMIT, "swap_hard_limit"],
] as const satisfies readonly (readonly [string, Limit])[];
export const memoryLimitTypes = typesOf(limits.map(([field]) => field));

/** The definition with what was given of the limits. */
export function withMemoryLimits(
  definition: Definition,
  given: ReadonlyMap<string, unknown>,
  domain: ErrorDomainName,
): Definition {
  const memtune = { ...definition.memtune };
  for (const [field, key] of limits) {
    const value = given.get(field);
    if (typeof value !== "bigint") continue;
    if (value >= unlimited) delete memtune[key];
    else memtune[key] = value;
  }
  const { hard_limit = unlimited, swap_hard_limit = unlimited } = memtune;
  if (swap_hard_limit < hard_limit)
    throw new LibvirtError(
      "INVALID_ARG",
      domain,
      "memory hard_limit tunable value must be lower than or equal to swap_hard_limit",
    );
  return { ...definition, memtune };
}

/** The limits as parameters. */
export function memoryLimitParams({ memtune }: Definition): TypedParameter[] {
  return limits.map(([field, key]) => ullongParam(field, memtune?.[key] ?? unlimited));
}
