/** Prints the cases, one JSON line each, for `record/record.py`. */
import { cases } from "./cases.ts";
import { guest } from "./guest.ts";

for (const [id, difference] of Object.entries(cases)) console.log(JSON.stringify({ id, xml: guest(difference) }));
