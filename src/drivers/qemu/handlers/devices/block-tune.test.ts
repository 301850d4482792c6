import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../../../../errors.ts";
import { mergeIotune } from "./block-tune.ts";

const given = (values: Readonly<Record<string, bigint | string>>) => new Map(Object.entries(values));

test("limits of one group take each other's place, others stay", () => {
  const before = { total_bytes_sec: 10n, total_iops_sec: 5n, size_iops_sec: 1n };
  const after = mergeIotune(before, given({ read_bytes_sec: 3n }));
  assert.deepEqual(after, { read_bytes_sec: 3n, total_iops_sec: 5n, size_iops_sec: 1n });
});

test("zero takes a limit away", () => {
  assert.deepEqual(mergeIotune({ total_bytes_sec: 10n }, given({ total_bytes_sec: 0n })), {});
});

test("limits that contradict each other are refused", () => {
  const refused = [
    [{ total_iops_sec: 1n, write_iops_sec: 1n }, "INVALID_ARG"],
    [{ total_bytes_sec_max: 5n }, "CONFIG_UNSUPPORTED"],
    [{ read_bytes_sec: 9n, read_bytes_sec_max: 5n }, "CONFIG_UNSUPPORTED"],
    [{ read_bytes_sec: 9n, read_bytes_sec_max_length: 5n }, "CONFIG_UNSUPPORTED"],
    [{ total_bytes_sec: 1_000_000_000_000_001n }, "ARGUMENT_UNSUPPORTED"],
  ] as const;
  for (const [values, code] of refused) {
    assert.throws(
      () => mergeIotune({}, given(values)),
      (error) => isLibvirtError(error, code),
    );
  }
});
