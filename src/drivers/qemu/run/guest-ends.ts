/** What a guest that shuts down, reboots or gives itself up comes to: its definition says it, QEMU waits for us. */
import { join } from "node:path";
import { makeFolder } from "../../../host/files.ts";
import {
  DomainEventResumedDetailType,
  DomainEventStoppedDetailType,
  DomainRunningReason,
  DomainShutoffReason,
} from "../../../protocol/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import { comesUpAgain, type LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import { cont, systemReset } from "../monitor/commands/run-state.ts";
import { dumpMemory } from "./dump.ts";
import { endQemu } from "./process.ts";

/** The guest has shut down: it comes up again when that is wanted, and is ended otherwise. */
export function onShutdown(_host: QemuHost, domain: QemuDomain, live: LiveDomain): void {
  if (live.ending) return;
  const again = comesUpAgain(live);
  live.rebooting = false;
  report(domain, again ? restart(live, DomainRunningReason.BOOTED) : endQemu(live.process, live.exited));
}

/** The guest has given itself up (a kernel's panic). */
export function onPanic(host: QemuHost, domain: QemuDomain, live: LiveDomain): void {
  if (!live.ending) report(domain, afterPanic(host, domain, live));
}

async function afterPanic(host: QemuHost, domain: QemuDomain, live: LiveDomain): Promise<void> {
  const action = live.definition.on_crash;
  if (action.startsWith("coredump-")) await keepCore(host, domain, live);
  if (action === "preserve" || live.ending) return;
  if (action === "restart" || action === "coredump-restart") {
    await restart(live, DomainRunningReason.CRASHED);
    return;
  }
  live.ending = { reason: DomainShutoffReason.CRASHED, detail: DomainEventStoppedDetailType.CRASHED };
  await endQemu(live.process, live.exited);
}

/** A dump that fails must not keep the guest from what it is meant to do next. */
async function keepCore(host: QemuHost, domain: QemuDomain, live: LiveDomain): Promise<void> {
  const stamp = new Date().toISOString().replace(/[:.]/g, "-");
  try {
    const folder = host.settings.values.auto_dump_path ?? host.layout.dumps;
    await makeFolder(folder, 0o700, "QEMU");
    await dumpMemory(host, domain, join(folder, `${live.id}-${domain.name}-${stamp}`), "elf");
  } catch (error) {
    process.emitWarning(`no core of domain '${domain.name}': ${String(error)}`, "TsvirtWarning");
  }
}

/** Presses the reset button of a guest that QEMU has stopped, and lets it go on. */
async function restart({ monitor, intents }: LiveDomain, reason: DomainRunningReason): Promise<void> {
  await systemReset(monitor);
  intents.resume = { reason, detail: DomainEventResumedDetailType.UNPAUSED };
  await cont(monitor);
}

/** Nobody waits for this; a guest that ends meanwhile is no failure. */
function report(domain: QemuDomain, work: Promise<void>): void {
  work.catch((error) => {
    if (domain.live?.monitor.isOpen) process.emitWarning(`domain '${domain.name}': ${String(error)}`, "TsvirtWarning");
  });
}
