/**
 * Large documents are read a piece at a time, before their call is answered: a document of some megabytes takes tenths
 * of a second to read, in which nobody else's call would be answered. All that wait take turns.
 */
import { type AnyProcedure, procedures } from "../../protocol/index.ts";
import { ReadAhead } from "../../xml/index.ts";

/** Documents up to this long, in characters, are read with their call: that takes about two milliseconds. */
export const largeDocument = 32 * 1024;
/** Characters read between looks at the clock. */
const pieceLength = 4096;
/** How long is read in one turn of the event loop, in milliseconds. */
const turnTime = 2;

/** The arguments of each procedure that are strings or lists of them: where documents come in. */
const stringArguments = new Map<string, readonly string[]>(
  Object.values<AnyProcedure>(procedures).map(({ name, args: { shape } }) => {
    if (shape.kind !== "struct") return [name, []];
    return [name, Object.keys(shape.fields).filter((key) => holdsStrings(shape.fields[key]?.shape))];
  }),
);

type Shape = AnyProcedure["args"]["shape"];

function holdsStrings(shape: Shape | undefined): boolean {
  if (shape?.kind === "optional" || shape?.kind === "array") return holdsStrings(shape.of.shape);
  return shape?.kind === "string";
}

const isLarge = (text: unknown): text is string =>
  typeof text === "string" && text.length > largeDocument && /^\ufeff?\s{0,100}</.test(text.slice(0, 110));

/** The large documents among a call's arguments; undefined when there are none, as with nearly every call. */
export function largeDocumentsIn({ name }: AnyProcedure, args: unknown): readonly string[] | undefined {
  let found: string[] | undefined;
  for (const key of stringArguments.get(name) ?? []) {
    const value = (args as Readonly<Record<string, unknown>>)[key];
    for (const text of Array.isArray(value) ? value : [value]) {
      if (!isLarge(text)) continue;
      found ??= [];
      found.push(text);
    }
  }
  return found;
}

/** A document whose turn will come. */
interface Waiting {
  readonly document: ReadAhead;
  readonly signal: AbortSignal;
  readonly done: () => void;
}

const waiting: Waiting[] = [];

/** Answers a call with its large documents read. They are forgotten when it is answered. */
export async function withDocumentsRead<T>(
  texts: readonly string[],
  signal: AbortSignal,
  answer: () => T | Promise<T>,
): Promise<T> {
  const documents: ReadAhead[] = [];
  try {
    for (const text of texts) {
      const document = new ReadAhead(text);
      documents.push(document);
      await read(document, signal);
    }
    signal.throwIfAborted();
    return await answer();
  } finally {
    for (const document of documents) document.forget();
  }
}

function read(document: ReadAhead, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (waiting.push({ document, signal, done }) === 1) setImmediate(takeTurn);
  });
}

/** Reads on in one document; the next turn of the event loop is the next one's. */
function takeTurn(): void {
  const [first] = waiting.splice(0, 1);
  if (first === undefined) return;
  const { document, signal, done } = first;
  if (!signal.aborted && readForOneTurn(document)) waiting.push(first);
  else done();
  if (waiting.length > 0) setImmediate(takeTurn);
}

/** Whether there is more to read. */
function readForOneTurn(document: ReadAhead): boolean {
  const end = performance.now() + turnTime;
  let more = true;
  while (more && performance.now() < end) more = document.read(pieceLength);
  return more;
}
