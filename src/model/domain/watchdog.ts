/** `<watchdog>`: acts when the guest stops feeding it. */
import { attr, fields, type Infer, oneOf, type Shape } from "../../xml/index.ts";
import { info } from "./info.ts";

const watchdogShape = fields({
  model: attr(oneOf("i6300esb", "ib700", "diag288", "itco")).required("INTERNAL_ERROR"),
  action: attr(oneOf("reset", "shutdown", "poweroff", "pause", "dump", "none", "inject-nmi")).default("reset"),
  ...info,
});
export interface Watchdog extends Infer<typeof watchdogShape> {}
export const watchdog: Shape<Watchdog> = watchdogShape;
