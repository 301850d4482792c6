/** The same command lines through real virsh and through tsvirt, each with a server of its own of the same kind. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Outcome, tsvirt, virsh, virshMissing } from "../../../src/cli/virsh.test.support.ts";
import { anywhere } from "./expected.ts";
import { DefinitionFolder } from "./files.ts";
import { lines } from "./lines.ts";
import type { Server } from "./server.ts";

type Run = (argv: readonly string[]) => Promise<Outcome>;

/** Lines that no server has part in, compared in-process; descriptors have tests of their own. */
const local: ReadonlySet<string> = new Set([
  "connect; list",
  "connect bogus:///x",
  "dominfo --help; list",
  "dom-fd-associate test x 3",
]);

interface Comparison {
  readonly name: string;
  readonly skip: string | false;
  readonly server: (t: TestContext) => Promise<Server>;
  /** Lines whose answers differ, by the reason. */
  readonly differences: Readonly<Record<string, readonly string[]>>;
}

/** Every line begins with a fresh node, for it goes with the server's last client. */
export function compareOverTheWire({ name, skip, server, differences }: Comparison): void {
  const different = new Set(Object.values(differences).flat());
  test(name, { skip }, async (t) => {
    const missing = await virshMissing();
    if (missing) return t.skip(missing);
    const sides = await Promise.all([virsh, tsvirt].map(async (run) => new Side(run, await server(t))));
    for (const side of sides) await side.prepare(t);
    for (const line of lines.filter((line) => !local.has(line))) {
      await t.test(line, async () => {
        const [virshs, tsvirts] = await Promise.all(sides.map((side) => side.outcome(line)));
        if (different.has(line)) assert.notDeepEqual(tsvirts, virshs, "no difference any more");
        else assert.deepEqual(tsvirts, virshs);
      });
    }
    assert.deepEqual(
      [...different].filter((line) => !lines.includes(line)),
      [],
    );
  });
}

class Side {
  readonly #run: Run;
  readonly #server: Server;
  #folder!: DefinitionFolder;

  constructor(run: Run, server: Server) {
    this.#run = run;
    this.#server = server;
  }

  async prepare(t: TestContext): Promise<void> {
    this.#folder = await DefinitionFolder.create();
    t.after(() => this.#folder.remove());
  }

  async outcome(line: string): Promise<Outcome> {
    const { uri } = this.#server;
    const text = this.#folder.expand(line).replaceAll("test:///default", uri);
    const { stdout, stderr, code } = anywhere(await this.#run(["-c", uri, text]), this.#folder);
    await this.#server.forgotten();
    const moved = (words: string) =>
      words.replaceAll(uri, "test:///default").replace(/52:54:00:(?!00:00)[0-9a-f:]{8}/g, "(a new address)");
    return { stdout: moved(stdout), stderr: moved(stderr), code };
  }
}
