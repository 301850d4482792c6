/** Procedures about jobs of domains. */
import { DOMAIN_JOB_STATS_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, typedParameter } from "./shapes.ts";
import { array, int, uhyper, uint } from "./xdr/index.ts";

/** Jobs on domains. */
export const domainJobProcedures = remote("domain", {
  domainGetJobInfo: procedure(163, {
    args: { dom: domain },
    result: {
      type: int,
      timeElapsed: uhyper,
      timeRemaining: uhyper,
      dataTotal: uhyper,
      dataProcessed: uhyper,
      dataRemaining: uhyper,
      memTotal: uhyper,
      memProcessed: uhyper,
      memRemaining: uhyper,
      fileTotal: uhyper,
      fileProcessed: uhyper,
      fileRemaining: uhyper,
    },
    cFunction: "virDomainGetJobInfo",
    since: "0.7.7",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainAbortJob: procedure(164, {
    args: { dom: domain },
    cFunction: "virDomainAbortJob",
    since: "0.7.7",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainGetJobStats: procedure(298, {
    args: { dom: domain, flags: uint },
    result: { type: int, params: array(typedParameter, DOMAIN_JOB_STATS_MAX) },
    cFunction: "virDomainGetJobStats",
    since: "1.0.3",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainAbortJobFlags: procedure(442, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainAbortJobFlags",
    since: "8.5.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),
});
