/** I/O threads of domains. */
import { cpusOfMap, mapOfCpus } from "../../../../driver/cpu-map.ts";
import { withIothreadPin } from "../../../../driver/domain/cputune.ts";
import { impactFlags } from "../../../../driver/domain/impact.ts";
import { iothreadsOf, pollTypes, withIothread, withoutIothread } from "../../../../driver/domain/iothreads.ts";
import { changeDefinition, isAboutLive } from "../../../../driver/domain/kept/change.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { takeParams } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import { affinityOf, setAffinity } from "../../../../host/affinity.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { DomainModificationImpact, type Domain as DomainRef } from "../../../../protocol/index.ts";
import type { LiveDomain } from "../../domain/live.ts";
import { forgetIoThreads, ioThreads } from "../../domain/threads.ts";
import type { QemuHost } from "../../host.ts";
import { iothreadId } from "../../launch/processors/iothread-id.ts";
import { objectAdd, objectDel } from "../../monitor/commands/device.ts";
import { qomSet } from "../../monitor/commands/qom.ts";
import { hostCpus, tellPin } from "./pins.ts";

type IothreadProcedures =
  | "domainAddIothread"
  | "domainDelIothread"
  | "domainGetIothreadInfo"
  | "domainPinIothread"
  | "domainSetIothreadParams";

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

function checkId(id: number, procedure: string): void {
  if (id === 0) throw invalidArg(`invalid value of 0 for iothread_id in ${procedure}`);
}

function requireThread(definition: Definition, id: number): void {
  if (!iothreadsOf(definition).some((thread) => thread.id === id)) throw invalidArg(`iothread ${id} not found`);
}

/** Threads of a definition with the processors they are pinned to. */
function storedThreads(definition: Definition, all: readonly number[]) {
  return iothreadsOf(definition).map(({ id }) => {
    const pin = definition.cputune?.iothreadpins.find(({ iothread }) => iothread === id);
    return { iothreadId: id, cpus: pin?.cpuset ?? definition.vcpu.cpuset ?? all };
  });
}

/** Threads as they run. */
async function runningThreads(live: LiveDomain, all: readonly number[]) {
  const threads = (await ioThreads(live)).map(async (thread) => {
    const cpus = await affinityOf(live.process.pid, thread["thread-id"]);
    return { iothreadId: thread.number, cpus: cpus ?? all };
  });
  return Promise.all(threads);
}

/** The largest value that QEMU takes for each of them. */
const maxPoll = 2n ** 31n - 1n;

/** The parameters as QEMU calls them. */
function pollProperties(given: ReadonlyMap<string, unknown>): readonly (readonly [string, bigint])[] {
  return [...given].map(([field, value]) => {
    const number = BigInt(value as bigint | number);
    if (number > maxPoll) throw invalidArg(`${field} can't be larger than ${maxPoll}`);
    return [field.replaceAll("_", "-"), number] as const;
  });
}

export function iothreadHandlers(host: QemuHost): Handlers<IothreadProcedures> {
  return {
    async domainAddIothread({ dom, iothreadId: id, flags }) {
      checkFlags(flags, impactFlags, "domainAddIothread", "QEMU");
      checkId(id, "virDomainAddIOThread");
      await changeDefinition(host, dom, "domainAddIothread", flags, {
        change: (definition) => withIothread(definition, id),
        async apply(live) {
          await objectAdd(live.monitor, { "qom-type": "iothread", id: iothreadId(id) });
          forgetIoThreads(live);
        },
      });
    },
    async domainDelIothread({ dom, iothreadId: id, flags }) {
      checkFlags(flags, impactFlags, "domainDelIothread", "QEMU");
      checkId(id, "virDomainDelIOThread");
      await changeDefinition(host, dom, "domainDelIothread", flags, {
        change: (definition) => withoutIothread(definition, id),
        async apply(live) {
          await objectDel(live.monitor, iothreadId(id));
          forgetIoThreads(live);
        },
      });
    },
    async domainGetIothreadInfo({ dom, flags }) {
      checkFlags(flags, impactFlags, "domainGetIothreadInfo", "QEMU");
      const domain = host.finder.find(dom);
      const all = await hostCpus();
      const threads = isAboutLive(domain, flags)
        ? await runningThreads(domain.running(), all)
        : storedThreads(domain.stored(), all);
      const length = Math.ceil((Math.max(...all) + 1) / 8);
      const info = threads.map(({ cpus, ...thread }) => ({ ...thread, cpumap: mapOfCpus(cpus, length) }));
      return { info, ret: info.length };
    },
    async domainPinIothread({ dom, iothreadsId, cpumap, flags }) {
      checkFlags(flags, impactFlags, "domainPinIothread", "QEMU");
      const cpus = cpusOfMap(cpumap, "QEMU");
      const { live } = await changeDefinition(host, dom, "domainPinIothread", flags, {
        change(definition) {
          requireThread(definition, iothreadsId);
          return withIothreadPin(definition, iothreadsId, cpus);
        },
        async apply(running) {
          const thread = (await ioThreads(running)).find(({ number }) => number === iothreadsId);
          if (!thread) throw invalidArg(`iothread ${iothreadsId} not found`);
          await setAffinity(thread["thread-id"], cpus, "QEMU");
        },
      });
      if (live) tellPin(host, dom, `cputune.iothreadpin${iothreadsId}`, cpus);
    },
    async domainSetIothreadParams({ dom, iothreadId: id, params, flags }) {
      checkFlags(flags, DomainModificationImpact.LIVE, "domainSetIothreadParams", "QEMU");
      checkId(id, "virDomainSetIOThreadParams");
      const properties = pollProperties(takeParams(params, pollTypes, "QEMU"));
      await setPolling(host, dom, id, properties);
    },
  };
}

async function setPolling(
  host: QemuHost,
  dom: DomainRef,
  id: number,
  properties: readonly (readonly [string, bigint])[],
): Promise<void> {
  await host.finder.change(dom, "domainSetIothreadParams", async (domain) => {
    const live = domain.running();
    if (!iothreadsOf(live.definition).some((thread) => thread.id === id)) {
      throw invalidArg(`cannot find IOThread '${id}' in iothreadids`);
    }
    const path = `/objects/${iothreadId(id)}`;
    try {
      for (const [property, value] of properties) await qomSet(live.monitor, path, property, value);
    } finally {
      forgetIoThreads(live);
    }
  });
}
