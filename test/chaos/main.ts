/** `npm run chaos`: minutes of it. CHAOS_SEED begins anew where something was found, CHAOS_ROUNDS makes it longer. */
import { silenceErrors } from "../../src/api/index.ts";
import { chaos } from "./chaos.ts";

silenceErrors();
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const rounds = Number(process.env.CHAOS_ROUNDS ?? 150);
const slots = Number(process.env.CHAOS_SLOTS ?? 4);
console.log(`chaos: CHAOS_SEED=${seed} CHAOS_ROUNDS=${rounds} CHAOS_SLOTS=${slots}`);
const { wrong, ...numbers } = await chaos({ seed, rounds, slots, report: (text) => console.log(text) });
console.log(JSON.stringify(numbers));
for (const text of wrong) console.log(text);
process.exitCode = wrong.length === 0 ? 0 : 1;
