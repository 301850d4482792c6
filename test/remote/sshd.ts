/** The system's own server of secure shells, for tests. */
import { execFile, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./libvirtd.ts";

const run = promisify(execFile);

/** What it takes, netcat on the far side included. */
export const sshPrograms = ["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen", "/usr/bin/nc"];

/** A server of secure shells with its own keys, that lets in who has the client's key. */
export class Sshd {
  readonly port: number;
  readonly #child: ReturnType<typeof spawn>;

  private constructor(port: number, child: ReturnType<typeof spawn>) {
    this.port = port;
    this.#child = child;
  }

  /** Files below `folder`: `hostkey`, `key`, `known`; a program `virt-ssh-helper` there is found. */
  static async start(folder: string): Promise<Sshd> {
    await run("mkdir", ["-p", "/run/sshd", join(folder, "bin")]);
    const port = await freePort();
    for (const name of ["hostkey", "key"]) {
      await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
    }
    const { stdout: hostKey } = await run("cat", [join(folder, "hostkey.pub")]);
    await writeFile(join(folder, "known"), `[localhost]:${port} ${hostKey}`);
    await run("cp", [join(folder, "key.pub"), join(folder, "authorized")]);
    const conf = [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${folder}/hostkey`,
      `AuthorizedKeysFile ${folder}/authorized`,
      `PidFile ${folder}/sshd.pid`,
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      `SetEnv PATH=${folder}/bin:/usr/bin:/bin`,
      "",
    ];
    await writeFile(join(folder, "sshd_config"), conf.join("\n"));
    const child = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", join(folder, "sshd_config")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await new Promise<void>((resolve, reject) => {
      let words = "";
      child.once("exit", () => reject(new Error(`sshd: ${words}`)));
      child.stderr?.on("data", (chunk: Buffer) => {
        words += chunk;
        if (/Server listening/.test(words)) resolve();
      });
    });
    return new Sshd(port, child);
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill();
    await gone;
  }
}
