/** Short examples for the reference pages, about domains. They run on `test:///default`. */
import {
  type Connection,
  DomainCreateFlags,
  DomainMemoryModFlags,
  DomainMetadataType,
  DomainModificationImpact,
  DomainState,
  DomainUndefineFlags,
  isLibvirtError,
} from "../../src/api/index.ts";

export async function virDomainDefineXML(conn: Connection): Promise<void> {
  const domain = await conn.defineXML(`
    <domain type='test'>
      <name>web</name>
      <memory unit='MiB'>512</memory>
      <vcpu>2</vcpu>
      <os><type>hvm</type></os>
    </domain>`);
  console.log(domain.name(), domain.uuidString());
}

export async function virDomainCreateXML(conn: Connection): Promise<void> {
  const xml = "<domain type='test'><name>once</name><memory>65536</memory><os><type>hvm</type></os></domain>";
  const domain = await conn.createXML(xml, DomainCreateFlags.START_PAUSED);
  await domain.resume();
  await domain.destroy(); // Nothing is left of it: it was never defined.
}

export async function virDomainCreate(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  await domain.destroy();
  await domain.create();
  console.log(domain.id());
}

export async function virDomainShutdown(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  const events = domain.events({ types: ["lifecycle"] });
  await domain.shutdown(); // The guest is asked, no more.
  for await (const event of events) {
    if (event.type === "lifecycle" && event.event === "stopped") break;
  }
}

export async function virDomainDestroy(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  await domain.destroy().catch((error: unknown) => {
    if (!isLibvirtError(error, "OPERATION_INVALID")) throw error; // It was not running.
  });
}

export async function virDomainUndefineFlags(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  await domain.destroy();
  await domain.undefineFlags(DomainUndefineFlags.MANAGED_SAVE);
}

export async function virDomainGetInfo(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  const { state, maxMem, memory, nrVirtCpu, cpuTime } = await domain.info();
  console.log(state === DomainState.RUNNING ? "running" : "not running");
  console.log(`${memory} of ${maxMem} KiB, ${nrVirtCpu} processors, ${cpuTime / 1_000_000n} ms`);
}

export async function virDomainGetXMLDesc(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  const xml = await domain.xmlDesc();
  console.log(xml.split("\n")[0]);
}

export async function virDomainSetMemoryFlags(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  await domain.setMemoryFlags(1024 * 1024, DomainMemoryModFlags.LIVE | DomainMemoryModFlags.CONFIG);
}

export async function virDomainSetMetadata(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  const uri = "https://example.org/roles";
  await domain.setMetadata(DomainMetadataType.ELEMENT, "<role>web</role>", "roles", uri);
  await domain.setMetadata(DomainMetadataType.TITLE, "The web server", null, null, DomainModificationImpact.CONFIG);
}

export async function virDomainGetMetadata(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  const uri = "https://example.org/roles";
  await domain.setMetadata(DomainMetadataType.ELEMENT, "<role>web</role>", "roles", uri);
  console.log(await domain.metadata(DomainMetadataType.ELEMENT, uri));
}

export async function virDomainManagedSave(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  await domain.managedSave(0, { timeout: 60_000 });
  await domain.create(); // The guest goes on where it was.
}

export async function virDomainSnapshotCreateXML(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  const snapshot = await domain.snapshotCreateXML("<domainsnapshot><name>before-upgrade</name></domainsnapshot>");
  await domain.suspend();
  await domain.revertToSnapshot(snapshot);
}

export async function virDomainListAllSnapshots(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("test");
  await domain.snapshotCreateXML("<domainsnapshot/>");
  for (const snapshot of await domain.listAllSnapshots()) {
    console.log(snapshot.name(), await snapshot.isCurrent());
  }
}
