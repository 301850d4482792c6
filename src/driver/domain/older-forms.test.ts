import assert from "node:assert/strict";
import { test } from "node:test";
import { type Domain, DomainModificationImpact } from "../../protocol/index.ts";
import type { CallContext, Driver } from "../handler.ts";
import { withOlderForms } from "./older-forms.ts";

const dom: Domain = { name: "web", uuid: new Uint8Array(16), id: 1 };
/** No handler here looks at its call. */
const call = {} as CallContext;

test("an older procedure is the newer one with the flags that it always meant", async () => {
  const asked: unknown[] = [];
  const driver: Driver = {
    domainCreateWithFlags: (args) => {
      asked.push(args);
      return { dom };
    },
    domainSetMemoryFlags: (args) => void asked.push(args),
    domainSaveFlags: (args) => void asked.push(args),
  };
  const { domainCreate, domainSetMemory, domainSetMaxMemory, domainSave, domainShutdown } = withOlderForms(driver);
  assert.equal(await domainCreate?.({ dom }, call), undefined);
  await domainSetMemory?.({ dom, memory: 1024n }, call);
  await domainSetMaxMemory?.({ dom, memory: 2048n }, call);
  await domainSave?.({ dom, to: "/saved" }, call);
  assert.deepEqual(asked, [
    { dom, flags: 0 },
    { dom, memory: 1024n, flags: DomainModificationImpact.LIVE },
    { dom, memory: 2048n, flags: 4 },
    { dom, to: "/saved", dxml: null, flags: 0 },
  ]);
  assert.equal(domainShutdown, undefined, "what the driver cannot do in its newer form, it cannot do in its older one");
});

test("an older procedure that a driver answers itself is left to it", async () => {
  const own = () => {};
  const driver = withOlderForms({ domainPinVcpu: own, domainPinVcpuFlags: () => assert.fail("not asked") });
  assert.equal(driver.domainPinVcpu, own);
});
