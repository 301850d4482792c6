/**
 * `npm run soak`: minutes of it in this process, SOAK_CYCLES makes it longer; then a million calls, ten thousand
 * connections and a thousand guests on tsvirtd, a SOAK_SHARE of which makes it shorter.
 */
import { silenceErrors } from "../../src/api/index.ts";
import { leakedByDaemon, soakDaemon, wholeSoak } from "./daemon.ts";
import { leaked, soak } from "./soak.ts";

silenceErrors();
const count = Number(process.env.SOAK_CYCLES ?? 100);
const share = Number(process.env.SOAK_SHARE ?? 1);
console.log(`soak: SOAK_CYCLES=${count} SOAK_SHARE=${share}`);
const wrong: string[] = [];
await soak(count, (result) => {
  console.log(JSON.stringify(result));
  wrong.push(...leaked(result));
});
const part = (whole: number) => Math.ceil(whole * share);
const { calls, connects, starts } = wholeSoak;
const endings: (() => unknown)[] = [];
try {
  const lifetime = { after: (end: () => unknown) => void endings.push(end) };
  await soakDaemon(lifetime, { calls: part(calls), connects: part(connects), starts: part(starts) }, (result) => {
    console.log(JSON.stringify(result));
    wrong.push(...leakedByDaemon(result));
  });
} finally {
  for (const end of endings) await end();
}
for (const text of wrong) console.log(text);
process.exitCode = wrong.length === 0 ? 0 : 1;
