/** Recorded probes: the questions that an emulator was asked and its answers, evaluated as a live emulator is. */
import { LibvirtError } from "../../../errors.ts";
import { isJsonObject, type Json, type JsonObject, parseJson, stringifyJson } from "../monitor/json.ts";
import { collectCapabilities, QemuCapabilities } from "./capabilities.ts";
import type { Ask } from "./facts.ts";

/**
 * Evaluates a recording: JSON objects, questions and answers in turn, with an empty line between two. A second run of
 * the emulator, without KVM, begins with another `qmp_capabilities`.
 */
export async function capabilitiesFromReplies(text: string): Promise<QemuCapabilities> {
  const [first, second] = runsOf(text);
  if (first === undefined) throw new LibvirtError("INTERNAL_ERROR", "QEMU", "recording of a probe is empty");
  return new QemuCapabilities(await collectCapabilities(askOf(first), async () => askOf(second ?? first)));
}

/** The answers of one run of the emulator, by question. */
type Run = ReadonlyMap<string, JsonObject>;

function runsOf(text: string): readonly Run[] {
  const messages = text
    .split(/\n\s*\n/)
    .filter((part) => part.trim() !== "")
    .map(parseJson)
    .filter(isJsonObject);
  const runs: Map<string, JsonObject>[] = [];
  for (let i = 0; i + 1 < messages.length; i += 2) {
    const [question, answer] = [messages[i] as JsonObject, messages[i + 1] as JsonObject];
    if (question.execute === "qmp_capabilities") runs.push(new Map());
    runs.at(-1)?.set(keyOf(question.execute, question.arguments), answer);
  }
  return runs;
}

function askOf(run: Run): Ask {
  return async (command, args) => run.get(keyOf(command, args))?.return ?? null;
}

function keyOf(command: Json | undefined, args: Json | undefined): string {
  return `${String(command)} ${args === undefined ? "" : stringifyJson(sorted(args))}`;
}

/** The same value with members in one order: two questions are the same however they were written. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v as Json)]));
}
