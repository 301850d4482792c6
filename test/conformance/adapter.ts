/**
 * The conformance adapter: reads cases from stdin and answers them on stdout, one JSON line each.
 * Started by `npm run --silent conformance-adapter`, usually by the runner of the conformance data.
 */
import { createInterface } from "node:readline";
import { isLibvirtError } from "../../src/errors.ts";
import type { Answer, Produced, Request } from "./protocol.ts";
import { suites } from "./suites/index.ts";

async function answer(request: Request): Promise<Answer> {
  const load = Object.hasOwn(suites, request.suite) ? suites[request.suite] : undefined;
  if (load === undefined) return { result: "skip", message: `no adapter for ${request.suite}` };
  try {
    const handler = await load();
    return { result: "ok", ...wrap(await handler(request)) };
  } catch (error) {
    if (isLibvirtError(error) && error.cause === undefined) return { result: "reject", message: error.message };
    return { result: "error", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function wrap(produced: Produced): Omit<Answer, "result"> {
  if (typeof produced === "string" || Array.isArray(produced))
    return { output: produced as string | readonly string[] };
  return produced as Omit<Answer, "result">;
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (line.trim() === "") continue;
  const request = JSON.parse(line) as Request;
  process.stdout.write(`${JSON.stringify({ id: request.id, ...(await answer(request)) })}\n`);
}
