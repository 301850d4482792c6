/** What one setting of a configuration means, written down once for both directions. */
import type { ConfigurationValue } from "../configuration.ts";
import type { Domain, ParsedDomain } from "../domain/index.ts";
import type { Given } from "./given.ts";

/** `xl`: the tool stack of today; `xm`: what xend's shell read. Most settings are the same. */
export type Dialect = "xl" | "xm";

/** What a converter must know of the host. */
export interface XenHost {
  /** Architecture of guests. */
  readonly arch: string;
  /** The firmware of HVM guests that name none. */
  readonly hvmloader: string;
  /** Where other firmware lies, such as `ovmf.bin`. */
  readonly firmwareFolder: string;
}

export const usualHost: XenHost = {
  arch: "x86_64",
  hvmloader: "/usr/lib/xen/boot/hvmloader",
  firmwareFolder: "/usr/lib/xen/boot",
};

export interface Setting {
  readonly name: string;
  /** Reads it into a definition. Settings are read in the order of the table, whatever the order of the file. */
  readonly read?: (given: Given, draft: ParsedDomain, host: XenHost) => void;
  /** What a definition says by it; undefined when it does not. */
  readonly write?: (domain: Domain, host: XenHost) => ConfigurationValue | undefined;
}

export const isHvm = ({ os }: Pick<ParsedDomain, "os">): boolean => os.type.value === "hvm";

/** `true` becomes 1. */
export const flag = (value: boolean): bigint => (value ? 1n : 0n);

/** A value that a definition either has under a key or has not. */
export interface Lens<T> {
  get(domain: ParsedDomain): T | undefined;
  set(domain: ParsedDomain, value: T): void;
}

export function textSetting(name: string, { get, set }: Lens<string>): Setting {
  return { name, read: (given, draft) => set(draft, given.text()), write: get };
}

export function numberSetting(name: string, { get, set }: Lens<number>): Setting {
  return {
    name,
    read: (given, draft) => set(draft, given.number()),
    write: (domain) => {
      const value = get(domain);
      return value === undefined ? undefined : BigInt(value);
    },
  };
}

/** One whose words are the same on both sides. */
export function wordSetting<W extends string>(name: string, words: readonly W[], { get, set }: Lens<W>): Setting {
  return {
    name,
    read: (given, draft) => {
      const word = given.text();
      const known = words.find((one) => one === word);
      set(draft, known ?? given.fail(`'${word.slice(0, 40)}' is not one of ${words.join(", ")}`));
    },
    write: get,
  };
}

/** A list with one item for each of something that there may be several of; left out when there is none. */
export function listSetting<T>(
  name: string,
  each: {
    read(given: Given, draft: ParsedDomain): void;
    of(domain: Domain): readonly T[];
    write(item: T, domain: Domain): ConfigurationValue;
  },
): Setting {
  return {
    name,
    read: (given, draft) => {
      for (const item of given.items()) each.read(item, draft);
    },
    write: (domain) => {
      const items = each.of(domain).map((item) => each.write(item, domain));
      return items.length === 0 ? undefined : items;
    },
  };
}
