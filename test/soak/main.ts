/** `npm run soak`: minutes of it. SOAK_CYCLES makes it longer. */
import { silenceErrors } from "../../src/api/index.ts";
import { leaked, soak } from "./soak.ts";

silenceErrors();
const count = Number(process.env.SOAK_CYCLES ?? 100);
console.log(`soak: SOAK_CYCLES=${count}`);
const wrong: string[] = [];
await soak(count, (result) => {
  console.log(JSON.stringify(result));
  wrong.push(...leaked(result));
});
for (const text of wrong) console.log(text);
process.exitCode = wrong.length === 0 ? 0 : 1;
