/** The running half of a domain: its emulator and what is known of it. */
import type { ProcessId } from "../../../host/proc.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import {
  DomainEventResumedDetailType,
  DomainEventSuspendedDetailType,
  DomainPausedReason,
  DomainRunningReason,
} from "../../../protocol/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import type { QmpMonitor } from "../monitor/qmp.ts";
import type { StateWithReason } from "./domain.ts";

/** Why the next pause or resumption happens: what we asked for is told from what QEMU does by itself. */
export interface Intent {
  readonly reason: number;
  readonly detail: number;
}

const pausedByUser: Intent = { reason: DomainPausedReason.USER, detail: DomainEventSuspendedDetailType.PAUSED };
const resumedByUser: Intent = { reason: DomainRunningReason.UNPAUSED, detail: DomainEventResumedDetailType.UNPAUSED };

export interface LiveDomain {
  readonly id: number;
  /** The guest as it runs: addresses, aliases and ports that were given at start among it. */
  readonly definition: Definition;
  readonly process: ProcessId;
  readonly monitor: QmpMonitor;
  readonly capabilities: QemuCapabilities;
  /** Its own folder below the root, removed with it. */
  readonly folder: string;
  status: StateWithReason;
  /** Why QEMU will say next that it stopped or went on. */
  readonly intents: { pause: Intent; resume: Intent };
  /** What the end of the process will mean, when we are the ones who end it. */
  ending: { readonly reason: number; readonly detail: number } | null;
  /** Resolves when QEMU is gone and everything of it is put away. */
  readonly gone: Promise<void>;
}

/** The intents of a domain whose next changes of state nobody has announced. */
export function noIntents(): LiveDomain["intents"] {
  return { pause: pausedByUser, resume: resumedByUser };
}
