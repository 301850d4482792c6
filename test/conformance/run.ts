/** `npm run conformance [SUITE...]`: scores every suite of the conformance data, or those named. */
import { dataFolder, haveData, missingData, runSuites, suiteNames } from "./data.ts";
import { suites } from "./suites/index.ts";

async function main(wanted: readonly string[]): Promise<void> {
  if (!haveData) {
    console.log(missingData);
    return;
  }
  const there = await suiteNames();
  const chosen = wanted.length > 0 ? wanted : there;
  const unknown = chosen.filter((name) => !there.includes(name));
  if (unknown.length > 0) throw new Error(`no suite ${unknown.join(", ")} in ${dataFolder}`);
  for (const name of chosen) {
    if (!Object.hasOwn(suites, name)) {
      console.log(`${name.padEnd(28)} not connected`);
      continue;
    }
    const { text, cases } = await runSuites([name]);
    console.log(text.split("\n", 1)[0]);
    if (wanted.length === 0) continue;
    for (const { id, pass, why } of cases) if (!pass) console.log(`  ${id}: ${JSON.stringify(why)}`);
  }
}

await main(process.argv.slice(2));
