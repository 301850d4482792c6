/**
 * What keys are called by each table that a client may take their codes from. Each line holds the codes of the Linux
 * keys from the number before it on, in hexadecimal; a dot stands for a key without a code.
 */
import { KeycodeSet } from "../../../protocol/index.ts";

/** Scan codes of the first set, as PC keyboards send them; those after E0 have 100 added. */
const scanCodes = `
  1: 1 2 3 4 5 6 7 8 9 a b c d e f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 22 23 24 25 26 27 28 29 2a
  43: 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f
  80: 50 51 52 53 . 76 56 57 58 73 78 77 79 70 7b 5c 11c 11d 135 54 138 5b 147 148 149 14b 14d 14f 150 151 152 153
  112: 16f 120 12e 130 15e 59 14e 146 10b 7e . 10d 7d 15b 15c 15d 168 105 106 107 10c 178 64 65 141 13c 175 11e 121
  141: 66 15f 163 67 68 69 113 11f 117 102 6a 112 6b 126 16c 166 16b 16a 169 123 6c 17d 119 122 110 124 131 118 63 .
  171: 101 132 167 71 72 108 75 10f 176 17b 109 10a 5d 5e 5f 55 103 177 104 5a 74 179 6d 6f`;

/** Scan codes of the second set; those after E0 have e000 added. */
const secondSet = `
  1: 76 16 1e 26 25 2e 36 3d 3e 46 45 4e 55 66 d 15 1d 24 2d 2c 35 3c 43 44 4d 54 5b 5a 14 1c 1b 23 2b 34 33 3b 42 4b
  39: 4c 52 e 12 5d 1a 22 21 2a 32 31 3a 41 49 4a 59 7c 11 29 58 5 6 4 c 3 b 83 a 1 9 77 7e 6c 75 7d 7b 6b 73 74 79 69
  80: 72 7a 70 71 . 5f 61 78 7 51 63 62 64 13 67 27 e05a e014 e04a . e011 . e06c e075 e07d e06b e074 e069 e072 e07a
  110: e070 e071 . e023 e021 e032 e037 f . . . . . . 6a e01f e027 e02f
  142: e03f e05e`;

/** Codes of the third set, which has none that are extended. */
const thirdSet = `
  1: 8 16 1e 26 25 2e 36 3d 3e 46 45 4e 55 66 d 15 1d 24 2d 2c 35 3c 43 44 4d 54 5b 5a 11 1c 1b 23 2b 34 33 3b 42 4b
  39: 4c 52 e 12 5d 1a 22 21 2a 32 31 3a 41 49 4a 59 7e 19 29 14 7 f 17 1f 27 2f 37 3f 47 4f 76 5f 6c 75 7d 84 6b 73 74
  78: 7c 69 72 7a 70 71 . . 13 56 5e . . . 86 87 85 . 79 58 77 57 39 . 6e 63 6f 61 6a 65 60 6d 67 64 8e 9c 9d 95
  119: 62
  125: 8b 8c 8d a b c 10 . 18 20 28 30 38 9 91 a3`;

/** Usages of the keyboard page of USB's human interface devices. */
const usb = `
  1: 29 1e 1f 20 21 22 23 24 25 26 27 2d 2e 2a 2b 14 1a 8 15 17 1c 18 c 12 13 2f 30 28 e0 4 16 7 9 a b d e f 33 34 35 e1
  43: 32 1d 1b 6 19 5 11 10 36 37 38 e5 55 e2 2c 39 3a 3b 3c 3d 3e 3f 40 41 42 43 53 47 5f 60 61 56 5c 5d 5e 57 59 5a 5b
  82: 62 63 . 94 64 44 45 87 92 93 8a 88 8b 8c 58 e4 54 46 e6 . 4a 52 4b 50 4f 4d 51 4e 49 4c . ef ee ed 66 67 . 48 .
  121: 85 90 91 89 e3 e7 65 f3 79 76 7a 77 7c 74 7d f4 7b 75 . fb . f8
  150: f0 . f9
  158: f1 f2 . ec . eb e8 ea e9
  173: fa . . f7 f5 f6 b6 b7 . . 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73`;

/** Virtual keys of Windows. */
const windows = `
  1: 1b 31 32 33 34 35 36 37 38 39 30 bd bb 8 9 51 57 45 52 54 59 55 49 4f 50 db dd d a2 41 53 44 46 47 48 4a 4b 4c ba
  40: de c0 a0 dc 5a 58 43 56 42 4e 4d bc be bf a1 6a a4 20 14 70 71 72 73 74 75 76 77 78 79 90 91 67 68 69 6d 64 65 66
  78: 6b 61 62 63 60 6e . . e1 7a 7b . 15 . . . . . . a3 6f 2c a5 . 24 26 21 25 27 23 28 22 2d 2e . ad ae af . . . 13
  121: 6c . 19 . 5b 5c 5d a9 . . . . . . . . . 2f . . . 5f
  158: a6 a7 . . . b0 b3 b1 b2 . . . . . ac a8 . . . . . . . . . 7c 7d 7e 7f 80 81 82 83 84 85 86 87`;

/** Virtual keys of OS X. */
const osX = `
  1: 35 12 13 14 15 17 16 1a 1c 19 1d 1b 18 33 30 c d e f 11 10 20 22 1f 23 21 1e 24 3b 0 1 2 3 5 4 26 28 25 29 27 32 38
  43: 2a 6 7 8 9 b 2d 2e 2b 2f 2c 3c 43 3a 31 39 7a 78 63 76 60 61 62 64 65 6d . . 59 5b 5c 4e 56 57 58 45 53 54 55 52 41
  87: 67 6f . 68 . . . . 5f 4c 3e 4b . 3d . 73 7e 74 7b 7c 77 7d 79 . 75 . 4a 49 48 . 51 . . . 47 . . 5d 37 . 3f
  170: a
  183: 69 6b 71 6a 40 4f 50 5a`;

function* entries(table: string): Generator<readonly [linux: number, code: number]> {
  for (const line of table.trim().split("\n")) {
    const [first = "", codes = ""] = line.split(":");
    let linux = Number(first);
    for (const code of codes.trim().split(" ")) {
      if (code !== ".") yield [linux, Number.parseInt(code, 16)];
      linux++;
    }
  }
}

/** Linux keys by their codes; the first of several keys with one code. */
function reversed(table: string, code = (value: number): number => value): ReadonlyMap<number, number> {
  const keys = new Map<number, number>();
  for (const [linux, value] of entries(table)) if (!keys.has(code(value))) keys.set(code(value), linux);
  return keys;
}

/** The byte that QEMU knows a key by: its scan code, with the highest bit for those after E0. */
const qemuNumber = (scanCode: number): number => (scanCode & 0x7f) | (scanCode > 0xff ? 0x80 : 0);

let numbers: ReadonlyMap<number, number> | undefined;
const tables = new Map<number, ReadonlyMap<number, number>>();

const makers: Readonly<Record<number, () => ReadonlyMap<number, number>>> = {
  [KeycodeSet.LINUX]: () => new Map([...entries(scanCodes)].map(([linux]) => [linux, linux])),
  [KeycodeSet.XT]: () => new Map([...reversed(scanCodes)].filter(([code]) => code < 0x80)),
  [KeycodeSet.ATSET1]: () => reversed(scanCodes, (code) => (code > 0xff ? 0xe000 | (code & 0xff) : code)),
  [KeycodeSet.ATSET2]: () => reversed(secondSet),
  [KeycodeSet.ATSET3]: () => reversed(thirdSet),
  [KeycodeSet.OSX]: () => reversed(osX),
  [KeycodeSet.XT_KBD]: () => reversed(scanCodes),
  [KeycodeSet.USB]: () => reversed(usb),
  [KeycodeSet.WIN32]: () => reversed(windows),
  [KeycodeSet.QNUM]: () => reversed(scanCodes, qemuNumber),
};

/** The number by which QEMU presses a key (`send-key`); undefined for a code that the set does not have. */
export function qemuKey(codeset: number, code: number): number | undefined {
  const make = Object.hasOwn(makers, codeset) ? makers[codeset] : undefined;
  if (!make) return undefined;
  const table = tables.get(codeset) ?? make();
  tables.set(codeset, table);
  numbers ??= new Map([...entries(scanCodes)].map(([linux, scanCode]) => [linux, qemuNumber(scanCode)]));
  const linux = table.get(code);
  return linux === undefined ? undefined : numbers.get(linux);
}
