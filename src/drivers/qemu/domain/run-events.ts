/** What QEMU tells of a guest's run becomes the domain's state and libvirt's events. */
import type { EventHub } from "../../../driver/events.ts";
import {
  DomainCrashedReason,
  DomainEventCrashedDetailType,
  DomainEventIOErrorAction,
  DomainEventPMSuspendedDetailType,
  DomainEventShutdownDetailType,
  DomainEventStartedDetailType,
  DomainEventStoppedDetailType,
  DomainEventSuspendedDetailType,
  DomainEventType,
  DomainEventWatchdogAction,
  DomainPausedReason,
  DomainPMSuspendedReason,
  DomainRunningReason,
  DomainShutdownReason,
  DomainState,
} from "../../../protocol/index.ts";
import type { EventHandlers } from "../monitor/events.ts";
import type { QemuDomain } from "./domain.ts";
import { comesUpAgain, type LiveDomain, noIntents } from "./live.ts";

/** How QEMU's watchdog actions are called in libvirt's events. */
const watchdogActions: Readonly<Record<string, number>> = {
  none: DomainEventWatchdogAction.NONE,
  pause: DomainEventWatchdogAction.PAUSE,
  reset: DomainEventWatchdogAction.RESET,
  poweroff: DomainEventWatchdogAction.POWEROFF,
  shutdown: DomainEventWatchdogAction.SHUTDOWN,
  debug: DomainEventWatchdogAction.DEBUG,
  "inject-nmi": DomainEventWatchdogAction.INJECTNMI,
};

const ioErrorActions: Readonly<Record<string, number>> = {
  ignore: DomainEventIOErrorAction.NONE,
  stop: DomainEventIOErrorAction.PAUSE,
  report: DomainEventIOErrorAction.REPORT,
};

/** What follows from a guest's run beyond its state. */
export interface RunListener {
  /** After each change of state that a restart of our program must know of. */
  changed(): void;
  /** The guest has shut down, and QEMU waits for us. */
  shutdown(): void;
  /** The guest has given itself up, and QEMU waits for us. */
  panicked(): void;
}

/** The handlers of QEMU's run events for one running domain. */
export function runEventHandlers(
  domain: QemuDomain,
  live: LiveDomain,
  hub: EventHub,
  { changed, shutdown, panicked }: RunListener,
): EventHandlers {
  const lifecycle = (event: number, detail: number) =>
    hub.emit("domainEventCallbackLifecycle", { dom: domain.ref, event, detail });
  const become = (state: DomainState, reason: number) => {
    live.status = { state, reason };
    changed();
  };
  // While a guest that shut down is made to come up again, QEMU's stopping and going on are part of that.
  let comingUp = false;
  return {
    STOP: () => {
      if (comingUp) return;
      const { reason, detail } = live.intents.pause;
      live.intents.pause = noIntents().pause;
      if (live.status.state !== DomainState.RUNNING) return;
      become(DomainState.PAUSED, reason);
      lifecycle(DomainEventType.SUSPENDED, detail);
    },
    RESUME: () => {
      comingUp = false;
      const { reason, detail } = live.intents.resume;
      live.intents.resume = noIntents().resume;
      if (live.status.state === DomainState.RUNNING) return;
      become(DomainState.RUNNING, reason);
      lifecycle(DomainEventType.RESUMED, detail);
    },
    SHUTDOWN: ({ guest }) => {
      // Ending a guest that has shut down makes QEMU say so once more. Of a guest that we put away only that is told.
      if (live.status.state === DomainState.SHUTDOWN) return;
      if (live.ending && live.ending.detail !== DomainEventStoppedDetailType.DESTROYED) return;
      if (comesUpAgain(live)) {
        comingUp = true;
        shutdown();
        return;
      }
      become(DomainState.SHUTDOWN, DomainShutdownReason.USER);
      lifecycle(
        DomainEventType.SHUTDOWN,
        guest ? DomainEventShutdownDetailType.GUEST : DomainEventShutdownDetailType.HOST,
      );
      shutdown();
    },
    RESET: () => hub.emit("domainEventCallbackReboot", { dom: domain.ref }),
    SUSPEND: () => {
      become(DomainState.PMSUSPENDED, DomainPMSuspendedReason.UNKNOWN);
      lifecycle(DomainEventType.PMSUSPENDED, DomainEventPMSuspendedDetailType.MEMORY);
      hub.emit("domainEventCallbackPmsuspend", { dom: domain.ref, reason: 0 });
    },
    WAKEUP: () => {
      become(DomainState.RUNNING, DomainRunningReason.WAKEUP);
      lifecycle(DomainEventType.STARTED, DomainEventStartedDetailType.WAKEUP);
      hub.emit("domainEventCallbackPmwakeup", { dom: domain.ref, reason: 0 });
    },
    WATCHDOG: ({ action }) => {
      if (action === "pause") {
        live.intents.pause = {
          reason: DomainPausedReason.WATCHDOG,
          detail: DomainEventSuspendedDetailType.WATCHDOG,
        };
      }
      const known = watchdogActions[action] ?? DomainEventWatchdogAction.NONE;
      hub.emit("domainEventCallbackWatchdog", { dom: domain.ref, action: known });
    },
    BLOCK_IO_ERROR: ({ device, action, nospace }) => {
      if (action === "stop") {
        live.intents.pause = { reason: DomainPausedReason.IOERROR, detail: DomainEventSuspendedDetailType.IOERROR };
      }
      const error = {
        dom: domain.ref,
        srcPath: "",
        devAlias: device,
        action: ioErrorActions[action] ?? DomainEventIOErrorAction.NONE,
      };
      hub.emit("domainEventCallbackIoError", error);
      hub.emit("domainEventCallbackIoErrorReason", { ...error, reason: nospace === true ? "enospc" : "" });
    },
    GUEST_PANICKED: () => {
      become(DomainState.CRASHED, DomainCrashedReason.PANICKED);
      lifecycle(DomainEventType.CRASHED, DomainEventCrashedDetailType.PANICKED);
      panicked();
    },
    RTC_CHANGE: ({ offset }) => hub.emit("domainEventCallbackRtcChange", { dom: domain.ref, offset }),
    BALLOON_CHANGE: ({ actual }) => {
      live.definition.currentMemory = actual / 1024n;
      hub.emit("domainEventCallbackBalloonChange", { dom: domain.ref, actual: actual / 1024n });
    },
  };
}
