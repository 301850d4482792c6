/** `<panic>`: how the guest tells that it has crashed. */
import { attr, fields, type Infer, oneOf, type Shape } from "../../xml/index.ts";
import { info } from "./info.ts";

const panicShape = fields({ model: attr(oneOf("isa", "pseries", "hyperv", "s390")), ...info });
export interface Panic extends Infer<typeof panicShape> {}
export const panic: Shape<Panic> = panicShape;
