/** The running half of a domain: its emulator and what is known of it. */
import type { StateWithReason } from "../../../driver/domain/kept/domain.ts";
import type { ProcessId } from "../../../host/proc.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import {
  DomainEventResumedDetailType,
  DomainEventSuspendedDetailType,
  type DomainJobOperation,
  DomainPausedReason,
  DomainRunningReason,
} from "../../../protocol/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import type { QmpMonitor } from "../monitor/qmp.ts";
import type { AgentLink } from "../run/agent-link.ts";
import type { FormerOwner } from "../state/status.ts";

/** Why the next pause or resumption happens: what we asked for is told from what QEMU does by itself. */
export interface Intent {
  readonly reason: number;
  readonly detail: number;
}

const pausedByUser: Intent = { reason: DomainPausedReason.USER, detail: DomainEventSuspendedDetailType.PAUSED };
const resumedByUser: Intent = { reason: DomainRunningReason.UNPAUSED, detail: DomainEventResumedDetailType.UNPAUSED };

/** Commands that pass this driver by: to QEMU's monitor, or to the guest's agent. */
export type PassedCommand = "monitor" | "agent";

export interface LiveDomain {
  readonly id: number;
  /** The guest as it runs: addresses, aliases and ports that were given at start among it. */
  definition: Definition;
  readonly process: ProcessId;
  readonly monitor: QmpMonitor;
  /** The guest agent's channel; null when the guest has none. */
  readonly agent: AgentLink | null;
  readonly capabilities: QemuCapabilities;
  readonly emulator: string;
  /** Its own folder below the root, removed with it. */
  readonly folder: string;
  status: StateWithReason;
  /** Whether the start has come to its end. */
  started: boolean;
  /** Why QEMU will say next that it stopped or went on. */
  readonly intents: { pause: Intent; resume: Intent };
  /** Whether the guest comes up again when it shuts down next: what QEMU cannot reboot by itself is reset instead. */
  rebooting: boolean;
  /** Long work on the guest that is under way, which clients may watch and abort. */
  job: LongJob | null;
  /** What the end of the process will mean, when we are the ones who end it. */
  ending: Ending | null;
  /** Files that changed hands for its run. */
  owners: readonly FormerOwner[];
  /** Whether it came from the managed save that is still there, and makes it worthless by running. */
  savedSpent: boolean;
  /** Which kinds of command were passed to it as they were. */
  readonly commanded: Set<PassedCommand>;
  /** A file that is half written on its behalf. */
  writing: string | null;
  /** Resolves when nobody writes it any more. */
  written: Promise<void>;
  /** What is being plugged in: the next program asks QEMU how far it came. */
  plugging: Plugging | null;
  /** Devices that the guest has let go of and whose rest is being put away, by alias. */
  readonly leaving: Map<string, Promise<void>>;
  /** Resolves when QEMU is gone and everything of it is put away. */
  readonly gone: Promise<void>;
  /** Resolves when the process has gone. */
  readonly exited: Promise<void>;
  /** Lets go of the guest, which runs on. */
  detach(): void;
}

/** Whether a guest that turns itself off now comes up again. */
export function comesUpAgain({ rebooting, definition }: Pick<LiveDomain, "rebooting" | "definition">): boolean {
  return rebooting || definition.on_poweroff === "restart";
}

/** Devices that QEMU is about to be given. */
export interface Plugging {
  readonly aliases: readonly string[];
  /** The definition with them. */
  readonly definition: Definition;
}

export interface LongJob {
  readonly operation: DomainJobOperation;
  /** When it began, in ms since 1970. */
  readonly since: number;
}

/** What it means that a guest has ended: reason of the state, detail of the event. */
export interface Ending {
  readonly reason: number;
  readonly detail: number;
}

/** The intents of a domain whose next changes of state nobody has announced. */
export function noIntents(): LiveDomain["intents"] {
  return { pause: pausedByUser, resume: resumedByUser };
}
