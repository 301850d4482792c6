import assert from "node:assert/strict";
import { test } from "node:test";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { collectEvents, guestXml, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { isLibvirtError } from "../../../../errors.ts";
import { DomainLifecycle, DomainLifecycleAction, DomainState } from "../../../../protocol/index.ts";

const skip = skipWithoutQemu;
const [LIVE, CONFIG] = [1, 2];

test("a reboot is the end of a guest whose definition says so, from its start or later", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const told = collectEvents();
  const router = await open({ sink: told.sink });
  const { dom } = await router.call("domainDefineXml", { xml: guestXml("guest", "<on_reboot>destroy</on_reboot>") });
  await router.call("connectDomainEventCallbackRegisterAny", { eventID: 0, dom: null });
  await router.call("domainCreate", { dom });
  await router.call("domainReset", { dom, flags: 0 });
  await told.until("5 0");
  // The other way round: what was said at the start holds no more.
  told.events.splice(0);
  await router.call("domainCreate", { dom });
  const action = DomainLifecycleAction.RESTART;
  await router.call("domainSetLifecycleAction", { dom, type: DomainLifecycle.REBOOT, action, flags: LIVE });
  await router.call("domainReset", { dom, flags: 0 });
  assert.equal((await router.call("domainGetState", { dom, flags: 0 })).state, DomainState.RUNNING);
  const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
  assert.match(xml, /<on_reboot>restart<\/on_reboot>/);
  assert.match((await router.call("domainGetXmlDesc", { dom, flags: 2 })).xml, /<on_reboot>destroy<\/on_reboot>/);
  await assert.rejects(
    async () =>
      router.call("domainSetLifecycleAction", {
        dom,
        type: DomainLifecycle.CRASH,
        action: DomainLifecycleAction.RESTART_RENAME,
        flags: CONFIG,
      }),
    (error) => isLibvirtError(error, "CONFIG_UNSUPPORTED"),
  );
});

test("there are no block jobs and no launch security, which is no error", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const { dom } = await router.call("domainDefineXml", { xml: guestXml("guest") });
  await router.call("domainCreate", { dom });
  await assert.rejects(
    async () => router.call("domainGetBlockJobInfo", { dom, path: "vda", flags: 0 }),
    (error) => isLibvirtError(error, "INVALID_ARG"),
  );
  assert.deepEqual(await router.call("domainGetLaunchSecurityInfo", { dom, flags: 0 }), { params: [] });
});
