/** Rates of network interfaces: `AVERAGE,PEAK,BURST,FLOOR`. */
import { CommandError } from "../error.ts";

export interface Rate {
  readonly average: bigint;
  readonly peak: bigint;
  readonly burst: bigint;
  readonly floor: bigint;
}

const fields = ["average", "peak", "burst", "floor"] as const;

/** The rate that `--inbound` or `--outbound` gives; what is left out is 0. @throws {CommandError} */
export function parseRate(text: string): Rate {
  const words = text.split(",");
  if (words.length > fields.length) throw new CommandError(`Rate string '${text}' has too many fields`);
  const [average = 0n, peak = 0n, burst = 0n, floor = 0n] = words.map((word, index) => {
    if (word === "") return 0n;
    if (!/^[0-9]{1,19}$/.test(word)) throw new CommandError(`field '${fields[index]}' is malformed`);
    return BigInt(word);
  });
  return { average, peak, burst, floor };
}

/** Checks what libvirt would refuse. @throws {CommandError} */
export function checkRate(direction: "inbound" | "outbound", rate: Rate): Rate {
  if (direction === "inbound" && rate.average === 0n && rate.floor === 0n) {
    throw new CommandError("either inbound average or floor is mandatory");
  }
  if (direction === "outbound" && rate.average === 0n) throw new CommandError("outbound average is mandatory");
  if (direction === "outbound" && rate.floor !== 0n) throw new CommandError("outbound floor is unsupported yet");
  return rate;
}
