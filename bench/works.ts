/** The works that are timed, with tsvirt in this process. `bench/c-daemon/works.py` does the same with the C daemon. */
import type { Connection, Domain } from "../src/api/index.ts";

/** A work and what it is done with. */
export type Work =
  | { readonly work: "startAndStop"; readonly xml: string; readonly repeat: number }
  | { readonly work: "many"; readonly xmls: readonly string[]; readonly callers: number; readonly repeat: number }
  | { readonly work: "define"; readonly xmls: readonly string[]; readonly callers: number }
  | { readonly work: "dumpxml"; readonly xml: string; readonly count: number };

/** Seconds that each part of a work took, as often as it was done. */
export type Figures = Readonly<Record<string, readonly number[]>>;

export function run(conn: Connection, work: Work): Promise<Figures> {
  switch (work.work) {
    case "startAndStop":
      return startAndStop(conn, work);
    case "many":
      return many(conn, work);
    case "define":
      return define(conn, work);
    case "dumpxml":
      return dumpxml(conn, work);
  }
}

type WorkOf<Name extends Work["work"]> = Extract<Work, { readonly work: Name }>;

export async function seconds(action: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await action();
  return (performance.now() - begin) / 1000;
}

/** Does the action for all items with so many callers at once. */
async function sideBySide<T>(items: readonly T[], callers: number, action: (item: T) => Promise<unknown>) {
  const waiting = [...items];
  const caller = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

async function startAndStop(conn: Connection, { xml, repeat }: WorkOf<"startAndStop">): Promise<Figures> {
  const domain = await conn.defineXML(xml);
  const create: number[] = [];
  const destroy: number[] = [];
  for (let count = 0; count < repeat; count++) {
    create.push(await seconds(() => domain.create()));
    destroy.push(await seconds(() => domain.destroy()));
  }
  await domain.undefine();
  return { create, destroy };
}

async function many(conn: Connection, { xmls, callers, repeat }: WorkOf<"many">): Promise<Figures> {
  const domains = await Promise.all(xmls.map((xml) => conn.defineXML(xml)));
  const starts = [await seconds(() => sideBySide(domains, callers, (domain) => domain.create()))];
  const stats: number[] = [];
  for (let count = 0; count < repeat; count++) stats.push(await seconds(() => conn.getAllDomainStats()));
  await sideBySide(domains, callers, (domain) => domain.destroy());
  await undefineAll(domains);
  return { starts, stats };
}

async function define(conn: Connection, { xmls, callers }: WorkOf<"define">): Promise<Figures> {
  const took = await seconds(() => sideBySide(xmls, callers, (xml) => conn.defineXML(xml)));
  const domains = await conn.listAllDomains();
  const list: number[] = [];
  for (let count = 0; count < 5; count++) list.push(await seconds(() => conn.listAllDomains()));
  await undefineAll(domains);
  return { define: [took / xmls.length], list };
}

async function dumpxml(conn: Connection, { xml, count }: WorkOf<"dumpxml">): Promise<Figures> {
  const domain = await conn.defineXML(xml);
  const took = await seconds(async () => {
    for (let done = 0; done < count; done++) await domain.xmlDesc();
  });
  await domain.undefine();
  return { dumpxml: [took / count] };
}

async function undefineAll(domains: readonly Domain[]): Promise<void> {
  for (const domain of domains) await domain.undefine();
}
