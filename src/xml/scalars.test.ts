import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cpuset, formatCpuset, maxCpus, parseCpuset } from "./cpuset.ts";
import { document } from "./document.ts";
import { attr, many } from "./fields.ts";
import { InvalidValue } from "./problems.ts";
import {
  cUint,
  hex,
  hexLong,
  int,
  limit,
  long,
  mac,
  nonEmpty,
  oneOf,
  onOff,
  pattern,
  type Scalar,
  uint,
  ulong,
  unlimited,
  uuid,
  yesNo,
} from "./scalars.ts";
import { bytesPerUnit, toBytes, toKib } from "./units.ts";

const refuses = <T>(scalar: Scalar<T>, ...texts: string[]): void => {
  for (const text of texts) assert.throws(() => scalar.parse(text), InvalidValue, JSON.stringify(text));
};

test("words are exactly the known ones", () => {
  assert.equal(oneOf("a", "b").parse("b"), "b");
  refuses(oneOf("a", "b"), "c", "", "A", "a ", "constructor");
  assert.equal(yesNo.parse("yes"), true);
  assert.equal(onOff.format(false), "off");
  refuses(yesNo, "on", "1", "");
});

test("whole numbers keep within their type", () => {
  assert.equal(uint().parse("4294967295"), 0xffff_ffff);
  assert.equal(uint().parse("\n 7 "), 7);
  assert.equal(int.parse("-2147483648"), -0x8000_0000);
  assert.equal(ulong.parse("18446744073709551615"), 0xffff_ffff_ffff_ffffn);
  assert.equal(long.parse("-9223372036854775808"), -0x8000_0000_0000_0000n);
  refuses(uint(), "4294967296", "-1", "", "0x1", "1.0", "1e3", "1 2", "９");
  refuses(uint(5), "6");
  refuses(int, "2147483648");
  refuses(ulong, "18446744073709551616", "-1", "9".repeat(60));
});

test("a limit that means no limit is nothing", () => {
  assert.equal(limit.parse("5"), 5n);
  assert.equal(limit.parse(String(unlimited)), undefined);
  assert.equal(nonEmpty.parse(""), undefined);
});

test("hexadecimal numbers are read in both notations and padded", () => {
  assert.equal(hex(4).parse("0x1F"), 31);
  assert.equal(hex(4).parse("31"), 31);
  assert.equal(hex(4).parse("010"), 8);
  assert.equal(cUint().format(cUint().parse("0x10") ?? 0), "16");
  assert.equal(hex(4).format(31), "0x001f");
  assert.equal(hexLong(16).format(hexLong().parse("0xffffffffffffffff") ?? 0n), "0xffffffffffffffff");
  refuses(hex(2, 0x1f), "0x20", "32", "040", "08", "0x", "x1", "-0x1", "F");
  refuses(hexLong(), "0x10000000000000000");
});

test("addresses and UUIDs have one form", () => {
  assert.equal(mac.parse("0:A:bb:cC:1:ff"), "00:0a:bb:cc:01:ff");
  refuses(mac, "00:11:22:33:44", "00:11:22:33:44:55:66", "00-11-22-33-44-55", "0g:11:22:33:44:55", "");
  assert.equal(uuid.parse("EB486E5C4DF542EEAE4AAD8557998D00"), "eb486e5c-4df5-42ee-ae4a-ad8557998d00");
  refuses(uuid, "", "eb486e5c", "zz486e5c4df542eeae4aad8557998d00", `${"0".repeat(33)}`);
});

test("a pattern is about the whole text", () => {
  const version = pattern(/\d+\.\d+/, "a version");
  assert.equal(version.parse("1.1"), "1.1");
  refuses(version, "1.1.1", "x1.1", "1.1\n");
});

test("CPU sets are read as what they mean", () => {
  assert.deepEqual(cpuset.parse("0-3,^2,8"), [0, 1, 3, 8]);
  assert.deepEqual(cpuset.parse(" 3 , 1"), [1, 3]);
  assert.equal(formatCpuset([8, 1, 0, 3, 3]), "0-1,3,8");
  refuses(cpuset, "", "1-", "3-1", "a", "1,,2", "^1-3", "-1", String(maxCpus), "0-999999999");
});

test("a CPU set survives being written", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(maxCpus - 1), { maxLength: 60 }), (members) => {
      fc.pre(members.length > 0);
      assert.deepEqual(
        parseCpuset(formatCpuset(members)),
        members.sort((a, b) => a - b),
      );
    }),
  );
});

test("units are powers of 1024, or of 1000 when they say B alone", () => {
  assert.equal(bytesPerUnit("KiB"), 1024n);
  assert.equal(bytesPerUnit("k"), 1024n);
  assert.equal(bytesPerUnit("KB"), 1000n);
  assert.equal(bytesPerUnit("EiB"), 1n << 60n);
  assert.equal(bytesPerUnit("bytes"), 1n);
  for (const unit of ["MiBB", "KiBi", "x", "kbyte", "ZiB"]) assert.throws(() => bytesPerUnit(unit), InvalidValue, unit);
});

test("sizes are exact, KiB are rounded up, what does not fit is an overflow", () => {
  assert.equal(toKib("1025", "bytes"), 2n);
  assert.equal(toKib("1", "GiB"), 1048576n);
  assert.equal(toBytes("15", "EiB"), 15n << 60n);
  assert.throws(
    () => toBytes("17", "EiB"),
    (error) => error instanceof InvalidValue && error.code === "OVERFLOW",
  );
});

test("sets that together have more members than any machine are refused", () => {
  const pins = document("pins", { pin: many({ cpus: attr(cpuset).required() }) });
  const text = (count: number): string => `<pins>${"<pin cpus='0-16383'/>".repeat(count)}</pins>`;
  assert.equal(pins.parse(text(122)).pin.length, 122);
  assert.throws(() => pins.parse(text(200)), /sets have more than 2000000 members/);
  assert.throws(
    () => pins.parse(`<pins><pin cpus='${"0,".repeat(150_000)}1'/></pins>`),
    /longer than 262144 characters/,
  );
});
