/**
 * Short examples for the reference pages: the body of each function stands at the method for the function of C that it is
 * called after. They run on `test:///default`.
 */
import {
  type Connection,
  ConnectListAllDomainsFlags,
  DomainStatsTypes,
  getLastError,
  isLibvirtError,
  open,
  openReadOnly,
  setErrorFunc,
} from "../../src/api/index.ts";

export async function virConnectOpen(): Promise<void> {
  await using conn = await open("test:///default");
  console.log(await conn.getHostname());
}

export async function virConnectOpenReadOnly(): Promise<void> {
  await using conn = await openReadOnly("test:///default");
  const domain = await conn.lookupByName("test");
  try {
    await domain.suspend();
  } catch (error) {
    if (!isLibvirtError(error, "OPERATION_DENIED")) throw error;
    console.log("may look, may not touch");
  }
}

export async function virConnectListAllDomains(conn: Connection): Promise<void> {
  const running = await conn.listAllDomains(ConnectListAllDomainsFlags.ACTIVE);
  for (const domain of running) console.log(domain.id(), domain.name(), domain.uuidString());
}

export async function virDomainLookupByName(conn: Connection): Promise<void> {
  try {
    const domain = await conn.lookupByName("web");
    console.log(domain.uuidString());
  } catch (error) {
    if (!isLibvirtError(error, "NO_DOMAIN")) throw error;
    console.log("there is no such domain");
  }
}

export async function virConnectGetAllDomainStats(conn: Connection): Promise<void> {
  const wanted = DomainStatsTypes.STATE | DomainStatsTypes.CPU_TOTAL | DomainStatsTypes.BALLOON;
  for (const { domain, stats } of await conn.getAllDomainStats(wanted)) {
    console.log(domain.name(), stats["state.state"], stats["balloon.current"]);
  }
}

export async function virNodeGetInfo(conn: Connection): Promise<void> {
  const { model, memory, cpus, mhz } = await conn.getInfo();
  console.log(`${model}: ${cpus} processors of ${mhz} MHz, ${memory / 1024n} MiB`);
}

export async function virSetErrorFunc(conn: Connection): Promise<void> {
  setErrorFunc((error) => console.error("libvirt:", error.message));
  await conn.lookupByName("web").catch(() => {});
  setErrorFunc(null);
}

export async function virGetLastError(conn: Connection): Promise<void> {
  await conn.lookupByName("web").catch(() => {});
  console.log(getLastError()?.message);
}
