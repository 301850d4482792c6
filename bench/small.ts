/** Works that need no machine: calls in process, documents. */
import { open } from "../src/api/index.ts";
import { formatDomain, parseDomain } from "../src/model/domain/index.ts";
import { type Figures, seconds } from "./works.ts";

const calls = 20_000;
const passes = 2_000;

/** A call of the public API that a driver in this process answers. */
export async function callsInProcess(): Promise<Figures> {
  await using conn = await open("test:///default");
  const domain = await conn.lookupByName("test");
  const once = async () => {
    for (let count = 0; count < calls; count++) await domain.info();
  };
  await once();
  return { call: [(await seconds(once)) / calls] };
}

function average(action: () => void): number {
  const repeat = () => {
    for (let count = 0; count < passes; count++) action();
  };
  repeat();
  const begin = performance.now();
  repeat();
  return (performance.now() - begin) / 1000 / passes;
}

/** Reading a domain's document to a whole definition, and printing it again. */
export function documents(xml: string): Figures {
  const definition = parseDomain(xml);
  return {
    parse: [average(() => parseDomain(xml))],
    format: [average(() => formatDomain(definition))],
  };
}
