/** What virsh prints of a daemon's domain events, as they come. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Lifetime } from "../../helpers/tsvirtd.ts";

export class VirshEvents {
  readonly #child: ReturnType<typeof spawn>;
  #heard = "";

  /**
   * Begins to listen.
   * @param poke does something that is heard of; it is done until it has been, for it cannot be seen when virsh listens
   */
  static async start(t: Lifetime, uri: string, poke: () => Promise<unknown>): Promise<VirshEvents> {
    const events = new VirshEvents(uri);
    t.after(() => events.#child.kill());
    while (events.#heard === "") await poke();
    return events;
  }

  private constructor(uri: string) {
    this.#child = spawn("virsh", ["-c", uri, "event", "--all", "--loop"], { stdio: ["ignore", "pipe", "inherit"] });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#heard += text;
    });
  }

  /** What has been heard of a domain so far. */
  of(domain: string): string[] {
    return this.#heard.split("\n").filter((line) => line.includes(`domain '${domain}'`));
  }

  /** Waits for an event of a domain that says so, after the first `known` ones. */
  async hears(domain: string, what: string, known: number): Promise<void> {
    while (
      !this.of(domain)
        .slice(known)
        .some((line) => line.includes(what))
    ) {
      await once(this.#child.stdout ?? this.#child, "data", { signal: AbortSignal.timeout(120_000) });
    }
  }
}
