/** Moving a guest to another host. */
import type { Domain } from "../../../api/index.ts";
import { DomainMigrateFlags as Migrate, MigrateParam as Param } from "../../../protocol/constants/index.ts";
import { type Context, command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { bytes, data, flag, int, type OptionValues, text, uint, ulonglong } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import { watchJob } from "../../shared/job.ts";
import { type Parameters, type ParameterValue, setParameters } from "../../shared/parameters.ts";
import { exclusive, flagsOf, requires } from "../../shared/rules.ts";
import { prettyBytes } from "../../shared/sizes.ts";
import { fileNames } from "../../shared/xml-options.ts";

const options = {
  domain: domainOption(),
  desturi: data("URI of the other host: as this host sees it with --p2p, else as you do"),
  live: flag("while it runs"),
  offline: flag("only its definition"),
  p2p: flag("the hosts talk to each other"),
  direct: flag("the hypervisors talk to each other"),
  tunnelled: flag("all data goes through libvirt's connection"),
  persistent: flag("it stays defined over there"),
  undefinesource: flag("it is no longer defined here"),
  suspend: flag("it is left paused over there"),
  copyStorageAll: flag("copy its disks, too"),
  copyStorageInc: flag("copy what its disks hold besides an older image that both hosts have"),
  copyStorageSynchronousWrites: flag("while disks are copied, the guest's writes wait for the copy"),
  changeProtection: flag("nobody may change it meanwhile"),
  unsafe: flag("even if data may be lost"),
  verbose: flag("show how far it is"),
  compressed: flag("compress memory that is sent again"),
  autoConverge: flag("slow the guest down until memory is sent faster than it changes"),
  rdmaPinAll: flag("with RDMA: pin all memory first"),
  abortOnError: flag("give up at I/O errors"),
  postcopy: flag("allow 'migrate-postcopy'"),
  postcopyAfterPrecopy: flag("do that by itself after all memory was sent once"),
  postcopyResume: flag("go on with one that failed after that"),
  zerocopy: flag("send memory without copying it first"),
  migrateuri: text("where the hypervisor's data goes"),
  graphicsuri: text("where viewers of its display are sent"),
  listenAddress: text("address the other host listens at"),
  dname: text("its name over there"),
  timeout: uint("seconds after which to do what --timeout-... says"),
  timeoutSuspend: flag("after the timeout, pause it, so that it can be sent"),
  timeoutPostcopy: flag("after the timeout, fetch the rest of its memory on demand"),
  xml: text("file with its XML over there", { complete: fileNames }),
  migrateDisks: text("disks to copy, separated by commas"),
  disksPort: int("port for disks over there"),
  disksUri: text("where disks are sent; instead of --disks-port"),
  compMethods: text("ways to compress, separated by commas"),
  compMtLevel: int("how much several threads compress"),
  compMtThreads: int("threads that compress"),
  compMtDthreads: int("threads that decompress"),
  compXbzrleCache: ulonglong("bytes of cache to compress with XBZRLE"),
  autoConvergeInitial: int("percent to slow it down at first"),
  autoConvergeIncrement: int("percent to slow it down more each time"),
  persistentXml: text("file with the definition that stays over there", { complete: fileNames }),
  tls: flag("encrypt with TLS"),
  postcopyBandwidth: bytes("most MiB a second when memory is fetched on demand"),
  parallel: flag("over several connections"),
  parallelConnections: int("over so many"),
  bandwidth: bytes("most MiB a second"),
  tlsDestination: text("name of the other host in its TLS certificate"),
};

type Values = OptionValues<typeof options>;

export const migrate = command({
  name: "migrate",
  summary: "move a guest to another host",
  description: "Moves a domain to another host; with --live, while it runs.",
  options,
  aliases: { tunneled: "tunnelled" },
  async run(context) {
    const { options: values, shell } = context;
    checkOptions(values);
    const domain = await domainOf(context);
    const parameters = await parametersOf(values);
    const flags = flagsOf(values, flagBits);
    const work = async () => {
      if (values.p2p || values.direct) {
        const uri = values.desturi;
        await domain.migrateToURI3(values.direct && !values.p2p ? null : uri, parameters, flags);
        return;
      }
      const { openConnection } = await import("../../connect.ts");
      const request = { uri: values.desturi, readonly: false, keepaliveInterval: undefined, keepaliveCount: undefined };
      const destination = await openConnection(request);
      try {
        await domain.migrate3(destination, parameters, flags);
      } finally {
        await destination.close();
      }
    };
    const timer = startTimeout(context, domain);
    try {
      await watchJob({ shell, signal: context.signal }, domain, "Migration", values.verbose, work);
    } finally {
      clearTimeout(timer);
    }
  },
});

const flagBits = {
  live: Migrate.LIVE,
  offline: Migrate.OFFLINE,
  p2p: Migrate.PEER2PEER,
  tunnelled: Migrate.TUNNELLED,
  persistent: Migrate.PERSIST_DEST,
  undefinesource: Migrate.UNDEFINE_SOURCE,
  suspend: Migrate.PAUSED,
  copyStorageAll: Migrate.NON_SHARED_DISK,
  copyStorageInc: Migrate.NON_SHARED_INC,
  copyStorageSynchronousWrites: Migrate.NON_SHARED_SYNCHRONOUS_WRITES,
  changeProtection: Migrate.CHANGE_PROTECTION,
  unsafe: Migrate.UNSAFE,
  compressed: Migrate.COMPRESSED,
  autoConverge: Migrate.AUTO_CONVERGE,
  rdmaPinAll: Migrate.RDMA_PIN_ALL,
  abortOnError: Migrate.ABORT_ON_ERROR,
  postcopy: Migrate.POSTCOPY,
  postcopyResume: Migrate.POSTCOPY_RESUME,
  zerocopy: Migrate.ZEROCOPY,
  tls: Migrate.TLS,
  parallel: Migrate.PARALLEL,
} satisfies { readonly [K in keyof Values]?: number };

/** @throws {CommandError} */
function checkOptions(values: Values): void {
  exclusive(values, ["live", "offline"], ["timeoutSuspend", "timeoutPostcopy"], ["disksPort", "disksUri"]);
  requires(values, "postcopyAfterPrecopy", "postcopy");
  requires(values, "timeoutPostcopy", "postcopy");
  requires(values, "persistentXml", "persistent");
  requires(values, "tlsDestination", "tls");
  if (values.timeout !== undefined && !values.live) {
    throw new CommandError("migrate: Unexpected timeout for offline migration");
  }
  if (values.copyStorageSynchronousWrites && !values.copyStorageAll && !values.copyStorageInc) {
    throw new CommandError(
      "'--copy-storage-synchronous-writes' requires one of '--copy-storage-all', 'copy-storage-inc'",
    );
  }
}

async function parametersOf(values: Values): Promise<Record<string, ParameterValue | readonly string[]>> {
  const plain: Parameters =
    setParameters({
      [Param.URI]: values.migrateuri,
      [Param.GRAPHICS_URI]: values.graphicsuri,
      [Param.LISTEN_ADDRESS]: values.listenAddress,
      [Param.DEST_NAME]: values.dname,
      [Param.DISKS_PORT]: values.disksPort,
      [Param.DISKS_URI]: values.disksUri,
      [Param.COMPRESSION_MT_LEVEL]: values.compMtLevel,
      [Param.COMPRESSION_MT_THREADS]: values.compMtThreads,
      [Param.COMPRESSION_MT_DTHREADS]: values.compMtDthreads,
      [Param.COMPRESSION_XBZRLE_CACHE]: values.compXbzrleCache,
      [Param.AUTO_CONVERGE_INITIAL]: values.autoConvergeInitial,
      [Param.AUTO_CONVERGE_INCREMENT]: values.autoConvergeIncrement,
      [Param.BANDWIDTH_POSTCOPY]: values.postcopyBandwidth,
      [Param.PARALLEL_CONNECTIONS]: values.parallelConnections,
      [Param.BANDWIDTH]: values.bandwidth,
      [Param.TLS_DESTINATION]: values.tlsDestination,
      [Param.DEST_XML]: values.xml === undefined ? undefined : await readXmlFile(values.xml),
      [Param.PERSIST_XML]: values.persistentXml === undefined ? undefined : await readXmlFile(values.persistentXml),
    }) ?? {};
  const lists: Record<string, readonly string[]> = {};
  if (values.migrateDisks !== undefined) lists[Param.MIGRATE_DISKS] = values.migrateDisks.split(",");
  if (values.compMethods !== undefined) lists[Param.COMPRESSION] = values.compMethods.split(",");
  return { ...plain, ...lists };
}

/** After `--timeout` seconds, helps the migration to its end. */
function startTimeout({ options: values, complain }: Context<Values>, domain: Domain): NodeJS.Timeout | undefined {
  if (values.timeout === undefined) return undefined;
  const act = async () => {
    if (values.timeoutPostcopy) {
      complain("migration timed out; switching to post-copy");
      await attempt("switching to post-copy failed", () => domain.migrateStartPostCopy(0));
    } else {
      complain("migration timed out; suspending domain");
      await attempt("suspending domain failed", () => domain.suspend());
    }
  };
  return setTimeout(() => void act().catch((error: Error) => complain(error.message)), values.timeout * 1000);
}

const active = domainOption({ filter: DomainFilter.ACTIVE });

export const migrateSetmaxdowntime = command({
  name: "migrate-setmaxdowntime",
  summary: "how long a migrated guest may stand still",
  description: "Sets how long a guest may be paused at the end of its migration.",
  options: { domain: active, downtime: ulonglong("milliseconds", { required: true }) },
  async run(context) {
    const { downtime } = context.options;
    const domain = await domainOf(context);
    if (downtime < 1n) throw new CommandError("migrate: Invalid downtime");
    await domain.migrateSetMaxDowntime(downtime, 0);
  },
});

export const migrateGetmaxdowntime = command({
  name: "migrate-getmaxdowntime",
  summary: "how long a migrated guest may stand still",
  description: "Shows how long a guest may be paused at the end of its migration, in milliseconds.",
  options: { domain: active },
  async query(context) {
    return { downtimeMs: await (await domainOf(context)).migrateGetMaxDowntime(0) };
  },
  print: ({ downtimeMs }) => `${downtimeMs}\n`,
});

export const migrateCompcache = command({
  name: "migrate-compcache",
  summary: "the cache that compresses a migration",
  description: "Sets or shows how many bytes of cache compress memory that is sent again.",
  options: { domain: active, size: bytes("bytes", { named: true }) },
  async query(context) {
    const domain = await domainOf(context);
    const { size } = context.options;
    if (size !== undefined) await domain.migrateSetCompressionCache(size, 0);
    return { bytes: await domain.migrateGetCompressionCache(0) };
  },
  print: ({ bytes: size }) => `Compression cache: ${prettyBytes(size, 3)}`,
});

export const migrateSetspeed = command({
  name: "migrate-setspeed",
  summary: "how fast a guest is migrated",
  description: "Sets how many MiB a second a guest's migration may send.",
  options: {
    domain: active,
    bandwidth: ulonglong("MiB a second", { required: true }),
    postcopy: flag("when memory is fetched on demand"),
  },
  async run(context) {
    const { options: values } = context;
    await (await domainOf(context)).migrateSetMaxSpeed(values.bandwidth, values.postcopy ? 1 : 0);
  },
});

export const migrateGetspeed = command({
  name: "migrate-getspeed",
  summary: "how fast a guest is migrated",
  description: "Shows how many MiB a second a guest's migration may send.",
  options: { domain: active, postcopy: flag("when memory is fetched on demand") },
  async query(context) {
    return { mibPerSecond: await (await domainOf(context)).migrateGetMaxSpeed(context.options.postcopy ? 1 : 0) };
  },
  print: ({ mibPerSecond }) => `${mibPerSecond}\n`,
});

export const migratePostcopy = command({
  name: "migrate-postcopy",
  summary: "fetch a migrated guest's memory on demand",
  description:
    "Lets a guest go on over there at once, and fetches its memory as it is needed.\nThe migration must have been started with --postcopy.",
  options: { domain: active },
  async run(context) {
    await (await domainOf(context)).migrateStartPostCopy(0);
  },
});
