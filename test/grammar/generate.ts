/** Documents that a grammar allows, made at random from a seed. */
import fc from "fast-check";
import { escapeXml } from "../../src/xml/index.ts";
import type { Grammar, Pattern } from "./pattern.ts";

/** Elements nested deeper than this take the shortest way out. */
const deep = 10;

/** A generator of random documents of a grammar: the same seed gives the same documents. */
export function documentsOf({ start, defines }: Grammar, seed: number): () => string {
  const random = mulberry32(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

  interface Out {
    attributes: Map<string, string>;
    body: string;
  }

  const write = (pattern: Pattern, out: Out, depth: number): void => {
    switch (pattern.kind) {
      case "empty":
      case "notAllowed":
        return;
      case "text":
        out.body += pick(["x1", "/a/b", "abc"]);
        return;
      case "value":
      case "data":
        out.body += escapeXml(pattern.kind === "value" ? pattern.text : sample(pattern, random));
        return;
      case "ref": {
        const target = defines.get(pattern.name);
        if (target === undefined) throw new Error(`no <define name='${pattern.name}'>`);
        write(target, out, depth);
        return;
      }
      case "attribute": {
        const value: Out = { attributes: new Map(), body: "" };
        write(pattern.inner, value, depth);
        out.attributes.set(pattern.name, value.body);
        return;
      }
      case "element": {
        const inner: Out = { attributes: new Map(), body: "" };
        write(pattern.inner, inner, depth + 1);
        const attributes = [...inner.attributes].map(([name, value]) => ` ${name}='${value}'`).join("");
        const ns = pattern.ns === undefined || pattern.ns === "" ? "" : ` xmlns='${pattern.ns}'`;
        out.body += `<${pattern.name}${ns}${attributes}>${inner.body}</${pattern.name}>`;
        return;
      }
      case "choice":
        write(depth > deep ? shortest(pattern.parts) : pick(pattern.parts), out, depth);
        return;
      case "group":
        for (const part of pattern.parts) write(part, out, depth);
        return;
      case "interleave":
        for (const part of shuffle(pattern.parts, random)) write(part, out, depth);
        return;
      case "optional":
      case "zeroOrMore":
        if (depth > deep || random() < 0.5) return;
        write(pattern.inner, out, depth);
        if (pattern.kind === "zeroOrMore" && random() < 0.3) write(pattern.inner, out, depth);
        return;
      case "oneOrMore":
        write(pattern.inner, out, depth);
        if (depth <= deep && random() < 0.3) write(pattern.inner, out, depth);
    }
  };

  return () => {
    const out: Out = { attributes: new Map(), body: "" };
    write(start, out, 0);
    return out.body;
  };
}

/** Of some patterns the one that ends soonest: recursion always has a way out that is not an element. */
function shortest(parts: readonly Pattern[]): Pattern {
  const rank: Partial<Record<Pattern["kind"], number>> = {
    empty: 0,
    value: 0,
    data: 0,
    text: 0,
    optional: 1,
    attribute: 1,
  };
  return [...parts].sort((a, b) => (rank[a.kind] ?? 2) - (rank[b.kind] ?? 2))[0] ?? { kind: "empty" };
}

function shuffle<T>(from: readonly T[], random: () => number): T[] {
  return from
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

function sample({ type, params }: Extract<Pattern, { kind: "data" }>, random: () => number): string {
  const seed = Math.floor(random() * 0x7fff_ffff);
  if (params.pattern !== undefined) {
    const pool = matching(params.pattern);
    return pool[seed % pool.length] ?? "";
  }
  if (/integer|int|long|short|byte/i.test(type)) {
    const low = Number(params.minInclusive ?? (/positive/.test(type) ? 1 : 0));
    const high = Number(params.maxInclusive ?? Math.max(low, 100));
    return String(low + Math.floor(random() * (Math.min(high, low + 1000) - low + 1)));
  }
  if (type === "double" || type === "decimal") return "1.5";
  return `${/NCName|Name|ID/.test(type) ? "n" : "a"}${seed % 100}`;
}

/** How many different texts a pattern gives: making them is slow, choosing is not. */
const poolSize = 50;
const pools = new Map<string, readonly string[]>();

/** Texts of the form of an XML Schema pattern. */
function matching(pattern: string): readonly string[] {
  const known = pools.get(pattern);
  if (known !== undefined) return known;
  const form = new RegExp(`^(?:${inJavaScript(pattern)})$`);
  const pool = fc.sample(fc.stringMatching(form, { size: "xsmall" }), { numRuns: poolSize, seed: 1 });
  pools.set(pattern, pool);
  return pool;
}

/**
 * XML Schema patterns are anchored as a whole, so `$` and, outside of a class, `^` stand for themselves; so do hyphens
 * before an escape or at the end of a class.
 */
function inJavaScript(pattern: string): string {
  return pattern
    .replace(/\\?-(?=\\|\])/g, "\\-")
    .replace(/(?<![[\\])\^/g, "\\^")
    .replace(/(?<!\\)\$/g, "\\$");
}

/** A small seeded generator of numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
