/** `<cpu>`: the guest's processors. */
import {
  attr,
  child,
  content,
  fields,
  type Infer,
  leaf,
  many,
  oneOf,
  onOff,
  type Shape,
  text,
  uint,
} from "../../xml/index.ts";
import { numa } from "./numa.ts";

const cpuShape = fields({
  mode: attr(oneOf("custom", "host-model", "host-passthrough", "maximum")),
  /** Whether a host with more features will do. */
  match: attr(oneOf("minimum", "exact", "strict")),
  /** How exactly the guest's CPU must be what was asked for. */
  check: attr(oneOf("none", "partial", "full")),
  /** With `host-passthrough` and `maximum`: leave out features that cannot be migrated. */
  migratable: attr(onOff),
  model: child({
    fallback: attr(oneOf("allow", "forbid")),
    vendor_id: attr(text),
    /** The model's name. */
    value: content(text),
  }),
  vendor: leaf(text),
  topology: child({
    sockets: attr(uint()).required(),
    dies: attr(uint()).default(1),
    cores: attr(uint()).required(),
    threads: attr(uint()).required(),
  }),
  cache: child({ level: attr(uint(3)), mode: attr(oneOf("emulate", "passthrough", "disable")).required() }),
  /** Bits of a physical address. */
  maxphysaddr: child({ mode: attr(oneOf("emulate", "passthrough")).required(), bits: attr(uint()) }),
  features: many({
    policy: attr(oneOf("force", "require", "optional", "disable", "forbid")).default("require"),
    name: attr(text).required(),
  }).named("feature"),
  numa: child(numa),
});
export interface Cpu extends Infer<typeof cpuShape> {}
export const cpu: Shape<Cpu> = cpuShape;
