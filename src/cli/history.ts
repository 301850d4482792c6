/** The lines typed in earlier sessions. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const DEFAULT_SIZE = 500;

export class History {
  readonly #file: string;
  readonly #size: number;

  /** @param program whose lines they are */
  constructor(program: string, env: NodeJS.ProcessEnv) {
    this.#file = join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), program, "history");
    const size = env.TSVIRT_HISTSIZE ?? env.VIRSH_HISTSIZE ?? "";
    this.#size = /^[0-9]{1,9}$/.test(size) ? Number(size) : DEFAULT_SIZE;
  }

  get size(): number {
    return this.#size;
  }

  /** Lines, oldest first; none when the file cannot be read. */
  async load(): Promise<string[]> {
    try {
      const lines = (await readFile(this.#file, "utf8")).split("\n").filter((line) => line !== "");
      return this.#latest(lines);
    } catch {
      return [];
    }
  }

  /** Keeps the latest lines. Only their owner may read them: they may hold passwords. */
  async save(lines: readonly string[]): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    await writeFile(
      this.#file,
      this.#latest(lines)
        .map((line) => `${line}\n`)
        .join(""),
      { mode: 0o600 },
    );
  }

  #latest(lines: readonly string[]): string[] {
    return this.#size === 0 ? [] : lines.slice(-this.#size);
  }
}
