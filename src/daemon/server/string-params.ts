/**
 * Typed parameters that are strings go only to clients that say they take them: by a flag of the procedures that first
 * ask how many parameters there are. Old clients do not know the type and would lose the whole answer.
 */
import { typedParamStrings } from "../../driver/typed-parameters.ts";
import { type ProcedureName, procedures, type TypedParameter, TypedParameterType } from "../../protocol/index.ts";

type Shape = (typeof procedures)[ProcedureName]["args"]["shape"];

function has(shape: Shape, ...names: readonly string[]): boolean {
  return shape.kind === "struct" && names.every((name) => Object.hasOwn(shape.fields, name));
}

/** The procedures that this is about, by what they take and give. */
const asking: ReadonlySet<string> = new Set(
  Object.values(procedures)
    .filter(({ args, result }) => has(args.shape, "nparams", "flags") && has(result.shape as Shape, "params"))
    .map(({ name }) => name),
);

/** Whether a result must be looked through before it goes to the client that called with these arguments. */
export function mayHoldUnwantedStrings(procedure: string, args: unknown): boolean {
  return asking.has(procedure) && ((args as { readonly flags: number }).flags & typedParamStrings) === 0;
}

interface Result {
  readonly params: readonly TypedParameter[];
  readonly nparams?: number;
}

/** The result without its strings. Parameters of processors, which come in equal groups, are counted anew. */
export function withoutStrings(procedure: string, result: unknown): unknown {
  const { params, nparams } = result as Result;
  const left = params.filter(({ value }) => value.type !== TypedParameterType.STRING);
  if (left.length === params.length) return result;
  const fewer = { ...(result as Result), params: left };
  if (procedure !== "domainGetCpuStats" || nparams === undefined || params.length === 0) return fewer;
  return { ...fewer, nparams: Math.trunc((nparams * left.length) / params.length) };
}
