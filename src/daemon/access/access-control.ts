/** Who may do what: asked before each call of a client, and about each object of a list and each event. */

import type { Caller } from "../../driver/session.ts";
import type { AnyProcedure, EventMessage, EventName } from "../../protocol/index.ts";
import type { ClientIdentity } from "../auth/authenticator.ts";
import type { SettingValues } from "../settings/table.ts";

/** Whose call it is, and over which connection. */
export interface AccessSubject {
  readonly identity: ClientIdentity;
  readonly readOnly: boolean;
  /** The URI that the client opened. */
  readonly uri: string;
  /** Calls procedures of the same connection unchecked, to find out what rules ask about (an object's name, its XML). */
  readonly call: Caller;
}

export interface AccessControl {
  /** False: nobody is ever refused anything, and the rest is not asked. */
  readonly active: boolean;
  /** Refuses a call with ACCESS_DENIED, by the `acl` facts of the procedure. */
  authorize(procedure: AnyProcedure, args: unknown, subject: AccessSubject): void | Promise<void>;
  /** Takes objects out of a result that the client may not know of, by the `aclFilter` facts of the procedure. */
  filter(procedure: AnyProcedure, args: unknown, result: unknown, subject: AccessSubject): unknown;
  /** Whether the client may hear of an event. */
  mayHear<Name extends EventName>(
    name: Name,
    message: EventMessage<Name>,
    subject: AccessSubject,
  ): boolean | Promise<boolean>;
  reload(settings: SettingValues): Promise<void>;
}

/** Nobody is refused anything. */
export const everybodyMay: AccessControl = {
  active: false,
  authorize() {},
  filter: (_procedure, _args, result) => result,
  mayHear: () => true,
  async reload() {},
};
