/** Procedures that the daemon answers itself, for one client. */
import type { ArgsOf, ProcedureName, ResultOf } from "../../protocol/index.ts";

/** Handlers of some of the named procedures. */
export type ProcedureHandlers<Name extends ProcedureName> = {
  readonly [N in Name]?: (args: ArgsOf<N>) => ResultOf<N> | Promise<ResultOf<N>>;
};
