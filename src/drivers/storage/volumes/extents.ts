/** Where a file has data and where it has holes. */
import type { FileHandle } from "node:fs/promises";
import { runTool, whereIs } from "../../../host/tool.ts";

/** A part of a file, in bytes. */
export interface Extent {
  readonly start: bigint;
  readonly length: bigint;
  readonly hole: boolean;
}

interface Mapped {
  readonly start: number;
  readonly length: number;
  readonly zero: boolean;
  readonly data: boolean;
}

/** How much of a file is mapped at a time, in bytes: a file with many holes has a long map. */
const window = 64n * 1024n ** 3n;

/**
 * The extents of a part of a file, in order and without gaps. Node cannot ask where the holes are, so qemu-img does;
 * where it is not installed, or the file has no holes, all of it is data.
 */
export async function* extentsOf(
  file: FileHandle,
  path: string,
  start: bigint,
  end: bigint,
  signal: AbortSignal,
): AsyncGenerator<Extent> {
  const { size, blocks } = await file.stat({ bigint: true });
  if (blocks * 512n >= size || (await whereIs("qemu-img")) === null) {
    if (end > start) yield { start, length: end - start, hole: false };
    return;
  }
  for (let at = start; at < end; at += window) {
    yield* mapWindow(path, at, at + window < end ? at + window : end, signal);
  }
}

async function* mapWindow(path: string, start: bigint, end: bigint, signal: AbortSignal): AsyncGenerator<Extent> {
  const range = [`--start-offset=${start}`, `--max-length=${end - start}`];
  // What a guest wrote must not be taken for a format of its own: `json:` and the like are part of the name's syntax.
  const image = `driver=raw,file.driver=file,file.filename=${path.replaceAll(",", ",,")}`;
  const args = ["map", "-U", "--output=json", ...range, "--image-opts", image];
  const text = await runTool("qemu-img", args, { domain: "STORAGE", signal });
  let at = start;
  for (const { start: from, length, zero, data } of JSON.parse(text) as Mapped[]) {
    const [begin, stop] = [max(BigInt(from), at), min(BigInt(from) + BigInt(length), end)];
    if (stop <= begin) continue;
    // Between what is told of, and in the last bytes that are no whole sector, there may be data.
    if (begin > at) yield { start: at, length: begin - at, hole: false };
    yield { start: begin, length: stop - begin, hole: zero && !data };
    at = stop;
  }
  if (at < end) yield { start: at, length: end - at, hole: false };
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
