/** libvirt's API as values: every procedure, event, structure and constant, and how they look on the wire. */
export type { AclObject, AclRule, Permission } from "./acl.ts";
export type { AdminClient, AdminServer } from "./admin.ts";
export { AuthType } from "./auth.ts";
export * from "./constants/index.ts";
export type { AnyEvent, EventDescription } from "./event.ts";
export * from "./limits.ts";
export * from "./lookup.ts";
export * from "./message.ts";
export type { AnyProcedure, Family, NoArgs, Phase, Procedure, ReadOnlyRule, StreamRule } from "./procedure.ts";
export * from "./programs.ts";
export * from "./shapes.ts";
export * from "./table.ts";
