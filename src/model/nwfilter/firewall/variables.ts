/** Rules with variables: one rule for each combination of the variables' values. */
import { LibvirtError } from "../../../errors.ts";
import { type FilterCondition, formatFilter, parseFilter } from "../filter.ts";
import { parseVariable, type VariableUse } from "../values.ts";

/** The values of variables by name; a single value is a list of one. */
export type Variables = ReadonlyMap<string, readonly string[]>;

/** The variables that a condition uses, in the order of its fields. */
function usesOf(condition: FilterCondition): VariableUse[] {
  return Object.values(condition).flatMap((value) => {
    const use = typeof value === "string" && value.startsWith("$") ? parseVariable(value) : undefined;
    return use === undefined ? [] : [use];
  });
}

/** The names of the variables that conditions use and that have no value, or not as many as are asked for. */
export function missingVariables(condition: FilterCondition | undefined, variables: Variables): string[] {
  if (condition === undefined) return [];
  const missing = usesOf(condition).filter(({ name, index = 0 }) => variables.get(name)?.[index] === undefined);
  return missing.map(({ name, index }) => (index === undefined ? name : `${name}[${index}]`));
}

/** Variables that are gone through together, and the steps of doing so: which of their values, without repetitions. */
interface Walk {
  readonly iterator: number;
  readonly steps: readonly number[];
}

function walksOf(uses: readonly VariableUse[], variables: Variables): Walk[] {
  const together = new Map<number, Set<string>>();
  for (const { name, iterator } of uses) {
    if (iterator === undefined) continue;
    const names = together.get(iterator);
    if (names === undefined) together.set(iterator, new Set([name]));
    else names.add(name);
  }
  return [...together].map(([iterator, names]) => ({ iterator, steps: stepsOf([...names], variables) }));
}

function stepsOf(names: readonly string[], variables: Variables): number[] {
  const lists = names.map((name) => variables.get(name) ?? []);
  const [first = []] = lists;
  if (lists.some((list) => list.length !== first.length)) {
    throw new LibvirtError(
      "INTERNAL_ERROR",
      "NWFILTER",
      `Cardinality of list items must be the same for processing them in parallel: ${names.join(", ")}`,
    );
  }
  const seen = new Set<string>();
  return [...first.keys()].filter((at) => {
    const values = lists.map((list) => list[at]).join(" ");
    if (seen.has(values)) return false;
    seen.add(values);
    return true;
  });
}

/** Every choice of one step for each walk, those of the first walk changing fastest. */
function choices(walks: readonly Walk[]): ReadonlyMap<number, number>[] {
  let all: Map<number, number>[] = [new Map()];
  for (const { iterator, steps } of walks) {
    all = steps.flatMap((step) => all.map((choice) => new Map([...choice, [iterator, step]])));
  }
  return all;
}

/** How many rules one rule may become. */
const maxRules = 10_000;

/**
 * The condition with values for its variables, once for each combination.
 * @throws LibvirtError INTERNAL_ERROR for variables that do not fit together; XML_ERROR for a value that has no sense
 *   where it is used
 */
export function withValues(condition: FilterCondition, variables: Variables): FilterCondition[] {
  const uses = usesOf(condition);
  if (uses.length === 0) return [condition];
  const walks = walksOf(uses, variables);
  if (walks.reduce((product, { steps }) => product * steps.length, 1) > maxRules) {
    throw new LibvirtError("OPERATION_FAILED", "NWFILTER", `a rule becomes more than ${maxRules} rules`);
  }
  return choices(walks).map((choice) => {
    const values = Object.entries(condition).map(([key, value]) => {
      const use = typeof value === "string" && value.startsWith("$") ? parseVariable(value) : undefined;
      if (use === undefined) return [key, value];
      return [key, variables.get(use.name)?.[use.index ?? choice.get(use.iterator ?? 0) ?? 0]];
    });
    return readAgain(Object.fromEntries(values) as FilterCondition);
  });
}

/** A value that comes from a variable is checked, and brought in form, like one that is written. */
function readAgain(condition: FilterCondition): FilterCondition {
  const rule = { element: "rule", action: "accept", direction: "in", priority: 500, conditions: [condition] } as const;
  const xml = formatFilter({ name: "values", chain: "root", entries: [{ ...rule, conditions: [condition] }] });
  const [entry] = parseFilter(xml).entries;
  const [read] = entry?.element === "rule" ? entry.conditions : [];
  if (read === undefined) throw new LibvirtError("INTERNAL_ERROR", "NWFILTER", "a rule is lost with its values");
  return read;
}
