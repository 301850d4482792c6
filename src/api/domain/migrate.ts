/** Moving a running domain to another host. */
import { MigrateParam } from "../../protocol/index.ts";
import type { Connection } from "../connection/connection.ts";
import type { CallOptions } from "../core/link.ts";
import type { Integer } from "../values/integer.ts";
import type { ParametersInput } from "../values/parameters.ts";
import type { Domain } from "./domain.ts";
import { requireMigrationToUri } from "./migrate-checks.ts";
import { migrateOver } from "./migrate-steps.ts";
import { DomainMoments } from "./moments.ts";

/** The part of {@link Domain} that moves it. */
export abstract class DomainMigration extends DomainMoments {
  /**
   * Moves the domain to the host of another connection (`virDomainMigrate`, since 0.3.2).
   * @param dname its name there; null to keep it.
   * @param uri how the source's host reaches the destination; null to ask it.
   * @param bandwidth in MiB a second; 0 for no limit.
   * @param flags `DomainMigrateFlags`.
   */
  migrate(
    dconn: Connection,
    flags = 0,
    dname: string | null = null,
    uri: string | null = null,
    bandwidth: Integer = 0,
    options?: CallOptions,
  ): Promise<Domain> {
    return this.migrate3(dconn, migration({ dname, uri, bandwidth }), flags, options);
  }

  /** As {@link migrate}, with another description for there (`virDomainMigrate2`, since 0.9.2). */
  migrate2(
    dconn: Connection,
    dxml: string | null = null,
    flags = 0,
    dname: string | null = null,
    uri: string | null = null,
    bandwidth: Integer = 0,
    options?: CallOptions,
  ): Promise<Domain> {
    return this.migrate3(dconn, migration({ dname, uri, dxml, bandwidth }), flags, options);
  }

  /**
   * Moves the domain to the host of another connection, and gives the domain there (`virDomainMigrate3`, since 1.1.0).
   * @param params by the names in `MigrateParam`.
   * @param flags `DomainMigrateFlags`.
   */
  async migrate3(dconn: Connection, params: ParametersInput = {}, flags = 0, options?: CallOptions): Promise<Domain> {
    const steps = { source: this.link, dom: this.wire, params, flags };
    const moved = await migrateOver(dconn, steps, options);
    this.stopped();
    return moved;
  }

  /**
   * Moves the domain; the hosts speak with each other (PEER2PEER) or the hypervisors do (`virDomainMigrateToURI`, since
   * 0.7.2).
   * @param duri the destination's connection URI, seen from the source's host.
   */
  migrateToURI(
    duri: string,
    flags = 0,
    dname: string | null = null,
    bandwidth: Integer = 0,
    options?: CallOptions,
  ): Promise<void> {
    return this.migrateToURI3(duri, migration({ dname, bandwidth }), flags, options);
  }

  /** As {@link migrateToURI}, with more to choose (`virDomainMigrateToURI2`, since 0.9.2). */
  migrateToURI2(
    dconnuri: string | null = null,
    miguri: string | null = null,
    dxml: string | null = null,
    flags = 0,
    dname: string | null = null,
    bandwidth: Integer = 0,
    options?: CallOptions,
  ): Promise<void> {
    return this.migrateToURI3(dconnuri, migration({ dname, uri: miguri, dxml, bandwidth }), flags, options);
  }

  /**
   * As {@link migrateToURI} (`virDomainMigrateToURI3`, since 1.1.0).
   * @param params by the names in `MigrateParam`.
   */
  async migrateToURI3(
    dconnuri: string | null,
    params: ParametersInput = {},
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await requireMigrationToUri(this.link, dconnuri, flags);
    const args = { dom: this.wire, dconnuri, params, cookieIn: new Uint8Array(), flags };
    await this.run("domainMigratePerform3Params", args, options);
    this.stopped();
  }

  /**
   * How long the guest may stand still in a migration (`virDomainMigrateSetMaxDowntime`, since 0.8.0).
   * @param downtime in ms.
   */
  migrateSetMaxDowntime(downtime: Integer, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainMigrateSetMaxDowntime", { dom: this.wire, downtime, flags }, options);
  }

  /** How long the guest may stand still in a migration, in ms (`virDomainMigrateGetMaxDowntime`, since 3.7.0). */
  async migrateGetMaxDowntime(flags = 0, options?: CallOptions): Promise<bigint> {
    return (await this.call("domainMigrateGetMaxDowntime", { dom: this.wire, flags }, options)).downtime;
  }

  /**
   * The limit of a migration's speed (`virDomainMigrateSetMaxSpeed`, since 0.9.0).
   * @param bandwidth in MiB a second.
   * @param flags `DomainMigrateMaxSpeedFlags`.
   */
  migrateSetMaxSpeed(bandwidth: Integer, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainMigrateSetMaxSpeed", { dom: this.wire, bandwidth, flags }, options);
  }

  /**
   * The limit of a migration's speed, in MiB a second (`virDomainMigrateGetMaxSpeed`, since 0.9.5).
   * @param flags `DomainMigrateMaxSpeedFlags`.
   */
  async migrateGetMaxSpeed(flags = 0, options?: CallOptions): Promise<bigint> {
    return (await this.call("domainMigrateGetMaxSpeed", { dom: this.wire, flags }, options)).bandwidth;
  }

  /**
   * The size of the cache for compressing memory that is sent again, in bytes (`virDomainMigrateGetCompressionCache`,
   * since 1.0.3).
   */
  async migrateGetCompressionCache(flags = 0, options?: CallOptions): Promise<bigint> {
    return (await this.call("domainMigrateGetCompressionCache", { dom: this.wire, flags }, options)).cacheSize;
  }

  /**
   * Sets the size of the cache for compressing memory that is sent again, in bytes
   * (`virDomainMigrateSetCompressionCache`, since 1.0.3).
   */
  migrateSetCompressionCache(cacheSize: Integer, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, cacheSize, flags };
    return this.run("domainMigrateSetCompressionCache", args, options);
  }

  /**
   * Lets the guest go on at the destination now, and fetch the rest of its memory from there
   * (`virDomainMigrateStartPostCopy`, since 1.3.3).
   */
  migrateStartPostCopy(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainMigrateStartPostCopy", { dom: this.wire, flags }, options);
  }
}

interface Classic {
  readonly dname?: string | null;
  readonly uri?: string | null;
  readonly dxml?: string | null;
  readonly bandwidth: Integer;
}

/** The older functions' arguments as the parameters of the newest. */
function migration({ dname, uri, dxml, bandwidth }: Classic): ParametersInput {
  return {
    [MigrateParam.DEST_NAME]: dname ?? undefined,
    [MigrateParam.URI]: uri ?? undefined,
    [MigrateParam.DEST_XML]: dxml ?? undefined,
    [MigrateParam.BANDWIDTH]: bandwidth === 0 || bandwidth === 0n ? undefined : bandwidth,
  };
}
