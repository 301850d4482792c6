/** The made-up node's own network interfaces, and changes to them that can be taken back. */
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { type ListQuestion, questionFlags, selectByFlags, yesOrNo } from "../../driver/list-filter.ts";
import { interfaceListTwins, listed } from "../../driver/twins.ts";
import { LibvirtError } from "../../errors.ts";
import { formatInterface, type HostInterface, parseInterface } from "../../model/interface.ts";
import {
  ConnectListAllInterfacesFlags,
  InterfaceDefineFlags,
  type Interface as InterfaceRef,
  InterfaceXMLFlags,
} from "../../protocol/index.ts";
import type { TestNode } from "./state.ts";

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
  | "connectListAllInterfaces"
  | "interfaceLookupByName"
  | "interfaceLookupByMacString"
  | "interfaceGetXmlDesc"
  | "interfaceDefineXml"
  | "interfaceUndefine"
  | "interfaceCreate"
  | "interfaceDestroy"
  | "interfaceIsActive"
  | "interfaceChangeBegin"
  | "interfaceChangeCommit"
  | "interfaceChangeRollback";

const { ACTIVE, INACTIVE } = ConnectListAllInterfacesFlags;
const questions: readonly ListQuestion<TestInterface>[] = [yesOrNo(ACTIVE, INACTIVE, ({ active }) => active)];

function macOf({ definition }: TestInterface): string {
  return ("mac" in definition ? definition.mac?.address : undefined) ?? "";
}

function interfaceRef(found: TestInterface): InterfaceRef {
  return { name: found.name, mac: macOf(found) };
}

function noInterface(how: string): LibvirtError {
  return new LibvirtError("NO_INTERFACE", "TEST", `no interface with matching ${how}`);
}

function invalid(detail: string | null): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "TEST", detail);
}

function find({ interfaces }: TestNode, { name }: Pick<InterfaceRef, "name">): TestInterface {
  const found = interfaces.current.get(name);
  if (!found) throw noInterface(`name '${name}'`);
  return found;
}

function findByMac({ interfaces }: TestNode, mac: string): TestInterface {
  const matching = [...interfaces.current.values()].filter((each) => macOf(each).toLowerCase() === mac.toLowerCase());
  const [found] = matching;
  if (!found || mac === "") throw noInterface(`mac '${mac}'`);
  if (matching.length > 1) throw new LibvirtError("MULTIPLE_INTERFACES", "TEST", null);
  return found;
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
    connectListAllInterfaces({ needResults, flags }) {
      checkFlags(flags, questionFlags(questions), "connectListAllInterfaces", "TEST");
      const found = selectByFlags(interfaces.current.values(), flags, questions).map(interfaceRef);
      const { items, ret } = listed(found, needResults);
      return { ifaces: items, ret };
    },
    interfaceLookupByName: ({ name }) => ({ iface: interfaceRef(find(node, { name })) }),
    interfaceLookupByMacString: ({ mac }) => ({ iface: interfaceRef(findByMac(node, mac)) }),
    interfaceGetXmlDesc({ iface, flags }) {
      checkFlags(flags, InterfaceXMLFlags.INACTIVE, "interfaceGetXmlDesc", "TEST");
      return { xml: formatInterface(find(node, iface).definition) };
    },
    interfaceDefineXml({ xml, flags }) {
      checkFlags(flags, InterfaceDefineFlags.VALIDATE, "interfaceDefineXml", "TEST");
      return { iface: interfaceRef(defineInterface(node, xml, flags)) };
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
    interfaceIsActive: ({ iface }) => ({ active: Number(find(node, iface).active) }),
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
  return { ...interfaceListTwins(handlers.connectListAllInterfaces), ...handlers };
}
