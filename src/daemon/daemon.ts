/** The daemon from start to end: its settings, log, state, servers and sockets. */
import "../api/drivers.ts";
import { LibvirtError } from "../errors.ts";
import { chooseHostUuid } from "../host/node/description.ts";
import { takePidFile } from "../host/pid-file.ts";
import { adminProgram, lxcProgram, qemuProgram, remoteProgram } from "../protocol/index.ts";
import { type AccessControl, everybodyMay } from "./access/access-control.ts";
import { openAccessControl } from "./access/index.ts";
import { type AdminHandlers, adminHandlers } from "./admin/handlers.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import { openAuthenticator } from "./auth/index.ts";
import { askingNobody } from "./auth/open-door.ts";
import { defaultUserFile } from "./auth/user-file.ts";
import type { RunOptions } from "./command-line.ts";
import { IdleWatch } from "./idle.ts";
import { adminLimits, adminWorkers, mainLimits, mainWorkers } from "./limits.ts";
import { errorText, type Log, type Logger } from "./log/log.ts";
import { type LoggingOptions, logSettings, openLog } from "./logging.ts";
import { notifier } from "./notify.ts";
import { type OwnState, openOwnState, openOwnXen } from "./own-state.ts";
import type { Paths } from "./paths.ts";
import { Server } from "./server/server.ts";
import type { Service } from "./server/service.ts";
import { ownConnection, ownXenConnection, type UriRules } from "./server/uris.ts";
import { changesOf, readSettings, withReloaded } from "./settings/read.ts";
import type { SettingValues } from "./settings/table.ts";
import { planSockets, type Sockets } from "./sockets.ts";
import { Undo } from "./undo.ts";

export interface DaemonOptions {
  readonly run: RunOptions;
  readonly paths: Paths;
  /** Whether it manages the machine, as root does, not one user's guests. */
  readonly isSystem: boolean;
}

/** What the daemon consists of. */
interface Parts {
  readonly options: DaemonOptions;
  readonly log: Log;
  readonly logger: Logger;
  readonly undo: Undo;
  readonly authenticator: Authenticator;
  readonly access: AccessControl;
  readonly main: Server;
  readonly admin: Server;
  readonly idle: IdleWatch;
}

export class Daemon {
  /** Resolves when the daemon has ended. */
  readonly ended: Promise<void>;
  readonly #parts: Parts;
  #settings: SettingValues;
  readonly #sockets: Sockets;
  #resolveEnded: () => void = () => {};
  #reloading: Promise<void> = Promise.resolve();

  /** Starts a daemon; clients are served when the promise resolves. What fails leaves nothing behind. */
  static async start(options: DaemonOptions): Promise<Daemon> {
    const { run, paths } = options;
    const settings = await readSettings(run.config ?? paths.config, run.config !== null);
    const log = await openLog(settings, loggingOf(options));
    const logger = log.logger("daemon");
    const undo = new Undo();
    undo.add(() => log.close());
    try {
      return await startWith(options, settings, log, undo);
    } catch (error) {
      logger.error(errorText(error));
      await undo.run((failure) => logger.error(errorText(failure)));
      throw error;
    }
  }

  constructor(parts: Parts, sockets: Sockets, settings: SettingValues) {
    this.#parts = parts;
    this.#sockets = sockets;
    this.#settings = settings;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get log(): Log {
    return this.#parts.log;
  }

  get settings(): SettingValues {
    return this.#settings;
  }

  /** Reads the configuration again; what it changes that can change now does. A wrong file changes nothing. */
  reload(): Promise<void> {
    const { logger } = this.#parts;
    this.#reloading = this.#reloading.then(() =>
      this.#reload().catch((error) => logger.error(`the configuration stays as it was: ${errorText(error)}`)),
    );
    return this.#reloading;
  }

  /** Ends the daemon; guests go on. Idempotent. */
  async stop(): Promise<void> {
    const { undo, logger } = this.#parts;
    logger.info("the daemon ends; guests go on");
    await undo.run((failure) => logger.error(errorText(failure)));
    this.#resolveEnded();
  }

  async #reload(): Promise<void> {
    const { options, logger, authenticator, access, main, admin } = this.#parts;
    const { config } = options.run;
    const read = await readSettings(config ?? options.paths.config, config !== null);
    const [before, now] = [this.#settings, withReloaded(this.#settings, read)];
    const { reloaded, later } = changesOf(before, read);
    this.#settings = now;
    // What virt-admin has changed meanwhile stays, unless the file has changed too.
    Object.assign(main.limits, differing(mainLimits(before), mainLimits(now)));
    Object.assign(admin.limits, differing(adminLimits(before), adminLimits(now)));
    main.limitsChanged();
    admin.limitsChanged();
    authenticator.reload(now);
    await this.#renew("the access rules", () => access.reload(now));
    await this.#renew("the log", () => this.#changeLog(before));
    await this.#renew("TLS", () => this.#sockets.tls?.update());
    logger.info(`configuration read again${reloaded.length > 0 ? `, changed: ${reloaded.join(", ")}` : ""}`);
    if (later.length > 0) logger.warning(`changes of these settings wait for the next start: ${later.join(", ")}`);
  }

  /** Reads a part of the configuration again that has files of its own; if they are wrong, it goes on as it was. */
  async #renew(what: string, work: () => Promise<void> | undefined): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#parts.logger.error(`${what} stays as it was: ${errorText(error)}`);
    }
  }

  /** Its files are opened anew too: somebody may have moved them away. */
  async #changeLog(settings: SettingValues): Promise<void> {
    const { log, options } = this.#parts;
    const [before, now] = [logSettings(settings, loggingOf(options)), logSettings(this.#settings, loggingOf(options))];
    if (now.level !== before.level) log.level = now.level;
    if (now.filters !== before.filters) log.setFilters(now.filters);
    await log.setOutputs(now.outputs === before.outputs ? log.outputs : now.outputs);
  }
}

/** The fields that have another value now. */
function differing<T extends object>(before: T, now: T): Partial<T> {
  const fields = Object.entries(now).filter(([name, value]) => {
    return JSON.stringify(value) !== JSON.stringify(before[name as keyof T]);
  });
  return Object.fromEntries(fields) as Partial<T>;
}

function loggingOf({ run, paths }: DaemonOptions): LoggingOptions {
  return { verbose: run.verbose, background: run.background, file: paths.log };
}

async function startWith(options: DaemonOptions, settings: SettingValues, log: Log, undo: Undo): Promise<Daemon> {
  const { run, paths, isSystem } = options;
  const logger = log.logger("daemon");
  const notify = notifier(logger);
  chooseHostUuid({ uuid: settings.host_uuid, source: settings.host_uuid_source });
  const pidFile = await takePidFile(run.pidFile ?? paths.pidFile, "RPC");
  undo.add(() => pidFile.release());

  let daemon: Daemon | null = null;
  let authenticator: Authenticator | null = null;
  const plan = await planSockets({
    settings: () => daemon?.settings ?? settings,
    folder: settings.unix_sock_dir ?? paths.sockets,
    tcp: run.listen,
    unixAuth: () => settings.auth_unix_rw ?? authenticator?.defaultFor("unix") ?? "none",
  });
  const config = run.config ?? paths.config;
  authenticator = await openAuthenticator({
    settings,
    sockets: plan.kinds,
    userFile: defaultUserFile(config),
    log: log.logger("auth"),
  });
  undo.add(() => authenticator?.close());
  const access = await openAccessControl(settings, config);
  for (const lack of authenticator.lacks) logger.warning(lack);
  if (plan.kinds.has("tcp") && settings.auth_tcp === "none") {
    logger.warning("'auth_tcp' is none: whoever reaches the TCP port may do everything, and all can read along");
  }
  if (plan.isOpenToAll && settings.auth_unix_rw === undefined && authenticator.defaultFor("unix") === "none") {
    throw new LibvirtError(
      "CONFIG_UNSUPPORTED",
      "RPC",
      "everybody may connect to the read-write socket that was handed over, and there is no polkit to decide who may go " +
        "on: give it SocketMode=0600, or set 'auth_unix_rw'",
    );
  }

  let state: OwnState | null = null;
  let xen: OwnState | null = null;
  let handlers: AdminHandlers;
  undo.add(() => state?.close());
  undo.add(() => xen?.close());
  const uris: UriRules = { isSystem, root: paths.state };
  const { main, admin } = openServers({
    ...{ settings, authenticator, access, uris, log },
    onChange: () => idle.changed(),
    answer: (procedure, args, client) => handlers[procedure.name as keyof AdminHandlers](args as never, client),
  });
  undo.add(() => Promise.all([main.close(), admin.close()]));
  const idle = new IdleWatch(run.timeout ?? 0, {
    isIdle: () => main.isIdle && admin.isIdle,
    runningGuests: async () => ((await state?.runningGuests()) ?? 0) + ((await xen?.runningGuests()) ?? 0),
    onIdle: () => {
      logger.info("nobody needs this daemon any more");
      void daemon?.stop();
    },
    log: logger,
  });
  undo.add(() => idle.end());

  // Clients that come while guests are taken over and started wait for the end of that.
  const sockets = await plan.open((arrival) => (arrival.kind === "admin" ? admin : main).accept(arrival));
  undo.add(() => sockets.close());
  state = await openOwnState(ownConnection(uris), () => idle.changed());
  if (isSystem)
    xen = await openOwnXen(
      ownXenConnection(uris),
      () => idle.changed(),
      (text) => logger.warning(text),
    );

  handlers = adminHandlers({
    servers: new Map([
      ["admin", { server: admin, workers: adminWorkers(settings), updateTls: null }],
      [
        "libvirtd",
        {
          server: main,
          workers: mainWorkers(settings),
          updateTls: sockets.tls && (() => sockets.tls?.update() ?? Promise.resolve()),
        },
      ],
    ]),
    log,
    defaultOutputs: logSettings({ ...settings, log_outputs: undefined }, loggingOf(options)).outputs,
    setTimeout: (seconds) => {
      idle.seconds = seconds;
    },
  });
  const parts = { options, log, logger, undo, authenticator, access, main, admin, idle };
  daemon = new Daemon(parts, sockets, settings);
  undo.add(() => notify("stopping"));
  main.open();
  admin.open();
  for (const place of sockets.places) logger.info(`listening at ${place}`);
  idle.changed();
  void notify("ready");
  return daemon;
}

interface ServerParts {
  readonly settings: SettingValues;
  readonly authenticator: Authenticator;
  readonly access: AccessControl;
  readonly uris: UriRules;
  readonly log: Log;
  readonly onChange: () => void;
  /** Answers the procedures of the admin program. */
  readonly answer: NonNullable<Service["answer"]>;
}

function openServers({ settings, authenticator, access, uris, log, onChange, answer }: ServerParts) {
  const shared = { access, uris, onChange };
  const main = new Server({
    ...shared,
    service: { name: "libvirtd", programs: [remoteProgram, qemuProgram, lxcProgram] },
    limits: mainLimits(settings),
    authenticator,
    log: log.logger("rpc"),
  });
  const admin = new Server({
    ...shared,
    service: { name: "admin", programs: [adminProgram], answer },
    limits: adminLimits(settings),
    // Who may open the socket may control the daemon, as in libvirt.
    authenticator: askingNobody(authenticator),
    access: everybodyMay,
    log: log.logger("admin"),
  });
  return { main, admin };
}
