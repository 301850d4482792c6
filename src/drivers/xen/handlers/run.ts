/** Starting, pausing, shutting down and ending domains. */
import { checkFlags } from "../../../driver/flags.ts";
import type { CallContext, Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  DomainCreateFlags,
  DomainDestroyFlags,
  DomainEventResumedDetailType,
  DomainEventSuspendedDetailType,
  DomainEventType,
  DomainPausedReason,
  DomainRebootFlags,
  type Domain as DomainRef,
  DomainRunningReason,
  DomainShutdownFlags,
  DomainState,
} from "../../../protocol/index.ts";
import { readDefinition } from "../definitions.ts";
import type { LiveDomain, XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import { endGuest } from "../run/end.ts";
import { pauseGuest, resumeGuest } from "../run/pause.ts";
import { startDomain, startStored } from "../run/start.ts";

type RunProcedures =
  | "domainCreateWithFlags"
  | "domainCreateXml"
  | "domainSuspend"
  | "domainResume"
  | "domainReboot"
  | "domainShutdownFlags"
  | "domainDestroyFlags";

const { START_PAUSED, START_AUTODESTROY, START_FORCE_BOOT, START_VALIDATE } = DomainCreateFlags;

function invalid(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "DOMAIN", detail);
}

function create(host: XenHost, ref: DomainRef, flags: number, { session, signal }: CallContext) {
  return host.finder.change(
    ref,
    "domainCreateWithFlags",
    async (domain) => {
      const options = { paused: (flags & START_PAUSED) !== 0, forceBoot: (flags & START_FORCE_BOOT) !== 0, signal };
      const live = await startStored(host, domain, options);
      if ((flags & START_AUTODESTROY) !== 0) endWith(host, session, domain, live);
      return domain.ref;
    },
    signal,
  );
}

/** Starts a domain from its document (virDomainCreateXML): a new one is gone when it ends. */
async function createXml(host: XenHost, xml: string, flags: number, { session, signal }: CallContext) {
  const { definition, uuid } = readDefinition(xml, { strict: (flags & START_VALIDATE) !== 0 });
  return host.adopt(
    { name: definition.name, uuid },
    "domainCreateXml",
    async (domain) => {
      const live = await startDomain(host, domain, definition, { paused: (flags & START_PAUSED) !== 0, signal });
      if ((flags & START_AUTODESTROY) !== 0) endWith(host, session, domain, live);
      return domain.ref;
    },
    signal,
  );
}

/** Ends a run when the connection that asked for it closes. */
function endWith(host: XenHost, session: CallContext["session"], domain: XenDomain, live: LiveDomain): void {
  const forget = session.onClose(() => (domain.live === live ? endGuest(host, domain, live) : undefined));
  void live.gone.then(forget);
}

async function suspend(host: XenHost, domain: XenDomain): Promise<void> {
  const live = domain.guest();
  if (live.preserved) throw invalid("the guest has ended");
  if (live.status.state === DomainState.PAUSED) return;
  await pauseGuest(host, live);
  live.status = { state: DomainState.PAUSED, reason: DomainPausedReason.USER };
  host.emitLifecycle(domain, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.PAUSED);
}

async function resume(host: XenHost, domain: XenDomain): Promise<void> {
  const live = domain.guest();
  if (live.preserved) throw invalid("the guest has ended");
  if (live.status.state === DomainState.RUNNING) return;
  await resumeGuest(host, live);
  live.status = { state: DomainState.RUNNING, reason: DomainRunningReason.UNPAUSED };
  host.emitLifecycle(domain, DomainEventType.RESUMED, DomainEventResumedDetailType.UNPAUSED);
}

/** How a guest may be asked to shut down. */
interface Ways {
  /** By the store, where its kernel waits for such requests. */
  readonly paravirt: boolean;
  /** By the power button, which an HVM guest has. */
  readonly acpi: boolean;
}

/** Where a guest's kernel waits for requests. Whether that of an HVM guest does is for the tool stack to find out. */
const requests = (id: number): string => `/local/domain/${id}/control/shutdown`;
const isHvm = ({ definition }: LiveDomain): boolean => definition.os.type.value === "hvm";

async function shutDown({ roads: { store, tools } }: XenHost, live: LiveDomain, ways: Ways): Promise<void> {
  if (!isHvm(live)) {
    if (!ways.paravirt) throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", "only HVM guests have a power button");
    await store.write(requests(live.id), "poweroff");
  } else if (ways.paravirt) {
    await tools.shutdown(live.id, ways);
  } else {
    if (!tools.trigger) throw new LibvirtError("NO_SUPPORT", "XEN", `${tools.name} has no power button for guests`);
    await tools.trigger(live.id, "power");
  }
}

/** The hypervisor has no reset line: an HVM guest without Xen's drivers cannot be asked. */
async function reboot({ roads: { store, tools } }: XenHost, live: LiveDomain): Promise<void> {
  if (isHvm(live)) await tools.reboot(live.id);
  else await store.write(requests(live.id), "reboot");
}

export function runHandlers(host: XenHost): Handlers<RunProcedures> {
  const change = (ref: DomainRef, name: string, work: (domain: XenDomain) => Promise<void>, { signal }: CallContext) =>
    host.finder.change(ref, name, work, signal);
  const { PARAVIRT, ACPI_POWER_BTN } = DomainShutdownFlags;
  return {
    async domainCreateWithFlags({ dom, flags }, call) {
      checkFlags(flags, START_PAUSED | START_AUTODESTROY | START_FORCE_BOOT, "domainCreateWithFlags", "XEN");
      return { dom: await create(host, dom, flags, call) };
    },
    async domainCreateXml({ xmlDesc, flags }, call) {
      checkFlags(flags, START_PAUSED | START_AUTODESTROY | START_VALIDATE, "domainCreateXml", "XEN");
      return { dom: await createXml(host, xmlDesc, flags, call) };
    },
    domainSuspend: ({ dom }, call) => change(dom, "domainSuspend", (domain) => suspend(host, domain), call),
    domainResume: ({ dom }, call) => change(dom, "domainResume", (domain) => resume(host, domain), call),
    domainReboot({ dom, flags }, call) {
      checkFlags(flags, DomainRebootFlags.PARAVIRT, "domainReboot", "XEN");
      return change(dom, "domainReboot", (domain) => reboot(host, domain.guest()), call);
    },
    /** Without a flag it is by what the guest listens to. */
    domainShutdownFlags({ dom, flags }, call) {
      checkFlags(flags, PARAVIRT | ACPI_POWER_BTN, "domainShutdownFlags", "XEN");
      const has = (flag: number): boolean => flags === 0 || (flags & flag) !== 0;
      const ways = { paravirt: has(PARAVIRT), acpi: has(ACPI_POWER_BTN) };
      return change(dom, "domainShutdownFlags", (domain) => shutDown(host, domain.guest(), ways), call);
    },
    domainDestroyFlags({ dom, flags }, call) {
      checkFlags(flags, DomainDestroyFlags.GRACEFUL, "domainDestroyFlags", "XEN");
      return change(dom, "domainDestroyFlags", (domain) => endGuest(host, domain, domain.guest()), call);
    },
  };
}
