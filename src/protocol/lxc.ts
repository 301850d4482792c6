/** Procedures of the LXC program. */
import { lxc, procedure } from "./procedure.ts";
import { domain } from "./shapes.ts";
import { uint } from "./xdr/index.ts";

/** Functions of the LXC driver alone. */
export const lxcProcedures = lxc({
  lxcDomainOpenNamespace: procedure(1, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainLxcOpenNamespace",
    since: "1.0.2",
    readOnly: "denied",
    descriptors: "reply",
    acl: ["domain:open_namespace"],
  }),
});
