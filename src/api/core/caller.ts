/** What every object of the API does: it calls procedures of its connection. */
import type { ErrorDomainName } from "../../errors.ts";
import type { ProcedureName, ResultOf, TypedParameter } from "../../protocol/index.ts";
import { fromParameters, type Parameters } from "../values/parameters.ts";
import { type Uuid, uuidBytes } from "../values/uuid.ts";
import type { Arguments } from "./arguments.ts";
import type { CallOptions, Link } from "./link.ts";

/** Procedures that are first asked how many parameters there are, then for so many. */
export type CountedProcedure = {
  [Name in ProcedureName]: ResultOf<Name> extends {
    readonly params: readonly TypedParameter[];
    readonly nparams: number;
  }
    ? Name
    : never;
}[ProcedureName];

/** What calls procedures. */
export abstract class Caller {
  protected readonly link: Link;

  /** @internal */
  constructor(link: Link) {
    this.link = link;
  }

  /** The connection's inner side. @internal */
  static linkOf(caller: Caller): Link {
    return caller.link;
  }

  protected call<Name extends ProcedureName>(
    name: Name,
    args: Arguments<Name>,
    options?: CallOptions,
  ): Promise<ResultOf<Name>> {
    return this.link.call(name, args, options);
  }

  /** Calls a procedure that answers nothing. */
  protected async run<Name extends ProcedureName>(
    name: Name,
    args: Arguments<Name>,
    options?: CallOptions,
  ): Promise<void> {
    await this.link.call(name, args, options);
  }

  /** Typed parameters of a procedure that must be asked for their number first. */
  protected async counted<Name extends CountedProcedure>(
    name: Name,
    args: Omit<Arguments<Name>, "nparams">,
    options?: CallOptions,
  ): Promise<Parameters> {
    const ask = (nparams: number) => this.link.call(name, { ...args, nparams } as unknown as Arguments<Name>, options);
    const { nparams } = await ask(0);
    if (nparams === 0) return fromParameters([]);
    return fromParameters((await ask(nparams)).params);
  }

  /** Calls a procedure with which open files travel; gives those that came back too. */
  protected async passing<Name extends ProcedureName>(
    name: Name,
    args: Arguments<Name>,
    files: readonly number[],
    options?: CallOptions,
  ): Promise<{ readonly result: ResultOf<Name>; readonly descriptors: readonly number[] }> {
    const reply: number[] = [];
    const result = await this.link.call(name, args, { ...options, descriptors: { given: [...files], reply } });
    return { result, descriptors: reply };
  }

  /** The bytes of a UUID; a failure is reported as one of a call. */
  protected bytesOf(uuid: Uuid, domain: ErrorDomainName, cFunction: string): Uint8Array {
    try {
      return uuidBytes(uuid, { domain, cFunction });
    } catch (error) {
      throw this.link.report(error);
    }
  }
}

/** The connection's inner side. @internal */
export const { linkOf } = Caller;
