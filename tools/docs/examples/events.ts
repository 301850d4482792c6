/** Examples of events: listening to one, in TypeScript by its type, in Python by its number. */
import { eventTypes } from "../../../src/api/events/kinds.ts";
import type { Reference } from "../model/reference.ts";

/** What an event's object is called, and how its listeners are registered in Python. */
const families: Readonly<Record<string, readonly [object: string, register: string]>> = {
  domain: ["domain", "domainEventRegisterAny"],
  network: ["network", "networkEventRegisterAny"],
  storagePool: ["pool", "storagePoolEventRegisterAny"],
  nodeDevice: ["device", "nodeDeviceEventRegisterAny"],
  secret: ["secret", "secretEventRegisterAny"],
  qemu: ["domain", ""],
};

export interface EventExamples {
  readonly typescript: string;
  /** Null where Python has no such event. */
  readonly python: string | null;
}

/** Both examples of a type of event. */
export function eventExamples({ api, declarations }: Reference, type: string): EventExamples {
  const known = eventTypes.find((each) => each.type === type);
  const [object, register] = families[known?.kind ?? ""] ?? [];
  const entry = api.events.find(({ name }) => name === known?.description.name);
  if (!known || !object || !entry) throw new Error(`nobody knows the event ${type}`);
  const fields = declarations.events.find((each) => each.type === type)?.members.map(({ name }) => name) ?? [];
  const named = object === "secret" ? "secret.uuidString()" : `${object}.name()`;
  // What an event says may have the name of its object's method, never that of its object.
  const told = [named, ...fields].join(", ");
  const typescript = `const listener = conn.on("${type}", ({ ${[object, ...fields].join(", ")} }) => {\n  console.log(${told});\n});`;
  const callback = api.callbacks.find(({ name }) => name === entry.callback);
  if (!register || !callback || entry.key === null) return { typescript, python: null };
  const parameters = callback.arguments.map(({ name }) => name);
  const python = `import tsvirt as libvirt\n\ndef told(${parameters.join(", ")}):\n    print(${parameters.slice(1, -1).join(", ")})\n\nconn.${register}(None, libvirt.${numberName(entry.family, entry.key)}, told, None)`;
  return { typescript, python };
}

/** The name of an event's number in C. */
export function numberName(family: string, key: string | null): string {
  const words: Readonly<Record<string, string>> = { storagePool: "STORAGE_POOL", nodeDevice: "NODE_DEVICE" };
  return `VIR_${words[family] ?? family.toUpperCase()}_EVENT_ID_${key}`;
}
