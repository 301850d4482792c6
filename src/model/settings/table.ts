/** Tables of settings: the one place where a configuration file's names, values, defaults and meanings are said. */
import type { SettingType } from "./types.ts";

export interface Setting<T, Standard extends T | undefined = T | undefined> {
  readonly type: SettingType<T>;
  /** What holds when the file does not say it. */
  readonly standard: Standard;
  /** What it does here, for people; null for a name of libvirt's that has no use here yet. */
  readonly meaning: string | null;
  /** Why a name of libvirt's has no use here, for people. */
  readonly why?: string;
}

/** Any table of settings. */
export type SettingTable = Readonly<Record<string, Setting<unknown, unknown>>>;

/** The values of a table's settings by name, defaults filled in. */
export type ValuesOf<Table extends SettingTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer T, infer Standard>
    ? T | Extract<Standard, undefined>
    : never;
};

/** A setting that always has a value. */
export function always<T>(type: SettingType<T>, standard: T, meaning: string): Setting<T, T> {
  return { type, standard, meaning };
}

/** A setting that may be left out: then nothing of the kind is done, or something is found out. */
export function maybe<T>(type: SettingType<T>, meaning: string): Setting<T> {
  return { type, standard: undefined, meaning };
}

/** A setting of libvirt's that is taken and checked, and does nothing here. @param why it does not, where it is to stay so */
export function unused<T>(type: SettingType<T>, why?: string): Setting<T> {
  return { type, standard: undefined, meaning: null, ...(why !== undefined && { why }) };
}
