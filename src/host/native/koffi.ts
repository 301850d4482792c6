/** The part of koffi that is used, and its loading. */

/** A function of the C library. */
export type CFunction = (...args: readonly unknown[]) => number;

export interface Koffi {
  load(path: string | null): { func(declaration: string): CFunction };
  struct(name: string, members: Readonly<Record<string, string>>): unknown;
  errno(): number;
  /** The memory at an address, as it is: it must be there as long as the result is used. */
  view(address: bigint, length: number): ArrayBuffer;
}

/** @returns why there is none, as a text, when it is not installed or does not work here */
export async function loadKoffi(): Promise<Koffi | string> {
  // By a name that bundlers do not follow: it is optional, and it is not JavaScript alone.
  const name = "koffi";
  try {
    const module = (await import(name)) as { readonly default?: Koffi } & Koffi;
    return module.default ?? module;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") return "the package koffi is not installed";
    return `the package koffi does not work: ${message.split("\n")[0]}`;
  }
}
