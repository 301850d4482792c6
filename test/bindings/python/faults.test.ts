/** Programs in Python that make mistakes, wires that break under them, and the programs of libvirt's first manual. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { projectRoot } from "../../helpers/project.ts";
import { runClient, shortFolder, Tsvirtd } from "../../helpers/tsvirtd.ts";
import { python } from "../../remote/libvirtd.ts";
import { pythonPackage } from "./package.ts";

const folder = join(projectRoot, "test", "bindings", "python");
const withoutPython = existsSync(python) ? false : `${python} is not there`;
const withoutOfficial = existsSync("/usr/lib/python3/dist-packages/libvirt.py")
  ? false
  : "python3-libvirt is not installed";
const modules = [
  { module: "libvirt", skip: withoutOfficial },
  { module: "tsvirt", skip: withoutPython },
] as const;

/** The words behind the URI: where the module lies, if Python does not find it by itself. */
async function placeOf(module: (typeof modules)[number]["module"]): Promise<string[]> {
  return module === "tsvirt" ? [await pythonPackage()] : [];
}

/** Passes bytes on between programs and a daemon's socket, counts those that come, and cuts when a text goes by. */
class Relay {
  readonly path: string;
  received = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((program) => this.#join(program));
  readonly #daemon: string;
  readonly #cutAt: Buffer;

  private constructor(path: string, daemon: string, cutAt: string) {
    this.path = path;
    this.#daemon = daemon;
    this.#cutAt = Buffer.from(cutAt);
  }

  static async start(t: TestContext, daemon: string, cutAt: string): Promise<Relay> {
    const relay = new Relay(join(await shortFolder(t), "relay"), daemon, cutAt);
    relay.#server.listen(relay.path);
    await once(relay.#server, "listening");
    t.after(() => {
      relay.#server.close();
      for (const socket of relay.#sockets) socket.destroy();
    });
    return relay;
  }

  #join(program: Socket): void {
    const daemon = connect({ path: this.#daemon });
    const ends = [program, daemon];
    for (const socket of ends) {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("close", () => {
        this.#sockets.delete(socket);
        for (const end of ends) end.destroy();
      });
    }
    program.on("data", (bytes: Buffer) => {
      this.received += bytes.length;
      if (bytes.includes(this.#cutAt)) for (const end of ends) end.destroy();
      else daemon.write(bytes);
    });
    daemon.on("data", (bytes: Buffer) => program.write(bytes));
  }
}

type Step = readonly [step: string, ...what: unknown[]];

for (const { module, skip } of modules) {
  test(`mistakes and a wire that breaks, under ${module}`, { skip }, async (t) => {
    const daemon = await Tsvirtd.start(t);
    // In XDR, "cut" with its length before and a null behind it.
    const relay = await Relay.start(t, daemon.socket(), "\0\0\0\u0003cut\0");
    const uri = `test+unix:///default?socket=${relay.path}`;
    const child = spawn(python, ["-B", join(folder, "faults.py"), module, uri, ...(await placeOf(module))], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    t.after(() => child.kill("SIGKILL"));
    const ended = once(child, "close");
    const steps: Step[] = [];
    let before = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const step = JSON.parse(line) as Step;
      steps.push(step);
      if (step[0] === "ready") {
        before = relay.received;
        child.stdin.write("\n");
      }
      // What was wrong has not been sent: the official module looks at some things later, so it is not asked.
      if (step[0] === "wrong" && module === "tsvirt") assert.equal(relay.received, before, `sent for ${step[1]}`);
      if (step[0] === "alive") child.stdin.write("\n");
    }
    const [code] = (await ended) as [number];
    assert.equal(code, 0, JSON.stringify(steps.at(-1)));
    const wrong = steps.filter(([step]) => step === "wrong");
    assert.equal(wrong.length, 10);
    for (const [, parameter, kind, message] of wrong) {
      // The official module finds some mistakes later, and names no parameter.
      if (module === "tsvirt") assert.match(`${kind}: ${message}`, new RegExp(`^TypeError: .*\\b${parameter}\\b`));
    }
    const rest = steps.filter(([step]) => step !== "wrong" && step !== "ready" && step !== "cutting");
    assert.deepEqual(rest.slice(0, 1), [["after wrong", "test", 1]]);
    const cut = rest.find(([step]) => step === "cut");
    assert.deepEqual(cut?.slice(1, 2), ["libvirtError"]);
    // The system's error, or the protocol's, of the part that speaks it.
    assert.equal(cut?.[3], 7, `VIR_FROM_RPC, not ${JSON.stringify(cut)}`);
    assert.equal(rest.find(([step]) => step === "after the cut")?.[1], "libvirtError");
    assert.deepEqual(rest.slice(-3), [
      ["alive", 0],
      ["again", 1, "test"],
      ["threads", Array(8).fill("test")],
    ]);
  });

  test(`the programs of the first manual, under ${module}`, { skip }, async (t) => {
    const daemon = await Tsvirtd.start(t);
    const args = ["-B", join(folder, "first_manual.py"), module, daemon.uri(), ...(await placeOf(module))];
    const { code, stdout, stderr } = await runClient(python, args);
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.trim().split("\n"), [
      "Domain 0: id 1 running linux",
      "[1, 8388608, 2097152, 2]",
      "error 42 12",
      "handler heard [('context', 42, 12)]",
      "handler heard 1",
      "OK",
    ]);
    assert.match(stderr, /Domain not found: no domain with matching id 12345/);
  });
}
