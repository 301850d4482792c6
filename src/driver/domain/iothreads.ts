/** I/O threads of a guest, in its definition. */
import { LibvirtError } from "../../errors.ts";
import { type Domain as Definition, iothreadIds } from "../../model/domain/index.ts";
import { DomainIOThread, typesOf } from "../../protocol/index.ts";
import { withCputune } from "./cputune.ts";

type Thread = NonNullable<Definition["iothreadids"]>["iothreads"][number];

const { POLL_MAX_NS, POLL_GROW, POLL_SHRINK } = DomainIOThread;
/** How a running thread waits, as virDomainSetIOThreadParams takes it. */
export const pollTypes = typesOf([POLL_MAX_NS, POLL_GROW, POLL_SHRINK]);

/** The threads of a definition, by name or only counted. */
export function iothreadsOf(definition: Definition): readonly Thread[] {
  return definition.iothreadids?.iothreads ?? iothreadIds(definition).map((id) => ({ id }));
}

function withThreads(definition: Definition, threads: readonly Thread[]): Definition {
  const { iothreads: _, iothreadids: __, ...others } = definition;
  if (threads.length === 0) return others;
  return { ...others, iothreads: threads.length, iothreadids: { iothreads: [...threads] } };
}

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "DOMAIN", detail);
}

/** The definition with one thread more; INVALID_ARG when there is one with the id. */
export function withIothread(definition: Definition, id: number): Definition {
  const threads = iothreadsOf(definition);
  if (threads.some((thread) => thread.id === id)) {
    throw invalidArg(`an IOThread is already using iothread_id '${id}'`);
  }
  return withThreads(definition, [...threads, { id }]);
}

/** The definition without a thread; INVALID_ARG when there is none, or when a disk uses it. */
export function withoutIothread(definition: Definition, id: number): Definition {
  const threads = iothreadsOf(definition);
  if (!threads.some((thread) => thread.id === id)) throw invalidArg(`cannot find IOThread '${id}' in iothreadids list`);
  const user = definition.devices.disks.find(({ driver }) => driver?.iothread === id);
  if (user) throw invalidArg(`cannot remove IOThread ${id} since it is being used by disk '${user.target.dev}'`);
  const without = withThreads(
    definition,
    threads.filter((thread) => thread.id !== id),
  );
  const pins = definition.cputune?.iothreadpins ?? [];
  if (!pins.some(({ iothread }) => iothread === id)) return without;
  return withCputune(without, { iothreadpins: pins.filter(({ iothread }) => iothread !== id) });
}
