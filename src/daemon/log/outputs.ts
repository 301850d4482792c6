/** Where lines of the log go, as configuration and virt-admin write it: `3:stderr 1:file:/var/log/tsvirtd.log`. */
import { resolve } from "node:path";
import { LibvirtError } from "../../errors.ts";
import { type LogLevel, parseLevel } from "./level.ts";

/** One place that lines go to. */
export interface OutputSetting {
  /** The least level that goes there. */
  readonly level: LogLevel;
  readonly destination: "stderr" | "file" | "syslog" | "journald";
  /** The file's path or the name in syslog; empty for the others. */
  readonly argument: string;
}

const maxOutputs = 100;

/** Reads outputs. @throws LibvirtError INVALID_ARG with libvirt's words */
export function parseOutputs(text: string): OutputSetting[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length > maxOutputs) throw wrong(`more than ${maxOutputs} outputs`);
  const byPlace = new Map(words.map(parseOutput).map((output) => [`${output.destination}:${output.argument}`, output]));
  return [...byPlace.values()];
}

function parseOutput(word: string): OutputSetting {
  const [, priority = "", destination = "", argument] = /^([^:]*):([^:]*)(?::(.*))?$/s.exec(word) ?? [];
  if (!word.includes(":")) throw wrong(`Malformed format for log output '${word}'`);
  const level = parseLevel(priority);
  if (level === undefined) throw wrong(`Invalid log priority '${priority}' for log output '${word}'`);
  switch (destination) {
    case "stderr":
    case "journald":
      if (argument !== undefined) throw misshapen(word, destination);
      return { level, destination, argument: "" };
    case "file":
    case "syslog":
      if (!argument) throw misshapen(word, destination);
      return { level, destination, argument: destination === "file" ? resolve(argument) : argument };
    default:
      throw wrong(`Invalid log destination '${destination}' for log output '${word}'`);
  }
}

/** Outputs as virt-admin shows them. */
export function formatOutputs(outputs: readonly OutputSetting[]): string {
  return outputs
    .map(({ level, destination, argument }) => [level, destination, argument].filter(String).join(":"))
    .join(" ");
}

function wrong(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "NONE", detail);
}

function misshapen(word: string, destination: string): LibvirtError {
  return wrong(`Log output '${word}' does not meet the format requirements for destination type '${destination}'`);
}
