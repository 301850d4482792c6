/** What two programs print, made comparable. */
import type { Outcome } from "../../../src/cli/virsh.test.support.ts";

/** Takes out what no two runs have in common: moments and times that pass. */
export function comparable({ stdout, stderr, code }: Outcome): Outcome {
  return { stdout: settled(stdout), stderr: settled(stderr), code };
}

function settled(text: string): string {
  return (
    text
      .replace(/(CPU time: +)[0-9.]+s/g, "$1(time)")
      .replace(/((?:cpu|vcpu\.\d+)\.(?:time|user|system)=)\d+/g, "$1(time)")
      .replace(/((?:cpu_time|user_time|system_time|vcpu_time) +)[0-9.]+/g, "$1(time)")
      .replace(/\b((?:rx|tx|rd|wr)_[a-z]+|errs) \d+/g, "$1 (count)")
      .replace(/((?:number of [a-z ]+|error count): +)\d+/g, "$1(count)")
      .replace(/<creationTime>\d+</g, "<creationTime>(moment)<")
      // The C driver's functions have names of their own.
      .replace(/(unsupported flags .* in function )[A-Za-z]+/g, "$1(name)")
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?: [+-]\d{4})?/g, "(moment)")
  );
}
