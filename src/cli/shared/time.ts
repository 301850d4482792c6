/** Moments for people. */

const two = (n: number) => String(n).padStart(2, "0");

/** Seconds since 1970 as `2024-01-31 12:00:00` in the local time zone. */
export function localTime(seconds: bigint | number): string {
  const date = new Date(Number(seconds) * 1000);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}

/** With the zone's distance to UTC, like `+0100`. */
export function localTimeWithZone(seconds: bigint | number): string {
  const offset = -new Date(Number(seconds) * 1000).getTimezoneOffset();
  const minutes = Math.abs(offset);
  return `${localTime(seconds)} ${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
