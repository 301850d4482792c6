/** The Xen driver in the lab, beside Xen's own tool. */
import { runInLab } from "../../test/xen/lab/lab.ts";
import { LabUnavailable } from "../../test/xen/lab/packages.ts";
import type { Row } from "../report.ts";

/** In ms. */
const limit = 600_000;

type Figures = Readonly<Record<string, { readonly ours: readonly number[]; readonly theirs: readonly number[] }>>;

const rows: readonly (readonly [name: string, label: string])[] = [
  ["info", "Xen: what a domain does, by a call to the hypervisor"],
  ["list", "Xen: list of domains"],
  ["create", "Xen: start a domain"],
  ["pause", "Xen: pause it"],
  ["unpause", "Xen: let it go on"],
  ["destroy", "Xen: end it"],
];

/** The rows of the lab; none where it cannot be had. */
export async function xenRows(): Promise<Row[]> {
  try {
    const [outcome] = await runInLab([{ files: [], programs: ["bench/xen/inside"] }], { limit });
    if (outcome === undefined) throw new Error("the lab has no host");
    const { results, failure, console: printed } = outcome;
    const text = /^\{.*\}$/m.exec(results)?.[0];
    if (failure !== null || text === undefined) throw new Error(`the lab failed: ${failure}\n${printed.slice(-2000)}`);
    const figures = JSON.parse(text) as Figures;
    return rows.map(([name, label]) => ({ label, unit: "ms", ours: [], theirs: [], ...figures[name] }));
  } catch (error) {
    if (!(error instanceof LabUnavailable)) throw error;
    console.log(`Xen is not measured: ${error.message}.`);
    return [];
  }
}
