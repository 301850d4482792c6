/**
 * Chaos: programs change domains and are killed, QEMUs are killed, and after each death another program opens the root
 * and must find everything as it was promised. The seed chooses all that happens and when; what a moment hits depends
 * on the machine as well.
 */
import { setTimeout } from "node:timers/promises";
import { open } from "../../src/api/index.ts";
import { random } from "../fuzz/mutate.ts";
import type { Line } from "./actor.ts";
import { wrongAround, wrongEvents } from "./invariants.ts";
import { Ledger } from "./ledger.ts";
import type { Outcome } from "./opener.ts";
import { startProgram } from "./programs.ts";
import { see } from "./seen.ts";
import { endWorld, killAndWait, makeWorld, qemusOf, slotUuid, type World } from "./world.ts";

export interface ChaosOptions {
  readonly seed: number;
  /** How many domains there are. */
  readonly slots: number;
  /** How many programs are killed. */
  readonly rounds: number;
  /** Told of each round. */
  readonly report?: (text: string) => void;
}

/** What happened, in numbers. */
export interface ChaosResult {
  readonly wrong: readonly string[];
  /** Programs that were killed, with those that were killed while they took over. */
  programsKilled: number;
  qemusKilled: number;
  /** Steps that programs began. */
  steps: number;
  /** Guests that were found running. */
  takenOver: number;
  races: number;
}

/** How many steps a program gets before it ends by itself. */
const maxSteps = 25;

export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const world = await makeWorld(options.slots);
  try {
    const run = new Chaos(world, options);
    for (let round = 1; round <= options.rounds && run.result.wrong.length === 0; round++) await run.round(round);
    return run.result;
  } finally {
    await endWorld(world);
  }
}

class Chaos {
  readonly #world: World;
  readonly #options: ChaosOptions;
  readonly #next: () => number;
  readonly #ledgers: readonly Ledger[];
  readonly #wrong: string[] = [];
  readonly result: ChaosResult;

  constructor(world: World, options: ChaosOptions) {
    this.#world = world;
    this.#options = options;
    this.#next = random(options.seed);
    this.#ledgers = Array.from({ length: options.slots }, (_, slot) => new Ledger(slot));
    this.result = { wrong: this.#wrong, programsKilled: 0, qemusKilled: 0, steps: 0, takenOver: 0, races: 0 };
  }

  async round(round: number): Promise<void> {
    const steps = this.result.steps;
    await this.#act(round);
    if (this.#next() < 0.3) await this.#killQemu(true);
    while (this.#next() < 0.35) await this.#killOpener();
    if (this.#next() < 0.25) await this.#race();
    await this.#verify();
    this.#options.report?.(`round ${round}: ${this.result.steps - steps} steps`);
    for (const [at, text] of this.#wrong.entries()) this.#wrong[at] = text.replace(/^(?!round)/, `round ${round}: `);
  }

  /** A program works until it is killed, a moment after it has begun a step. */
  async #act(round: number): Promise<void> {
    const killAt = 1 + Math.floor(this.#next() * 14 * this.#options.slots);
    const killAfter = this.#moment(120);
    const qemuAt = this.#next() < 0.4 ? 1 + Math.floor(this.#next() * killAt) : 0;
    let begun = 0;
    let work = Promise.resolve();
    const { folder } = this.#world;
    const seed = this.#options.seed * 10_000 + round;
    const args = [folder, String(seed), String(this.#options.slots), String(maxSteps)];
    const program = startProgram<Line>(this.#world, "actor", args, (line) => {
      if ("slot" in line) this.#wrong.push(...(this.#ledgers[line.slot]?.note(line) ?? []));
      if (line.kind !== "begin") return;
      this.result.steps++;
      begun++;
      if (begun === qemuAt) work = this.#killQemu(false);
      if (begun === killAt) void setTimeout(killAfter).then(() => program.child.kill("SIGKILL"));
    });
    await program.ended;
    await work;
    const { exitCode, signalCode } = program.child;
    if (signalCode === "SIGKILL") this.result.programsKilled++;
    else if (exitCode !== 0) this.#wrong.push(`the program ended with ${exitCode}: ${program.errors()}`);
  }

  #ledgerOf(uuid: string): Ledger | undefined {
    return this.#ledgers[Number(uuid.slice(-12))];
  }

  /** Short moments are more likely: most of what can be torn is short. */
  #moment(longest: number): number {
    return this.#next() ** 2 * longest;
  }

  async #killQemu(unseen: boolean): Promise<void> {
    const qemus = await qemusOf(this.#world);
    const qemu = qemus[Math.floor(this.#next() * qemus.length)];
    if (!qemu) return;
    this.#ledgerOf(qemu.uuid)?.killed(unseen);
    this.result.qemusKilled++;
    await killAndWait(qemu.pid);
  }

  /** A program that is killed while it takes over, or soon after. */
  async #killOpener(): Promise<void> {
    const program = startProgram<Outcome>(this.#world, "opener", [this.#world.uri]);
    await Promise.race([setTimeout(150 + this.#moment(250)), program.ended]);
    program.child.kill("SIGKILL");
    await program.ended;
    this.result.programsKilled++;
  }

  /** Two programs open the root at once: one has it, the other learns who. */
  async #race(): Promise<void> {
    const programs = [0, 1].map(() => startProgram<Outcome>(this.#world, "opener", [this.#world.uri]));
    const outcomes = await Promise.all(programs.map(({ first }) => first));
    const winners = programs.filter((_, at) => (outcomes[at] as { open?: true } | null)?.open);
    const loser = outcomes.find((outcome) => outcome && "code" in outcome);
    const said = JSON.stringify(outcomes);
    const [winner] = winners;
    if (winners.length !== 1 || !winner) this.#wrong.push(`${winners.length} programs have the root: ${said}`);
    else if (!loser || !("code" in loser) || loser.code !== 87 || !loser.message.includes(`pid ${winner.child.pid}:`)) {
      this.#wrong.push(`the other is not told of ${winner.child.pid}: ${said}`);
    }
    for (const { child } of programs) child.kill("SIGKILL");
    await Promise.all(programs.map(({ ended }) => ended));
    this.result.races++;
  }

  async #verify(): Promise<void> {
    const { slots } = this.#options;
    await using conn = await open(this.#world.uri);
    for (const [slot, ledger] of this.#ledgers.entries()) {
      const seen = await see(conn, slotUuid(slot));
      this.#wrong.push(...ledger.wrong(seen));
      if (seen && seen.id >= 0) this.result.takenOver++;
    }
    this.#wrong.push(...(await wrongAround(conn, this.#world, slots)));
    const active = (await conn.listAllDomains(1)).filter((dom) => this.#ledgerOf(dom.uuidString())?.steady);
    const dom = active[Math.floor(this.#next() * active.length)];
    if (dom) this.#wrong.push(...(await wrongEvents(conn, this.#world, dom, this.#next() < 0.2)));
    for (const [slot, ledger] of this.#ledgers.entries()) ledger.settle(await see(conn, slotUuid(slot)));
  }
}
