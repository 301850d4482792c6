/** Options of the form `-name first,key=value`. */
import type { JsonObject } from "../../monitor/json.ts";
import { keyValue } from "./key-value.ts";
import { option } from "./make-part.ts";
import type { OptionPart } from "./part.ts";

/** Properties that are undefined are left out; true and false are `on` and `off`; a list repeats its key. */
export function keyedOption(name: string, first: string | undefined, props: JsonObject): OptionPart {
  return option(name, keyValue(first, props));
}
