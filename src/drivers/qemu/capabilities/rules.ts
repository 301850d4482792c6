/** How an ability is recognised. Rules are data, so that the probe asks for exactly what they look at. */
import { machineKey, type ProbeFacts, type WantedProperties } from "./facts.ts";
import type { SchemaPath } from "./schema.ts";

interface PropertyRule {
  readonly property: readonly [type: string, name: string];
  readonly of: "device" | "object" | "machine";
}

export type Rule =
  | { readonly type: string }
  | PropertyRule
  | { readonly defaultFalse: readonly [type: string, name: string] }
  | { readonly command: string }
  | { readonly schema: SchemaPath }
  | { readonly option: readonly [option: string, parameter: string | undefined] }
  | { readonly anyOf: readonly Rule[] }
  | { readonly allOf: readonly Rule[] }
  | { readonly not: Rule }
  | { readonly fact: (facts: ProbeFacts) => boolean };

/** The emulator knows a device or object type. */
export const type = (name: string): Rule => ({ type: name });
/** A device type has a property. */
export const device = (name: string, property: string): Rule => ({ property: [name, property], of: "device" });
/** An object type (memory back end, CPU) has a property. */
export const object = (name: string, property: string): Rule => ({ property: [name, property], of: "object" });
/** A machine, named without its version, has a property. */
export const machine = (name: string, property: string): Rule => ({ property: [name, property], of: "machine" });
/** A device's property is off unless somebody sets it. */
export const offByDefault = (name: string, property: string): Rule => ({ defaultFalse: [name, property] });
/** There is a monitor command. */
export const command = (name: string): Rule => ({ command: name });
/** The protocol's description has this. */
export const schema = (path: SchemaPath): Rule => ({ schema: path });
/** The command line has an option, with a parameter if one is named. */
export const option = (name: string, parameter?: string): Rule => ({ option: [name, parameter] });
export const anyOf = (...rules: Rule[]): Rule => ({ anyOf: rules });
export const allOf = (...rules: Rule[]): Rule => ({ allOf: rules });
export const not = (rule: Rule): Rule => ({ not: rule });
export const fact = (test: (facts: ProbeFacts) => boolean): Rule => ({ fact: test });
/** The guest architecture is one of these. */
export const arch = (...names: string[]): Rule => fact((facts) => names.includes(facts.arch));
/** For abilities that no introspection shows. */
export const since = (major: number, minor: number): Rule =>
  fact(({ version }) => version.major > major || (version.major === major && version.minor >= minor));

export function holds(rule: Rule, facts: ProbeFacts): boolean {
  if ("type" in rule) return facts.types.has(rule.type);
  if ("property" in rule) return hasProperty(facts, rule);
  if ("defaultFalse" in rule) {
    const [name, property] = rule.defaultFalse;
    return facts.properties.get(name)?.get(property)?.defaultValue === false;
  }
  if ("command" in rule) return facts.schema.hasCommand(rule.command);
  if ("schema" in rule) return facts.schema.has(rule.schema);
  if ("option" in rule) return hasOption(facts, ...rule.option);
  if ("anyOf" in rule) return rule.anyOf.some((r) => holds(r, facts));
  if ("allOf" in rule) return rule.allOf.every((r) => holds(r, facts));
  if ("not" in rule) return !holds(rule.not, facts);
  return rule.fact(facts);
}

function hasProperty(facts: ProbeFacts, { property: [name, property], of }: PropertyRule): boolean {
  return facts.properties.get(of === "machine" ? machineKey(name) : name)?.has(property) ?? false;
}

function hasOption(facts: ProbeFacts, name: string, parameter: string | undefined): boolean {
  const parameters = facts.options.get(name);
  return parameters !== undefined && (parameter === undefined || parameters.has(parameter));
}

/** Which types' properties these rules look at. */
export function wantedProperties(rules: Iterable<Rule>): WantedProperties {
  const found = { device: new Set<string>(), object: new Set<string>(), machine: new Set<string>() };
  const visit = (rule: Rule): void => {
    if ("property" in rule) found[rule.of].add(rule.property[0]);
    else if ("defaultFalse" in rule) found.device.add(rule.defaultFalse[0]);
    else if ("not" in rule) visit(rule.not);
    else if ("anyOf" in rule) rule.anyOf.forEach(visit);
    else if ("allOf" in rule) rule.allOf.forEach(visit);
  };
  for (const rule of rules) visit(rule);
  return { devices: [...found.device], objects: [...found.object], machines: [...found.machine] };
}
