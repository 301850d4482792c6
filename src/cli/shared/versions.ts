/** libvirt's version numbers. */

/** The version of libvirt whose API and formats this is. */
export const LIBRARY = 9_000_000;

/** `9.0.0` for 9000000. */
export function versionText(version: number | bigint): string {
  const number = Number(version);
  return [Math.floor(number / 1_000_000), Math.floor(number / 1000) % 1000, number % 1000].join(".");
}
