/** The suite against the test driver. */
import { Router } from "../../src/driver/router.ts";
import { Session } from "../../src/driver/session.ts";
import { parseConnectionUri } from "../../src/driver/uri.ts";
import { testDriver } from "../../src/drivers/test/index.ts";
import { describeDomains } from "./suite/domains.ts";
import { describeNetworks } from "./suite/networks.ts";
import { describeSecrets } from "./suite/secrets.ts";
import { describeSnapshots } from "./suite/snapshots.ts";
import { describeStorage, type StorageSubject } from "./suite/storage.ts";
import type { Feature } from "./suite/subject.ts";

const everything: readonly Feature[] = [
  "transient",
  "managed-save",
  "save",
  "snapshots",
  "networks",
  "storage",
  "bounded-volumes",
  "secrets",
  "rename",
];

const subject: StorageSubject = {
  name: "test",
  features: new Set(everything),
  async open({ readOnly = false, sink = () => {} }) {
    const session = new Session({ uri: parseConnectionUri("test:///default"), readOnly, sink });
    return new Router(session, await testDriver.open(session, {}));
  },
  domainXml: (name, extra = "") =>
    `<domain type='test'><name>${name}</name>${extra}<memory>8192</memory><os><type>hvm</type></os></domain>`,
  poolXml: (name) => `<pool type='dir'><name>${name}</name><target><path>/${name}</path></target></pool>`,
};

describeDomains(subject);
describeSnapshots(subject);
describeNetworks(subject);
describeStorage(subject);
describeSecrets(subject);
