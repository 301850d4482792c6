/** libvirt's enumerations as words: `FROM_SNAPSHOT` is `"from-snapshot"`. */

/** The word for a constant's name. */
export type Word<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}-${Word<Tail>}`
  : Lowercase<Name>;

/** The words of an enumeration; a number that this release does not know is `unknown-N`. */
export type WordOf<Constants extends Readonly<Record<string, number>>> =
  | Word<keyof Constants & string>
  | `unknown-${number}`;

const tables = new WeakMap<object, ReadonlyMap<number, string>>();

/** The word for a value of an enumeration. */
export function wordOf<Constants extends Readonly<Record<string, number>>>(
  constants: Constants,
  value: number,
): WordOf<Constants> {
  let words = tables.get(constants);
  if (!words) {
    words = new Map(Object.entries(constants).map(([name, code]) => [code, name.toLowerCase().replaceAll("_", "-")]));
    tables.set(constants, words);
  }
  return (words.get(value) ?? `unknown-${value}`) as WordOf<Constants>;
}
