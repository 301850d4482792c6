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

/** How a guest may be asked to end. */
interface Ways {
  /** By the store, where its kernel waits for such requests. */
  readonly paravirt: boolean;
  /** By the power button or the reset line, which an HVM guest has. */
  readonly acpi: boolean;
}

async function ask({ roads }: XenHost, domain: XenDomain, request: "poweroff" | "reboot", ways: Ways): Promise<void> {
  const { id, definition } = domain.guest();
  if (definition.os.type.value !== "hvm") {
    if (!ways.paravirt) throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", "only HVM guests have a power button");
    return roads.store.write(`/local/domain/${id}/control/shutdown`, request);
  }
  const { tools } = roads;
  if (!ways.paravirt) {
    if (!tools.trigger) throw new LibvirtError("NO_SUPPORT", "XEN", `${tools.name} has no power button for guests`);
    return tools.trigger(id, request === "poweroff" ? "power" : "reset");
  }
  // Whether such a guest listens to the store is for the tool stack to find out.
  await (request === "poweroff" ? tools.shutdown(id, ways) : tools.reboot(id, ways));
}

export function runHandlers(host: XenHost): Handlers<RunProcedures> {
  const change = (ref: DomainRef, name: string, work: (domain: XenDomain) => Promise<void>, { signal }: CallContext) =>
    host.finder.change(ref, name, work, signal);
  /** Without a flag the hypervisor's driver chooses: what the guest listens to. */
  const request = (
    dom: DomainRef,
    procedure: "domainShutdownFlags" | "domainReboot",
    flags: number,
    call: CallContext,
  ) => {
    const isReboot = procedure === "domainReboot";
    const { PARAVIRT, ACPI_POWER_BTN } = isReboot ? DomainRebootFlags : DomainShutdownFlags;
    checkFlags(flags, PARAVIRT | ACPI_POWER_BTN, procedure, "XEN");
    const ways = {
      paravirt: flags === 0 || (flags & PARAVIRT) !== 0,
      acpi: flags === 0 || (flags & ACPI_POWER_BTN) !== 0,
    };
    return change(dom, procedure, (domain) => ask(host, domain, isReboot ? "reboot" : "poweroff", ways), call);
  };
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
    domainReboot: ({ dom, flags }, call) => request(dom, "domainReboot", flags, call),
    domainShutdownFlags: ({ dom, flags }, call) => request(dom, "domainShutdownFlags", flags, call),
    domainDestroyFlags({ dom, flags }, call) {
      checkFlags(flags, DomainDestroyFlags.GRACEFUL, "domainDestroyFlags", "XEN");
      return change(dom, "domainDestroyFlags", (domain) => endGuest(host, domain, domain.guest()), call);
    },
  };
}
