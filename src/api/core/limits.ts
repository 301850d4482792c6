/** What libvirt's public functions ask of their arguments, whatever the driver, and the words in which they refuse. */
import {
  type ArgsOf,
  DOMAIN_SEND_KEY_MAX_KEYS,
  DomainMetadataType,
  KeycodeSet,
  type ProcedureName,
} from "../../protocol/index.ts";

/** A broken rule: the argument as C calls it, and the whole message when it is not "ARGUMENT in FUNCTION must RULE". */
export interface Broken {
  readonly argument: string;
  readonly must?: string;
  readonly message?: string;
}

type Rule<Name extends ProcedureName> = (args: ArgsOf<Name>) => Broken | undefined;

/** Refuses `argument` when `holds` says no. */
function unless(holds: boolean, argument: string, must: string): Broken | undefined {
  return holds ? undefined : { argument, must };
}

const notZero = (value: number | bigint, argument: string) => unless(BigInt(value) !== 0n, argument, "not be zero");
const notNegative = (value: number, argument: string) => unless(value >= 0, argument, "be zero or greater");
const positive = (value: number, argument: string) => unless(value > 0, argument, "be greater than zero");
const notEmpty = (value: string | null, argument: string) => unless(value !== "", argument, "not be empty");

const isElement = (type: number) => type === DomainMetadataType.ELEMENT;

interface MetadataArgs {
  readonly type: number;
  readonly metadata?: string | null;
  readonly key?: string | null;
  readonly uri: string | null;
}

function metadata({ type, metadata: text, key, uri }: MetadataArgs): Broken | undefined {
  if (type > DomainMetadataType.ELEMENT) return undefined;
  if (type === DomainMetadataType.TITLE && text?.includes("\n")) {
    return { argument: "metadata", message: "metadata title can't contain newlines" };
  }
  if (!isElement(type)) {
    return unless(uri === null, "uri", "be NULL") ?? unless((key ?? null) === null, "key", "be NULL");
  }
  const keyed = text === undefined || text === null || key !== null;
  return unless(uri !== null, "uri", "not be NULL") ?? unless(keyed, "key", "not be NULL");
}

/** The rules by procedure. */
const rules: { readonly [Name in ProcedureName]?: Rule<Name> } = {
  domainLookupById: ({ id }) => notNegative(id, "id"),
  domainSetMaxMemory: ({ memory }) => notZero(memory, "memory"),
  domainSetMemory: ({ memory }) => notZero(memory, "memory"),
  domainSetMemoryFlags: ({ memory }) => notZero(memory, "memory"),
  domainSetMemoryStatsPeriod: ({ period }) => notNegative(period, "period"),
  domainSetVcpus: ({ nvcpus }) => notZero(nvcpus, "nvcpus"),
  domainSetVcpusFlags: ({ nvcpus }) => notZero(nvcpus, "nvcpus"),
  domainPinVcpu: ({ cpumap }) => positive(cpumap.length, "maplen"),
  domainPinVcpuFlags: ({ cpumap }) => positive(cpumap.length, "maplen"),
  domainPinEmulator: ({ cpumap }) => positive(cpumap.length, "maplen"),
  domainPinIothread: ({ cpumap }) => positive(cpumap.length, "maplen"),
  domainSendProcessSignal: ({ pidValue }) => notZero(pidValue, "pid_value"),
  domainRename: ({ newName }) => unless(newName !== null, "new_name", "not be NULL") ?? notEmpty(newName, "new_name"),
  domainGetBlockInfo: ({ path }) => notEmpty(path, "disk"),
  domainBlockPeek: ({ path }) => notEmpty(path, "disk"),
  domainSetMetadata: metadata,
  domainGetMetadata: metadata,
  networkSetMetadata: metadata,
  networkGetMetadata: metadata,
  domainSendKey({ codeset, keycodes }) {
    if (!Object.values(KeycodeSet).includes(codeset as KeycodeSet)) {
      return { argument: "codeset", message: `Unsupported codeset '${codeset}'` };
    }
    const most = `be less than or equal to ${DOMAIN_SEND_KEY_MAX_KEYS}`;
    return (
      positive(keycodes.length, "nkeycodes") ?? unless(keycodes.length <= DOMAIN_SEND_KEY_MAX_KEYS, "nkeycodes", most)
    );
  },
};

/** The rule of a procedure that its arguments break. */
export function brokenRule<Name extends ProcedureName>(name: Name, args: ArgsOf<Name>): Broken | undefined {
  return (rules[name] as Rule<Name> | undefined)?.(args);
}
