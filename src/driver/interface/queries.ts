/** Host interfaces as every driver that has them answers for them: lists, look-ups, documents. */
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import { formatInterface, type HostInterface } from "../../model/interface.ts";
import {
  ConnectListAllInterfacesFlags,
  type Interface as InterfaceRef,
  InterfaceXMLFlags,
} from "../../protocol/index.ts";
import { checkFlags } from "../flags.ts";
import type { Handlers } from "../handler.ts";
import { type ListQuestion, questionFlags, selectByFlags, yesOrNo } from "../list-filter.ts";
import { interfaceListTwins, listed } from "../twins.ts";

/** One of the host's interfaces. */
export interface KnownInterface {
  readonly name: string;
  readonly definition: HostInterface;
  readonly active: boolean;
  /** Empty for one that has no address. */
  readonly mac: string;
}

/** Where a driver finds its interfaces. */
export interface InterfaceBook<T extends KnownInterface = KnownInterface> {
  /** Who reports errors. */
  readonly domain: ErrorDomainName;
  /** Those that are listed. */
  all(): Iterable<T> | Promise<Iterable<T>>;
  /** Any one, listed or not. */
  find(name: string): T | undefined | Promise<T | undefined>;
  /** What to say of one that is not there. */
  missing(how: "name" | "mac", value: string): string;
}

type QueryProcedures =
  | "connectListAllInterfaces"
  | "interfaceLookupByName"
  | "interfaceLookupByMacString"
  | "interfaceGetXmlDesc"
  | "interfaceIsActive";

const { ACTIVE, INACTIVE } = ConnectListAllInterfacesFlags;
const questions: readonly ListQuestion<KnownInterface>[] = [yesOrNo(ACTIVE, INACTIVE, ({ active }) => active)];

/** How clients refer to the interface. */
export function interfaceRef({ name, mac }: Pick<KnownInterface, "name" | "mac">): InterfaceRef {
  return { name, mac };
}

/** The interface a client means, or NO_INTERFACE. */
export async function requireInterface<T extends KnownInterface>(book: InterfaceBook<T>, name: string): Promise<T> {
  const found = await book.find(name);
  if (found) return found;
  throw new LibvirtError("NO_INTERFACE", book.domain, book.missing("name", name));
}

async function requireMac(book: InterfaceBook, mac: string): Promise<KnownInterface> {
  const matching = [...(await book.all())].filter((each) => each.mac.toLowerCase() === mac.toLowerCase());
  const [found] = matching;
  if (!found || mac === "") throw new LibvirtError("NO_INTERFACE", book.domain, book.missing("mac", mac));
  if (matching.length > 1) throw new LibvirtError("MULTIPLE_INTERFACES", book.domain, null);
  return found;
}

export function interfaceQueryHandlers(book: InterfaceBook) {
  const { domain } = book;
  const handlers: Handlers<QueryProcedures> = {
    async connectListAllInterfaces({ needResults, flags }) {
      checkFlags(flags, questionFlags(questions), "connectListAllInterfaces", domain);
      const { items, ret } = listed(selectByFlags(await book.all(), flags, questions).map(interfaceRef), needResults);
      return { ifaces: items, ret };
    },
    interfaceLookupByName: async ({ name }) => ({ iface: interfaceRef(await requireInterface(book, name)) }),
    interfaceLookupByMacString: async ({ mac }) => ({ iface: interfaceRef(await requireMac(book, mac)) }),
    async interfaceGetXmlDesc({ iface, flags }) {
      checkFlags(flags, InterfaceXMLFlags.INACTIVE, "interfaceGetXmlDesc", domain);
      return { xml: formatInterface((await requireInterface(book, iface.name)).definition) };
    },
    interfaceIsActive: async ({ iface }) => ({ active: Number((await requireInterface(book, iface.name)).active) }),
  };
  return { ...interfaceListTwins(handlers.connectListAllInterfaces), ...handlers };
}
