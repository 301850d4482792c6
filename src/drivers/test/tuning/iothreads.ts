/** IOThreads of domains. */
import { cpusOfMap } from "../../../driver/cpu-map.ts";
import { withIothreadPin } from "../../../driver/domain/cputune.ts";
import { iothreadsOf, pollTypes, withIothread, withoutIothread } from "../../../driver/domain/iothreads.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { takeParams } from "../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../errors.ts";
import { DomainIOThread, DomainModificationImpact, type Domain as DomainRef } from "../../../protocol/index.ts";
import type { Definition } from "../domain/definition.ts";
import { changeDefinition, definitionFor, impactFlags } from "../domain/impact.ts";
import { type ActiveDomain, findActiveDomain, findDomain, type TestDomain } from "../domain/state.ts";
import type { TestNode } from "../state.ts";
import { mapOfCpus } from "./cpu.ts";

type IothreadProcedures =
  | "domainAddIothread"
  | "domainDelIothread"
  | "domainGetIothreadInfo"
  | "domainPinIothread"
  | "domainSetIothreadParams";

/** How a running thread polls. */
export interface PollSettings {
  readonly maxNs: bigint;
  readonly grow: number;
  readonly shrink: number;
}

const defaultPolling: PollSettings = { maxNs: 32_768n, grow: 0, shrink: 0 };

export function pollSettings({ guest }: TestDomain, id: number): PollSettings {
  return guest?.polling.get(id) ?? defaultPolling;
}

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "TEST", detail);
}

function pinned(definition: Definition, id: number, map: Uint8Array): Definition {
  if (!iothreadsOf(definition).some((thread) => thread.id === id)) throw invalidArg(`iothreadid ${id} not found`);
  return withIothreadPin(definition, id, cpusOfMap(map, "TEST"));
}

function setPolling(domain: ActiveDomain, id: number, given: ReadonlyMap<string, unknown>): void {
  if (!iothreadsOf(domain.live).some((thread) => thread.id === id)) {
    throw invalidArg(`cannot find IOThread '${id}' in iothreadids`);
  }
  const now = pollSettings(domain, id);
  const maxNs = given.get(DomainIOThread.POLL_MAX_NS);
  const grow = given.get(DomainIOThread.POLL_GROW);
  const shrink = given.get(DomainIOThread.POLL_SHRINK);
  domain.guest.polling.set(id, {
    maxNs: typeof maxNs === "bigint" ? maxNs : now.maxNs,
    grow: typeof grow === "number" ? grow : now.grow,
    shrink: typeof shrink === "number" ? shrink : now.shrink,
  });
}

function checkId(id: number, procedure: string): void {
  if (id === 0) throw invalidArg(`invalid value of 0 for iothread_id in ${procedure}`);
}

/** Bytes of a map of the processors that pinning knows of. */
const mapLength = 1;

export function domainIothreadHandlers(node: TestNode): Handlers<IothreadProcedures> {
  const find = (dom: DomainRef) => findDomain(node, dom);
  return {
    domainAddIothread({ dom, iothreadId, flags }) {
      checkFlags(flags, impactFlags, "domainAddIothread", "TEST");
      checkId(iothreadId, "virDomainAddIOThread");
      changeDefinition(find(dom), flags, (definition) => withIothread(definition, iothreadId));
    },
    domainDelIothread({ dom, iothreadId, flags }) {
      checkFlags(flags, impactFlags, "domainDelIothread", "TEST");
      checkId(iothreadId, "virDomainDelIOThread");
      const domain = find(dom);
      const { live } = changeDefinition(domain, flags, (definition) => withoutIothread(definition, iothreadId));
      if (live) domain.guest?.polling.delete(iothreadId);
    },
    domainGetIothreadInfo({ dom, flags }) {
      checkFlags(flags, impactFlags, "domainGetIothreadInfo", "TEST");
      const definition = definitionFor(find(dom), flags);
      const info = iothreadsOf(definition).map(({ id }) => {
        const pin = definition.cputune?.iothreadpins.find(({ iothread }) => iothread === id);
        return { iothreadId: id, cpumap: mapOfCpus(pin?.cpuset ?? definition.vcpu.cpuset, mapLength) };
      });
      return { info, ret: info.length };
    },
    domainPinIothread({ dom, iothreadsId, cpumap, flags }) {
      checkFlags(flags, impactFlags, "domainPinIothread", "TEST");
      changeDefinition(find(dom), flags, (definition) => pinned(definition, iothreadsId, cpumap));
    },
    domainSetIothreadParams({ dom, iothreadId, params, flags }) {
      checkFlags(flags, DomainModificationImpact.LIVE, "domainSetIothreadParams", "TEST");
      setPolling(findActiveDomain(node, dom), iothreadId, takeParams(params, pollTypes, "TEST"));
    },
  };
}
