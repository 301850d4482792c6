/** The suite against the test driver. */
import { Router } from "../../src/driver/router.ts";
import { Session } from "../../src/driver/session.ts";
import { parseConnectionUri } from "../../src/driver/uri.ts";
import { testDriver } from "../../src/drivers/test/index.ts";
import { describeDriver } from "./suite/all.ts";
import { testSubject } from "./suite/test-subject.ts";

describeDriver({
  ...testSubject,
  name: "test",
  async open({ readOnly = false, sink = () => {} }) {
    const session = new Session({ uri: parseConnectionUri("test:///default"), readOnly, sink });
    return new Router(session, await testDriver.open(session, {}));
  },
});
