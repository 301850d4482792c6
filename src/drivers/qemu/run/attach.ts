/** A guest's QEMU becomes the running half of its domain: at its start, and when it is taken over later. */
import type { QemuDomain } from "../domain/domain.ts";
import { type LiveDomain, noIntents } from "../domain/live.ts";
import { runEventHandlers } from "../domain/run-events.ts";
import type { QemuHost } from "../host.ts";
import { eventDispatcher } from "../monitor/events.ts";
import { agentLinkOf } from "./agent-link.ts";
import { deviceEventHandlers } from "./device-events.ts";
import { onPanic, onShutdown } from "./guest-ends.ts";
import type { QemuProcess } from "./process.ts";
import { putAway } from "./put-away.ts";

/** What is known of a guest besides its process. */
export type Attached = Pick<
  LiveDomain,
  | "id"
  | "definition"
  | "capabilities"
  | "emulator"
  | "folder"
  | "status"
  | "started"
  | "rebooting"
  | "owners"
  | "savedSpent"
  | "commanded"
>;

/** Makes the process the domain's running half. From now on its events are told, and its end is seen. */
export function attach(host: QemuHost, domain: QemuDomain, qemu: QemuProcess, known: Attached): LiveDomain {
  let finished = (): void => {};
  const gone = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const live: LiveDomain = {
    ...known,
    process: qemu.id,
    monitor: qemu.monitor,
    agent: agentLinkOf(known.definition),
    writing: null,
    written: Promise.resolve(),
    intents: noIntents(),
    job: null,
    ending: null,
    plugging: null,
    leaving: new Map(),
    gone,
    exited: qemu.gone,
    detach() {
      live.agent?.close();
      qemu.detach();
    },
  };
  const changed = (): void => host.noteStatus(domain);
  const handlers = {
    ...runEventHandlers(domain, live, host.hub, {
      changed,
      shutdown: () => onShutdown(host, domain, live),
      panicked: () => onPanic(host, domain, live),
    }),
    ...deviceEventHandlers(host, domain, live),
  };
  qemu.monitor.onEvent(
    eventDispatcher(handlers, (event, error) => {
      process.emitWarning(`domain '${domain.name}': event ${event.name}: ${String(error)}`, "TsvirtWarning");
    }),
  );
  domain.begin(live);
  void qemu.gone.then(() => putAway(host, domain, live)).then(finished);
  return live;
}
