/** Network filters (`<filter>`) and what binds one to a guest's interface (`<filterbinding>`). */
import { LibvirtError } from "../../errors.ts";
import {
  attr,
  child,
  document,
  type ElementOf,
  type Fields,
  fields,
  type Infer,
  int,
  leaf,
  type Mode,
  mac,
  many,
  manyOf,
  nonEmpty,
  oneOf,
  type ReadOptions,
  type Scalar,
  type Shape,
  text,
  uuid,
} from "../../xml/index.ts";
import { protocols } from "./protocols.ts";

/** Priorities of rules and chains lie between these; the lowest comes first. */
const minPriority = -1000;
const maxPriority = 1000;
/** The priority of a rule that has none, or none that is valid. */
const defaultPriority = 500;

const rulePriority: Scalar<number> = {
  parse(from) {
    const priority = /^[+-]?\d{1,9}$/.test(from) ? Number(from) : Number.NaN;
    return priority >= minPriority && priority <= maxPriority ? priority : undefined;
  },
  format: String,
};

/** Only `false` and `0` say something. */
const stateMatch: Scalar<boolean> = {
  parse: (from) => (/^(false|0)$/i.test(from) ? false : undefined),
  format: String,
};

const filterRefFields = {
  filter: attr(nonEmpty).required(),
  parameters: many({ name: attr(text), value: attr(text) }).named("parameter"),
} satisfies Fields;
const filterRefShape = fields(filterRefFields);
/** A filter with values for its variables. */
export interface FilterRef extends Infer<typeof filterRefShape> {}
const filterRef: Shape<FilterRef> = filterRefShape;

const ruleFields = {
  action: attr(oneOf("drop", "accept", "reject", "return", "continue")).required(),
  direction: attr(oneOf("in", "out", "inout")).required(),
  priority: attr(rulePriority).default(defaultPriority),
  /** Whether the connection's state decides along with the rule. */
  statematch: attr(stateMatch),
  /** What a packet has to be like; after reading, one at most. */
  conditions: manyOf(protocols),
} satisfies Fields;

/** One packet condition, told apart by `element`: the protocol. */
export type FilterCondition = ElementOf<typeof protocols>;

const filterShape = fields({
  name: attr(nonEmpty).required(),
  chain: attr(nonEmpty).default("root"),
  /** Of the chain: which of several is gone through first. */
  priority: attr(int),
  uuid: leaf(uuid),
  /** Rules, and filters that are gone through at their place. */
  entries: manyOf({ rule: ruleFields, filterref: filterRefFields }),
});
/** A network filter (virNWFilterDefineXML). */
export interface Filter extends Infer<typeof filterShape> {}
const filter: Shape<Filter> = filterShape;
export type FilterEntry = Filter["entries"][number];

export const filterDocument = document("filter", filter, {}, { from: "NWFILTER", title: "nwfilter_definition" });

/** The chains that a filter's own chain may begin like, with their priorities. */
const chainPriorities: Readonly<Record<string, number>> = {
  mac: -800,
  vlan: -750,
  ipv4: -700,
  ipv6: -600,
  arp: -500,
  rarp: -400,
  stp: 0,
};
/** Longest name of a chain. */
const maxChain = 12;

/**
 * Reads a network filter. It does not get a UUID: that is the driver's to choose.
 * @throws LibvirtError XML_ERROR, INVALID_ARG for a chain or priority that cannot be
 */
export function parseFilter(xml: string, options: ReadOptions = {}): Filter {
  const given = filterDocument.parse(xml, options);
  const value: Filter = { ...given, entries: given.entries.map(completeEntry) };
  const priority = chainPriority(given);
  if (priority === 0) delete value.priority;
  else value.priority = priority;
  return value;
}

/** Prints a network filter (virNWFilterGetXMLDesc). */
export function formatFilter(value: Filter, mode: Mode = {}): string {
  return filterDocument.format(value, mode);
}

function chainPriority({ chain, priority }: Filter): number {
  if (priority !== undefined && (priority < minPriority || priority > maxPriority)) {
    throw new LibvirtError(
      "INVALID_ARG",
      "NWFILTER",
      `priority ${priority} is not between ${minPriority} and ${maxPriority}`,
    );
  }
  if (chain === "root") return 0;
  const prefix = Object.keys(chainPriorities).find((name) => chain.startsWith(name));
  if (prefix === undefined) {
    const known = Object.keys(chainPriorities).join(", ");
    throw new LibvirtError(
      "INVALID_ARG",
      "NWFILTER",
      `chain '${chain}' is neither root nor begins like one of ${known}`,
    );
  }
  if (chain.length > maxChain) {
    throw new LibvirtError("INVALID_ARG", "NWFILTER", `chain '${chain}' is longer than ${maxChain} characters`);
  }
  return priority ?? chainPriorities[prefix] ?? 0;
}

function completeEntry(entry: FilterEntry): FilterEntry {
  if (entry.element === "filterref") return { ...entry, ...completeFilterRef(entry) };
  const condition = entry.conditions.at(-1);
  if (condition !== undefined) checkCondition(condition);
  return { ...entry, conditions: condition === undefined ? [] : [condition] };
}

/** Values that variables can have, and their names. */
const parameterName = /^[A-Za-z0-9_]*$/;
const parameterValue = /^[A-Za-z0-9_.:]+$/;

/** Sorts the parameters by name, and drops those that libvirt would not take. */
function completeFilterRef<T extends FilterRef>(given: T): T {
  const valid = given.parameters.filter(
    ({ name, value }) =>
      name !== undefined && value !== undefined && parameterName.test(name) && parameterValue.test(value),
  );
  const key = ({ name = "" }: (typeof valid)[number]): string => name;
  return { ...given, parameters: valid.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)) };
}

/** Protocols that have ports, with their numbers. */
const withPorts = ["tcp", "udp", "sctp", "33", "0x21"];

function checkCondition(condition: FilterCondition): void {
  if (condition.element !== "ip" && condition.element !== "ipv6") return;
  const { protocol, srcportstart, srcportend, dstportstart, dstportend } = condition;
  const ports = srcportstart ?? srcportend ?? dstportstart ?? dstportend;
  if (ports !== undefined && (protocol === undefined || !(withPorts.includes(protocol) || protocol.startsWith("$")))) {
    throw new LibvirtError("XML_ERROR", "NWFILTER", "ports need a protocol that has them: tcp, udp, dccp or sctp");
  }
}

const bindingShape = fields({
  /** The guest. */
  owner: child({ name: leaf(text).required(), uuid: leaf(uuid).required() }).required(),
  /** The guest's interface on the host. */
  portdev: child({ name: attr(nonEmpty).required() }).required(),
  /** The host's interface that it is made of (macvtap). */
  linkdev: child({ name: attr(nonEmpty).required() }),
  mac: child({ address: attr(mac).required() }).required(),
  filterref: child(filterRef).required(),
});
/** A filter at work on a guest's interface (virNWFilterBindingCreateXML). */
export interface FilterBinding extends Infer<typeof bindingShape> {}
const binding: Shape<FilterBinding> = bindingShape;

export const filterBindingDocument = document(
  "filterbinding",
  binding,
  {},
  { from: "NWFILTER", title: "nwfilter_binding_definition" },
);

/**
 * Reads a filter binding.
 * @throws LibvirtError
 */
export function parseFilterBinding(xml: string, options: ReadOptions = {}): FilterBinding {
  const value = filterBindingDocument.parse(xml, options);
  return { ...value, filterref: completeFilterRef(value.filterref) };
}

/** Prints a filter binding. */
export function formatFilterBinding(value: FilterBinding, mode: Mode = {}): string {
  return filterBindingDocument.format(value, mode);
}
