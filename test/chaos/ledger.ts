/** What must be true of one domain after a crash: what the killed program had promised, and what it was just doing. */
import { DomainShutoffReason, DomainState } from "../../src/api/index.ts";
import type { Line } from "./actor.ts";
import type { Seen, Stored } from "./seen.ts";

/** The step that a program was in when it was killed. */
interface Pending {
  readonly step: string;
  readonly stored?: Stored | null;
}

/** Steps after which a guest that ran may be off, those that start one anew, and all after which one may run. */
const ends = new Set(["destroy", "shutdown", "save", "managed save"]);
const boots = new Set(["start", "create transient"]);
const begins = new Set([...boots, "start from managed save", "restore"]);

export class Ledger {
  readonly #slot: number;
  #seen: Seen | null = null;
  #pending: Pending | null = null;
  /** It was asked to shut down: it may be off at any time. A save keeps the question, a boot forgets it. */
  #shutsDown = false;
  /** So does the save file. */
  #savedShutsDown = false;
  /** Its QEMU was killed while a program was at work on it. */
  #disturbed = false;
  /** It was running in peace when its QEMU was killed, and no program was there to see it. */
  #crashed = false;

  constructor(slot: number) {
    this.#slot = slot;
  }

  /** Takes down a line of the program's; gives what is wrong about it. */
  note(line: Line): string[] {
    if (line.kind === "open") return [];
    if (line.kind === "begin") {
      this.#pending = { step: line.step, ...(line.stored !== undefined && { stored: line.stored }) };
      if (line.step === "shutdown") this.#shutsDown = true;
      if (line.step === "save") this.#savedShutsDown = this.#shutsDown;
      if (line.step === "restore") this.#shutsDown ||= this.#savedShutsDown;
      return [];
    }
    const step = this.#pending?.step ?? "";
    const wrong = line.kind === "done" ? this.#wrongDone(line.seen) : this.#wrongFailed(line.error, line.seen);
    this.#take(line.seen);
    if (line.kind === "done" && boots.has(step)) this.#shutsDown = false;
    return wrong;
  }

  /** Its QEMU has been killed; `unseen` when no program had the root open. */
  killed(unseen: boolean): void {
    this.#disturbed = true;
    this.#crashed = unseen && this.#pending === null && (this.#seen?.id ?? -1) >= 0;
  }

  /** From here on this is the truth. */
  settle(seen: Seen | null): void {
    this.#take(seen);
    this.#disturbed = false;
    this.#crashed = false;
  }

  /** Whether it goes on as it is as long as nobody does something. */
  get steady(): boolean {
    return !this.#shutsDown;
  }

  get #mayEnd(): boolean {
    return this.#shutsDown || this.#disturbed;
  }

  #take(seen: Seen | null): void {
    this.#seen = seen;
    this.#pending = null;
  }

  #wrongDone(seen: Seen | null): string[] {
    const stored = this.#pending?.stored;
    if (stored === undefined) return [];
    const wrong: string[] = [];
    if (!same(stored, seen?.stored ?? null)) wrong.push(this.#say("a promise that resolved is not kept", seen));
    return wrong;
  }

  #wrongFailed(error: string, seen: Seen | null): string[] {
    if (!this.#mayEnd) return [`slot ${this.#slot}: ${error}`];
    const before = this.#seen?.stored ?? null;
    return same(before, seen?.stored ?? null)
      ? []
      : [this.#say(`a step failed (${error}) and changed something`, seen)];
  }

  /** What is wrong about what another program sees after the crash. */
  wrong(now: Seen | null): string[] {
    return [...this.#wrongStored(now), ...this.#wrongRun(now)];
  }

  #wrongStored(now: Seen | null): string[] {
    const before = this.#seen?.stored ?? null;
    const stored = now?.stored ?? null;
    const asBefore = this.#sameStored(before, stored, now);
    const { stored: after } = this.#pending ?? {};
    if (asBefore) {
      const equal = (this.#seen?.xml ?? null) === (now?.xml ?? null) || after !== undefined;
      return equal ? [] : [this.#say("the definition has changed", now)];
    }
    if (after !== undefined && this.#sameStored(after, stored, now)) return [];
    // An undefine puts the managed save and the mark away before the definition.
    const undefining = this.#pending?.step === "undefine" && before && stored;
    if (undefining && same({ ...before, ...marks(stored) }, stored)) return [];
    return [this.#say("the stored half is neither as before nor as after", now)];
  }

  /** A guest that started by itself has used its managed save up. */
  #sameStored(wanted: Stored | null, stored: Stored | null, now: Seen | null): boolean {
    if (same(wanted, stored)) return true;
    const started = wanted?.autostart && wanted.managedSave && (now?.id ?? -1) >= 0;
    return started ? same({ ...wanted, managedSave: false }, stored) : false;
  }

  #wrongRun(now: Seen | null): string[] {
    const before = this.#seen?.id ?? -1;
    const is = now?.id ?? -1;
    const step = this.#pending?.step ?? "";
    if (is >= 0 && now?.stored?.managedSave) return [this.#say("it runs and has a managed save", now)];
    if (step === "managed save" && is < 0 && !this.#mayEnd && !now?.stored?.managedSave) {
      return [this.#say("neither the guest nor its managed save is there", now)];
    }
    if (this.#crashed && is < 0 && now && now.reason !== DomainShutoffReason.CRASHED) {
      return [this.#say("it crashed, and the reason is another", now)];
    }
    if (before >= 0 && is < 0) {
      return this.#mayEnd || ends.has(step) ? [] : [this.#say("a running guest is lost", now)];
    }
    if (before < 0 && is >= 0) {
      const byItself = this.#seen?.stored?.autostart || this.#pending?.stored?.autostart || now?.stored?.autostart;
      return begins.has(step) || byItself ? [] : [this.#say("a guest runs that was off", now)];
    }
    if (before !== is && !(this.#mayEnd || begins.has(step))) return [this.#say("the id has changed", now)];
    if (before >= 0 && now?.state === DomainState.SHUTOFF) return [this.#say("it has an id and is off", now)];
    return [];
  }

  #say(what: string, now: Seen | null): string {
    const { step = "nothing", stored } = this.#pending ?? {};
    const lines = [
      `slot ${this.#slot}: ${what}`,
      `  before: ${brief(this.#seen)}`,
      `  doing:  ${step}${stored === undefined ? "" : ` -> ${JSON.stringify(stored)}`}${this.#mayEnd ? " (may end)" : ""}`,
      `  now:    ${brief(now)}`,
    ];
    return lines.join("\n");
  }
}

const marks = ({ autostart, managedSave }: Stored) => ({ autostart, managedSave });

function same(a: Stored | null, b: Stored | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function brief(seen: Seen | null): string {
  if (!seen) return "not there";
  const { xml: _, ...rest } = seen;
  return JSON.stringify(rest);
}
