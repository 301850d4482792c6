/** On which of the host's memory nodes a guest's memory lies (virDomainSetNumaParameters). */
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import type { Domain as Definition } from "../../model/domain/index.ts";
import { DomainNuma, DomainNumatuneMemMode, type TypedParameter, typesOf } from "../../protocol/index.ts";
import { formatCpuset, parseCpuset } from "../../xml/index.ts";
import { intParam, stringParam } from "../typed-parameters.ts";

const numaModes = ["strict", "preferred", "interleave", "restrictive"] as const;
export const numaTypes = typesOf(Object.values(DomainNuma));

/** The placement as parameters. */
export function numaParams({ numatune }: Definition): TypedParameter[] {
  const { mode = "strict", nodeset = [] } = numatune?.memory ?? {};
  const { STRICT } = DomainNumatuneMemMode;
  return [
    intParam(DomainNuma.MODE, Math.max(numaModes.indexOf(mode), STRICT)),
    stringParam(DomainNuma.NODESET, formatCpuset(nodeset)),
  ];
}

/** The definition with what was given of the placement. */
export function withNuma(
  definition: Definition,
  given: ReadonlyMap<string, unknown>,
  domain: ErrorDomainName,
): Definition {
  const memory = { mode: "strict" as (typeof numaModes)[number], ...definition.numatune?.memory };
  const mode = given.get(DomainNuma.MODE);
  const nodeset = given.get(DomainNuma.NODESET);
  if (typeof mode === "number") {
    const name = numaModes[mode];
    if (!name) throw new LibvirtError("INVALID_ARG", domain, `unsupported numatune mode: '${mode}'`);
    memory.mode = name;
  }
  if (typeof nodeset === "string") memory.nodeset = parseNodeset(nodeset, domain);
  return { ...definition, numatune: { memnodes: [], ...definition.numatune, memory } };
}

function parseNodeset(text: string, domain: ErrorDomainName): number[] {
  try {
    return parseCpuset(text);
  } catch (cause) {
    throw new LibvirtError("INVALID_ARG", domain, `invalid nodeset '${text}'`, { cause });
  }
}
