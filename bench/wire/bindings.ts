/** Two Python modules, libvirt's own and ours, beside each other on the C libvirtd. */
import { pythonPackage } from "../../test/bindings/python/package.ts";
import { startLibvirtd } from "./daemons.ts";
import { PythonClient } from "./python-client.ts";

const rounds = 5;
const count = 300;
const callers = 16;
const name = "test";

/** Seconds of a lookup with its info, as often as it was measured. */
export interface BindingFigures {
  readonly official: readonly number[];
  readonly ours: readonly number[];
  /** Of ours by asyncio, with 16 callers on one connection. */
  readonly inFlight: readonly number[];
}

/** Measures both, in turns. */
export async function measureBindings(): Promise<BindingFigures> {
  const daemon = await startLibvirtd();
  const uri = `test+unix:///default?socket=${daemon.socket}`;
  const official = new PythonClient();
  const ours = new PythonClient(await pythonPackage());
  const figures = { official: [] as number[], ours: [] as number[], inFlight: [] as number[] };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [who, client] of [
        ["official", official],
        ["ours", ours],
      ] as const) {
        const took = await client.run(uri, { work: "lookup", name, count, repeat: 3 });
        figures[who].push(...took.map((seconds) => seconds / count));
      }
      const took = await ours.run(uri, { work: "inFlight", name, count: 50, callers, repeat: 3 });
      figures.inFlight.push(...took.map((seconds) => seconds / 50 / callers));
    }
  } finally {
    await Promise.all([official.stop(), ours.stop()]);
    await daemon.stop();
  }
  return figures;
}
