/** Starting, pausing, shutting down and ending domains. */
import { checkFlags } from "../../../../driver/flags.ts";
import type { CallContext, Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import {
  DomainCreateFlags,
  DomainDestroyFlags,
  DomainRebootFlags,
  type Domain as DomainRef,
  DomainShutdownFlags,
  DomainState,
} from "../../../../protocol/index.ts";
import { readDefinition } from "../../definitions.ts";
import { agentOf } from "../../domain/agent.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { LiveDomain } from "../../domain/live.ts";
import type { QemuHost } from "../../host.ts";
import { cont, stop, systemPowerdown, systemReset } from "../../monitor/commands/run-state.ts";
import { end, whenOff } from "../../run/power.ts";
import { startGuest } from "../../run/start.ts";
import { startStored } from "../../run/stored.ts";

type RunProcedures =
  | "domainCreateWithFlags"
  | "domainCreateXml"
  | "domainSuspend"
  | "domainResume"
  | "domainReboot"
  | "domainReset"
  | "domainShutdownFlags"
  | "domainDestroyFlags";

const { START_PAUSED, START_AUTODESTROY, START_BYPASS_CACHE, START_FORCE_BOOT, START_VALIDATE, START_RESET_NVRAM } =
  DomainCreateFlags;

async function create(host: QemuHost, ref: DomainRef, flags: number, { session, signal }: CallContext) {
  return host.finder.change(
    ref,
    "domainCreateWithFlags",
    async (domain) => {
      await whenOff(domain);
      const live = await startStored(host, domain, {
        paused: (flags & START_PAUSED) !== 0,
        forceBoot: (flags & START_FORCE_BOOT) !== 0,
        bypassCache: (flags & START_BYPASS_CACHE) !== 0,
        resetNvram: (flags & START_RESET_NVRAM) !== 0,
        signal,
      });
      if ((flags & START_AUTODESTROY) !== 0) endWith(session, live);
      return domain.ref;
    },
    signal,
  );
}

/** Starts a domain from its document (virDomainCreateXML): a new one is gone when it ends. */
async function createXml(host: QemuHost, xml: string, flags: number, { session, signal }: CallContext) {
  const { definition, uuid, capabilities } = await readDefinition(host, xml, {
    strict: (flags & START_VALIDATE) !== 0,
  });
  const { name } = definition;
  return host.adopt(
    { name, uuid },
    "domainCreateXml",
    async (domain) => {
      if (domain.live?.monitor.isOpen) {
        throw new LibvirtError("OPERATION_INVALID", "DOMAIN", `domain '${name}' is already active`);
      }
      await domain.live?.gone;
      const live = await startGuest(host, domain, definition, capabilities, {
        paused: (flags & START_PAUSED) !== 0,
        resetNvram: (flags & START_RESET_NVRAM) !== 0,
        signal,
      });
      if ((flags & START_AUTODESTROY) !== 0) endWith(session, live);
      return domain.ref;
    },
    signal,
  );
}

/** Ends a run when the connection that asked for it closes. */
function endWith(session: CallContext["session"], live: LiveDomain): void {
  const forget = session.onClose(() => (live.monitor.isOpen ? end(live) : live.gone));
  void live.gone.then(forget);
}

function notRunnable(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "QEMU", detail);
}

async function suspend(live: LiveDomain): Promise<void> {
  const { state } = live.status;
  if (state === DomainState.PMSUSPENDED) throw notRunnable("domain is pmsuspended");
  if (state !== DomainState.PAUSED) await stop(live.monitor);
}

async function resume(live: LiveDomain): Promise<void> {
  const { state } = live.status;
  if (state === DomainState.PMSUSPENDED) throw notRunnable("domain is pmsuspended");
  if (state === DomainState.RUNNING) throw notRunnable("domain is already running");
  await cont(live.monitor);
}

/** Who is asked to shut a guest down or to reboot it. */
interface Asked {
  readonly agent: boolean;
  readonly acpi: boolean;
}

/** Without flags the agent is asked where there is one, and the power button is pressed where that does not help. */
function askedBy(flags: number, agentFlag: number, acpiFlag: number, { agent }: LiveDomain): Asked {
  const open = (flags & (agentFlag | acpiFlag)) === 0;
  return {
    agent: (flags & agentFlag) !== 0 || (open && agent !== null),
    acpi: (flags & acpiFlag) !== 0 || open,
  };
}

async function askGuest(domain: QemuDomain, asked: Asked, mode: "powerdown" | "reboot"): Promise<void> {
  const live = domain.running();
  if (asked.agent) {
    try {
      const agent = await agentOf(domain);
      const done = live.monitor.waitFor(({ name }) => name === "SHUTDOWN" || name === "RESET", "the guest's end");
      await agent.executeSilent(
        "guest-shutdown",
        { mode },
        done.catch(() => {}),
      );
      return;
    } catch (error) {
      if (!asked.acpi) throw error;
    }
  }
  await systemPowerdown(live.monitor);
}

async function shutdown(domain: QemuDomain, flags: number): Promise<void> {
  const live = domain.running();
  const { GUEST_AGENT, ACPI_POWER_BTN } = DomainShutdownFlags;
  // A guest that is meant to be there again after it shut down is reset instead, which keeps its QEMU.
  live.rebooting = live.definition.on_poweroff === "restart";
  await askGuest(domain, askedBy(flags, GUEST_AGENT, ACPI_POWER_BTN, live), live.rebooting ? "reboot" : "powerdown");
}

async function reboot(domain: QemuDomain, flags: number): Promise<void> {
  const live = domain.running();
  const { GUEST_AGENT, ACPI_POWER_BTN } = DomainRebootFlags;
  live.rebooting = live.definition.on_reboot !== "destroy";
  await askGuest(domain, askedBy(flags, GUEST_AGENT, ACPI_POWER_BTN, live), live.rebooting ? "reboot" : "powerdown");
}

export function runHandlers(host: QemuHost): Handlers<RunProcedures> {
  const change = (ref: DomainRef, name: string, work: (domain: QemuDomain) => Promise<void>, { signal }: CallContext) =>
    host.finder.change(ref, name, work, signal);
  const destroy = async (ref: DomainRef, flags: number, call: CallContext) => {
    const gracefully = (flags & DomainDestroyFlags.GRACEFUL) !== 0;
    const { live } = host.finder.find(ref);
    // Work on the guest may take its time, and all the time where QEMU hangs; who ends the guest ends the work with it.
    if (live?.started) return end(live, { gracefully });
    return change(ref, "domainDestroyFlags", (domain) => end(domain.running(), { gracefully }), call);
  };
  const shutdownFlags = DomainShutdownFlags.ACPI_POWER_BTN | DomainShutdownFlags.GUEST_AGENT;
  const rebootFlags = DomainRebootFlags.ACPI_POWER_BTN | DomainRebootFlags.GUEST_AGENT;
  return {
    async domainCreateWithFlags({ dom, flags }, call) {
      const known = START_PAUSED | START_AUTODESTROY | START_BYPASS_CACHE | START_FORCE_BOOT | START_RESET_NVRAM;
      checkFlags(flags, known, "domainCreateWithFlags", "QEMU");
      return { dom: await create(host, dom, flags, call) };
    },
    async domainCreateXml({ xmlDesc, flags }, call) {
      const known = START_PAUSED | START_AUTODESTROY | START_VALIDATE | START_RESET_NVRAM;
      checkFlags(flags, known, "domainCreateXml", "QEMU");
      return { dom: await createXml(host, xmlDesc, flags, call) };
    },
    domainSuspend: ({ dom }, call) => change(dom, "domainSuspend", (domain) => suspend(domain.running()), call),
    domainResume: ({ dom }, call) => change(dom, "domainResume", (domain) => resume(domain.running()), call),
    domainReboot({ dom, flags }, call) {
      checkFlags(flags, rebootFlags, "domainReboot", "QEMU");
      return change(dom, "domainReboot", (domain) => reboot(domain, flags), call);
    },
    domainReset({ dom, flags }, call) {
      checkFlags(flags, 0, "domainReset", "QEMU");
      return change(dom, "domainReset", (domain) => systemReset(domain.running().monitor), call);
    },
    domainShutdownFlags({ dom, flags }, call) {
      checkFlags(flags, shutdownFlags, "domainShutdownFlags", "QEMU");
      return change(dom, "domainShutdownFlags", (domain) => shutdown(domain, flags), call);
    },
    domainDestroyFlags({ dom, flags }, call) {
      checkFlags(flags, DomainDestroyFlags.GRACEFUL, "domainDestroyFlags", "QEMU");
      return destroy(dom, flags, call);
    },
  };
}
