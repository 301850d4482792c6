/** `tsvirtd passwd`: the users who may log in by SASL. */
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { LibvirtError } from "../errors.ts";
import {
  defaultUserFile,
  newEntry,
  readUsers,
  type StoredMechanism,
  storedMechanisms,
  userName,
  writeUsers,
} from "./auth/user-file.ts";
import { UsageError } from "./command-line.ts";
import { errorText } from "./log/log.ts";
import { pathsOf } from "./paths.ts";
import { readSettings } from "./settings/read.ts";

export const passwdUsage = `
Usage:
  tsvirtd passwd add [--mechanism NAME]... USER    The password is read from standard input
  tsvirtd passwd remove USER
  tsvirtd passwd list

Options:
  -f | --config <file>   Configuration file, which may name the file of users (sasl_passwd_file)
       --root <dir>      As for the daemon
  -m | --mechanism <name> What to store the password for: ${storedMechanisms.join(", ")}; the first unless given.
                         DIGEST-MD5 stores what lets in whoever reads it.
`;

interface Request {
  readonly action: "add" | "remove" | "list";
  readonly user: string;
  readonly mechanisms: readonly StoredMechanism[];
  readonly config: string | null;
  readonly root: string | null;
}

/** Runs the command. @param argv what follows `passwd` @returns the program's exit code */
export async function passwd(argv: readonly string[]): Promise<number> {
  try {
    const request = parse(argv);
    const file = await fileFor(request);
    await run(request, file);
    return 0;
  } catch (error) {
    const help = error instanceof UsageError ? `\n${passwdUsage}` : "\n";
    process.stderr.write(`tsvirtd passwd: ${errorText(error)}${help}`);
    return 1;
  }
}

function parse(argv: readonly string[]): Request {
  const { values, positionals } = parsed(argv);
  const [action, user, ...more] = positionals;
  if (action !== "add" && action !== "remove" && action !== "list") throw new UsageError("add, remove or list?");
  if (more.length > 0 || (action === "list") !== (user === undefined)) throw new UsageError(`${action} which user?`);
  const mechanisms = (values.mechanism ?? [storedMechanisms[0]]).map((name) => {
    const known = storedMechanisms.find((one) => one === name.toUpperCase());
    if (known === undefined) throw new UsageError(`nothing is stored for the mechanism '${name}'`);
    return known;
  });
  return { action, user: user ?? "", mechanisms, config: values.config ?? null, root: values.root ?? null };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: "string", short: "f" },
        root: { type: "string" },
        mechanism: { type: "string", short: "m", multiple: true },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split(". ")[0]);
  }
}

async function fileFor({ config, root }: Request): Promise<string> {
  const path = config === null ? pathsOf({ root }).config : resolve(config);
  const settings = await readSettings(path, config !== null);
  return settings.sasl_passwd_file ?? defaultUserFile(path);
}

async function run({ action, user, mechanisms }: Request, file: string): Promise<void> {
  const users = new Map(await readUsers(file));
  if (action === "list") {
    for (const [name, { scram, digest }] of users) {
      process.stdout.write(`${name}: ${[...Object.keys(scram), ...(digest ? ["DIGEST-MD5"] : [])].join(", ")}\n`);
    }
    return;
  }
  const name = userName(user);
  if (action === "add") users.set(name, await newEntry(name, await readPassword(), mechanisms));
  else if (!users.delete(name)) throw new LibvirtError("INVALID_ARG", "CONF", `${file}: there is no user '${name}'`);
  await writeUsers(file, users);
}

/** One line of standard input; at a terminal it is asked for twice and not shown. */
async function readPassword(): Promise<string> {
  const { stdin, stderr } = process;
  const isTerminal = stdin.isTTY === true;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: isTerminal });
  const ask = async (prompt: string) => {
    if (isTerminal) stderr.write(prompt);
    const answer = await Promise.race([lines.question(""), once(lines, "close").then(() => "")]);
    if (isTerminal) stderr.write("\n");
    return answer;
  };
  try {
    const password = await ask("Password: ");
    if (password === "") throw new LibvirtError("INVALID_ARG", "CONF", "no password was given");
    if (isTerminal && (await ask("Again: ")) !== password) {
      throw new LibvirtError("INVALID_ARG", "CONF", "these were two passwords");
    }
    return password;
  } finally {
    lines.close();
  }
}
