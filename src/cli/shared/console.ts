/** The session at a guest's console: the terminal in raw mode, both ways, until the escape character. */
import type { Domain } from "../../api/index.ts";
import { CommandError } from "../error.ts";
import type { Shell } from "../shell.ts";
import type { Input, Output } from "../terminal.ts";

interface Session {
  readonly shell: Shell;
  notice(text: string): void;
}

/**
 * Connects the terminal to a character device of a running domain, its first console unless `device` names another.
 * @throws {CommandError} without a terminal or a running domain
 */
export async function openConsole(
  domain: Domain,
  { shell, notice }: Session,
  device?: string,
  flags = 0,
): Promise<void> {
  const { stdin, stdout } = shell.terminal;
  if (!stdin.isTTY || stdin.setRawMode === undefined) {
    throw new CommandError("Cannot run interactive console without a controlling TTY");
  }
  if (!(await domain.isActive())) throw new CommandError("The domain is not running");
  const stream = await domain.openConsole(device ?? null, flags);
  notice(`Connected to domain '${domain.name()}'\nEscape character is ${escapeName(shell.settings.escape)}\n`);
  await joinTerminal(stdin, stdout, stream, shell.settings.escape);
}

/** How people write a control character: `^] (Ctrl + ])`. */
function escapeName(byte: number): string {
  if (byte >= 0x20) return String.fromCharCode(byte);
  const letter = String.fromCharCode(byte ^ 0x40);
  return `^${letter} (Ctrl + ${letter})`;
}

/** Copies both ways until the escape byte is typed or the guest's side ends. */
async function joinTerminal(
  stdin: Input,
  stdout: Output,
  stream: NodeJS.ReadWriteStream & { destroy(): void },
  escapeByte: number,
): Promise<void> {
  stdin.setRawMode?.(true);
  try {
    await new Promise<void>((resolve, reject) => {
      const finish = (error?: Error | null) => {
        stdin.off("data", typed);
        stdin.pause();
        stream.off("data", received);
        if (error) reject(error);
        else resolve();
      };
      const typed = (chunk: Buffer) => {
        const end = chunk.indexOf(escapeByte);
        if (end !== 0) stream.write(end < 0 ? chunk : chunk.subarray(0, end));
        if (end >= 0) finish();
      };
      const received = (chunk: Buffer) => {
        if (stdout.write(chunk)) return;
        stream.pause();
        stdout.once("drain", () => stream.resume());
      };
      stream.on("data", received);
      stream.on("end", () => finish());
      stream.on("close", () => finish());
      stream.on("error", finish);
      stdin.on("data", typed);
      stdin.resume();
    });
  } finally {
    stdin.setRawMode?.(false);
    stream.destroy();
    stdout.write("\n");
  }
}
