/** The floors of docs/architecture.md: what may import what. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Source, sources } from "./sources.ts";

/** From the ground up. */
const floors = ["protocol", "xml", "model", "host", "rpc", "driver", "drivers", "api", "daemon", "cli"] as const;
const pureFloors = new Set(["protocol", "xml", "model"]);

/** Modules that compute and touch nothing. */
const pureModules: ReadonlySet<string> = new Set(["saxes", "node:path", "node:crypto"]);

const all = sources();
const folderOf = (path: string): string => path.split("/")[0] ?? "";
/** `errors.ts` stands on the ground, beside the protocol. */
const floorOf = (path: string): number => Math.max(0, (floors as readonly string[]).indexOf(folderOf(path)));
const driverOf = (path: string): string | undefined => /^drivers\/([^/]+)\//.exec(path)?.[1];
const isOwn = (target: string): boolean => target.endsWith(".ts");

function offenders(isWrong: (file: Source, target: string) => boolean): string[] {
  return all.flatMap((file) =>
    file.imports.filter((target) => isWrong(file, target)).map((target) => `${file.path} imports ${target}`),
  );
}

test("the sources are found, and every folder of them is a floor", () => {
  assert.ok(all.length > 500, `only ${all.length} files found`);
  const unknown = all.map(({ path }) => folderOf(path)).filter((folder) => !/\.ts$/.test(folder));
  assert.deepEqual([...new Set(unknown)].sort(), [...floors].sort());
});

test("no file imports from a floor above its own", () => {
  assert.deepEqual(
    offenders(({ path }, target) => isOwn(target) && floorOf(target) > floorOf(path)),
    [],
  );
});

test("no driver imports another", () => {
  assert.deepEqual(
    offenders(({ path }, target) => driverOf(path) !== undefined && isOwn(target) && isOtherDriver(path, target)),
    [],
  );
});

function isOtherDriver(path: string, target: string): boolean {
  const driver = driverOf(target);
  return driver !== undefined && driver !== driverOf(path);
}

test("nothing in protocol, xml and model does I/O", () => {
  const impure = offenders(({ path }, target) => {
    return pureFloors.has(folderOf(path)) && !isOwn(target) && !pureModules.has(target);
  });
  assert.deepEqual(impure, []);
});

test("no runtime dependency but the one for XML", () => {
  const foreign = offenders((_, target) => !isOwn(target) && !target.startsWith("node:") && target !== "saxes");
  assert.deepEqual(foreign, []);
});

test("files below the API know each other in one direction only", () => {
  // The state of the test driver's node holds every kind of object, and each of these knows the node: types only.
  const excepted = (path: string) => floorOf(path) >= floors.indexOf("api") || path.startsWith("drivers/test/");
  const circles = circlesOf(new Map(all.map(({ path, imports }) => [path, imports])));
  assert.deepEqual(
    circles.filter((circle) => !circle.every(excepted)),
    [],
  );
});

/** Groups of files of which each leads to each other (Tarjan). */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    const own = index.size;
    index.set(file, own);
    lowest.set(file, own);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue;
      const seen = index.has(next) ? (open.includes(next) ? (index.get(next) ?? own) : own) : visit(next);
      lowest.set(file, Math.min(lowest.get(file) ?? own, seen));
    }
    if (lowest.get(file) === own) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) found.push(circle.sort());
    }
    return lowest.get(file) ?? own;
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found;
}
