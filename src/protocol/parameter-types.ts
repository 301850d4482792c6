/** The types of the typed parameters that procedures take, by name. A name that means two types is not here. */
import {
  ConnectIdentity,
  DomainBandwidth,
  DomainBlkio,
  DomainBlockCopy,
  DomainBlockIotune,
  DomainIOThread,
  DomainLaunchSecurity,
  DomainMemory,
  DomainNuma,
  DomainSaveParam,
  DomainScheduler,
  MigrateParam,
  NodeMemoryShared,
  PerfParam,
  TypedParameterType,
} from "./constants/index.ts";

const { INT, UINT, LLONG, ULLONG, BOOLEAN, STRING } = TypedParameterType;

/** Parameters that are of one type, but for some. */
function all<Name extends string>(
  names: Readonly<Record<string, Name>>,
  type: TypedParameterType,
  others: { readonly [N in Name]?: TypedParameterType } = {},
): readonly (readonly [string, TypedParameterType])[] {
  return Object.values(names).map((name) => [name, others[name] ?? type]);
}

/** The type of each parameter that a procedure takes. */
export const parameterTypes: ReadonlyMap<string, TypedParameterType> = new Map([
  ...all(DomainScheduler, LLONG, {
    shares: INT,
    weight: UINT,
    cap: UINT,
    cpu_shares: ULLONG,
    vcpu_period: ULLONG,
    emulator_period: ULLONG,
    global_period: ULLONG,
    iothread_period: ULLONG,
  }),
  ...all(DomainMemory, ULLONG),
  ...all(DomainBlkio, STRING, { weight: UINT }),
  ...all(DomainBlockIotune, ULLONG, { group_name: STRING }),
  ...all(DomainBlockCopy, ULLONG, { granularity: UINT }),
  ...all(DomainNuma, STRING, { numa_mode: INT }),
  ...all(DomainBandwidth, UINT),
  ...all(DomainIOThread, UINT, { poll_max_ns: ULLONG, thread_pool_min: INT, thread_pool_max: INT }),
  ...all(PerfParam, BOOLEAN),
  ...all(DomainLaunchSecurity, STRING, {
    "sev-api-major": UINT,
    "sev-api-minor": UINT,
    "sev-build-id": UINT,
    "sev-policy": UINT,
    "sev-secret-set-address": ULLONG,
  }),
  ...all(DomainSaveParam, STRING),
  ...all(MigrateParam, STRING, {
    bandwidth: ULLONG,
    "bandwidth.postcopy": ULLONG,
    "compression.xbzrle.cache": ULLONG,
    "compression.mt.level": INT,
    "compression.mt.threads": INT,
    "compression.mt.dthreads": INT,
    "auto_converge.initial": INT,
    "auto_converge.increment": INT,
    "parallel.connections": INT,
    disks_port: INT,
  }),
  ...all(NodeMemoryShared, ULLONG, {
    shm_pages_to_scan: UINT,
    shm_sleep_millisecs: UINT,
    shm_merge_across_nodes: UINT,
  }),
  ...all(ConnectIdentity, STRING, {
    "process-id": LLONG,
    "process-time": ULLONG,
    "unix-user-id": ULLONG,
    "unix-group-id": ULLONG,
  }),
  // Newer libvirts than the one that the constants are of.
  ["image_format", STRING],
  ["parallel.channels", INT],
  ["migrate_disks_detect_zeroes", STRING],
]);

/** The types of some parameters. @throws {TypeError} for a name that no procedure takes */
export function typesOf(names: readonly string[]): Readonly<Record<string, TypedParameterType>> {
  return Object.fromEntries(names.map((name) => [name, typeOf(name)]));
}

function typeOf(name: string): TypedParameterType {
  const type = parameterTypes.get(name);
  if (type === undefined) throw new TypeError(`'${name}' is not in the table of parameters`);
  return type;
}
