/** The made-up node's own network interfaces, and changes to them that can be taken back. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import {
  type InterfaceBook,
  interfaceQueryHandlers,
  interfaceRef,
  type KnownInterface,
} from "../../../driver/interface/queries.ts";
import { LibvirtError } from "../../../errors.ts";
import { type HostInterface, parseInterface } from "../../../model/interface.ts";
import { InterfaceDefineFlags, type Interface as InterfaceRef } from "../../../protocol/index.ts";
import type { TestNode } from "../state.ts";

export interface TestInterface {
  readonly name: string;
  definition: HostInterface;
  active: boolean;
}

/** The interfaces by name, and those from before the changes that may still be taken back. */
export interface TestInterfaces {
  current: Map<string, TestInterface>;
  before: Map<string, TestInterface> | null;
}

type InterfaceProcedures =
  | "interfaceDefineXml"
  | "interfaceUndefine"
  | "interfaceCreate"
  | "interfaceDestroy"
  | "interfaceChangeBegin"
  | "interfaceChangeCommit"
  | "interfaceChangeRollback";

function macOf({ definition }: TestInterface): string {
  return ("mac" in definition ? definition.mac?.address : undefined) ?? "";
}

function refOf(found: TestInterface): InterfaceRef {
  return interfaceRef({ name: found.name, mac: macOf(found) });
}

function invalid(detail: string | null): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "TEST", detail);
}

function find({ interfaces }: TestNode, { name }: Pick<InterfaceRef, "name">): TestInterface {
  const found = interfaces.current.get(name);
  if (!found) throw new LibvirtError("NO_INTERFACE", "TEST", `no interface with matching name '${name}'`);
  return found;
}

/** The node's interfaces as clients see them. */
function bookOf({ interfaces }: TestNode): InterfaceBook {
  const known = (found: TestInterface): KnownInterface => ({ ...found, mac: macOf(found) });
  return {
    domain: "TEST",
    all: () => [...interfaces.current.values()].map(known),
    find(name) {
      const found = interfaces.current.get(name);
      return found && known(found);
    },
    missing: (how, value) => `no interface with matching ${how} '${value}'`,
  };
}

/** Defines an interface, or anew (virInterfaceDefineXML). */
export function defineInterface(node: TestNode, xml: string, flags = 0): TestInterface {
  const definition = parseInterface(xml, { strict: (flags & InterfaceDefineFlags.VALIDATE) !== 0 });
  const { name } = definition;
  const active = node.interfaces.current.get(name)?.active ?? false;
  const defined = { name, definition, active };
  node.interfaces.current.set(name, defined);
  return defined;
}

export function interfaceHandlers(node: TestNode) {
  const { interfaces } = node;
  const handlers: Handlers<InterfaceProcedures> = {
    interfaceDefineXml({ xml, flags }) {
      checkFlags(flags, InterfaceDefineFlags.VALIDATE, "interfaceDefineXml", "TEST");
      return { iface: refOf(defineInterface(node, xml, flags)) };
    },
    interfaceUndefine({ iface }) {
      interfaces.current.delete(find(node, iface).name);
    },
    interfaceCreate({ iface, flags }) {
      checkFlags(flags, 0, "interfaceCreate", "TEST");
      const found = find(node, iface);
      if (found.active) throw invalid(null);
      found.active = true;
    },
    interfaceDestroy({ iface, flags }) {
      checkFlags(flags, 0, "interfaceDestroy", "TEST");
      const found = find(node, iface);
      if (!found.active) throw invalid(null);
      found.active = false;
    },
    interfaceChangeBegin({ flags }) {
      checkFlags(flags, 0, "interfaceChangeBegin", "TEST");
      if (interfaces.before) throw invalid("there is another transaction running.");
      interfaces.before = new Map([...interfaces.current].map(([name, each]) => [name, { ...each }]));
    },
    interfaceChangeCommit({ flags }) {
      checkFlags(flags, 0, "interfaceChangeCommit", "TEST");
      if (!interfaces.before) throw invalid("no transaction running, nothing to be committed.");
      interfaces.before = null;
    },
    interfaceChangeRollback({ flags }) {
      checkFlags(flags, 0, "interfaceChangeRollback", "TEST");
      if (!interfaces.before) throw invalid("no transaction running, nothing to rollback.");
      interfaces.current = interfaces.before;
      interfaces.before = null;
    },
  };
  return { ...interfaceQueryHandlers(bookOf(node)), ...handlers };
}
