/** Typed parameters: `name           : value` lines, and the sets that commands make. */

export type ParameterValue = number | bigint | boolean | string;
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** The parameters that have a value; undefined when none has. */
export function setParameters(values: Readonly<Record<string, ParameterValue | undefined>>): Parameters | undefined {
  const given = Object.entries(values).filter((entry): entry is [string, ParameterValue] => entry[1] !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** virsh's list of parameters. */
export function printParameters(
  parameters: Parameters,
  format: (value: ParameterValue) => string = String,
  width = 15,
): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name.padEnd(width)}: ${format(value)}\n`)
    .join("");
}

/** What libvirt takes for no limit, and everything above. */
const unlimited = 9007199254740991n;

export function limitText(value: ParameterValue): string {
  return typeof value === "bigint" && value >= unlimited ? "unlimited" : String(value);
}
