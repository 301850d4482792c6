/** Amounts of bytes for people. */

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/** An amount in the greatest unit of which there is at least one. */
export function inUnits(bytes: bigint | number): { value: number; unit: (typeof units)[number] } {
  let value = Number(bytes);
  let power = 0;
  for (; value >= 1024 && power < units.length - 1; power += 1) value /= 1024;
  return { value, unit: units[power] as (typeof units)[number] };
}

/** `1.50 GiB`: always two decimals. */
export function prettyBytes(bytes: bigint | number, decimals = 2): string {
  const { value, unit } = inUnits(bytes);
  return `${value.toFixed(decimals)} ${unit}`;
}
