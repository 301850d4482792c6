import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ErrorDomain, ErrorNumber } from "../../errors.ts";
import {
  type Connection,
  type ErrorHandler,
  formatError,
  getLastError,
  getLastErrorCode,
  getLastErrorDomain,
  getLastErrorMessage,
  isLibvirtError,
  open,
  resetLastError,
  setErrorFunc,
  silenceErrors,
} from "../index.ts";

async function opened(t: TestContext): Promise<Connection> {
  const conn = await open("test:///default");
  t.after(() => conn.close());
  t.after(() => setErrorFunc(null));
  return conn;
}

/** A handler that keeps what it is told. */
function recorder(): ErrorHandler & { readonly told: string[] } {
  const told: string[] = [];
  return Object.assign((error: { readonly message: string }) => void told.push(error.message), { told });
}

const missing = "Domain not found: no domain with matching name 'x'";

test("a failure is remembered, on its connection and globally, until it is reset", async (t) => {
  const conn = await opened(t);
  const other = await opened(t);
  silenceErrors();
  await assert.rejects(conn.lookupByName("x"));
  assert.equal(getLastError()?.message, missing);
  assert.equal(getLastErrorCode(), ErrorNumber.NO_DOMAIN);
  assert.equal(getLastErrorDomain(), ErrorDomain.TEST);
  assert.equal(getLastErrorMessage(), missing);
  assert.equal(conn.getLastError()?.message, missing);
  assert.equal(other.getLastError(), null);
  // The next call begins with a clean slate; the connection keeps its own error.
  await conn.lookupByName("test");
  assert.equal(getLastError(), null);
  assert.equal(getLastErrorMessage(), "no error");
  assert.equal(conn.getLastError()?.message, missing);
  conn.resetLastError();
  assert.equal(conn.getLastError(), null);
  await assert.rejects(conn.lookupByName("x"));
  resetLastError();
  assert.equal(getLastErrorCode(), 0);
  assert.equal(getLastErrorDomain(), 0);
});

test("the connection's handler comes before the global one, and both before the caller", async (t) => {
  const conn = await opened(t);
  const [own, global] = [recorder(), recorder()];
  setErrorFunc(global);
  conn.setErrorFunc(own);
  let toldWhenRejected = -1;
  await conn.lookupByName("x").catch(() => {
    toldWhenRejected = own.told.length;
  });
  assert.equal(toldWhenRejected, 1);
  assert.deepEqual([own.told, global.told], [[missing], []]);
  conn.setErrorFunc(null);
  await assert.rejects(conn.lookupByName("x"));
  assert.deepEqual([own.told, global.told], [[missing], [missing]]);
  await assert.rejects(open("nosuch:///"));
  assert.equal(global.told.at(-1), "no connection driver available for nosuch:///");
});

test("the handler is called synchronously, before the promise is rejected", async (t) => {
  const conn = await opened(t);
  const order: string[] = [];
  conn.setErrorFunc(() => order.push("handler"));
  const call = conn.lookupByName("x").catch(() => order.push("caller"));
  // This driver answers at once: the handler has been called when the method returns.
  order.push("returned");
  await call;
  assert.deepEqual(order, ["handler", "returned", "caller"]);
});

test("without a handler, errors are printed to standard error", async (t) => {
  const conn = await opened(t);
  setErrorFunc(null);
  const printed: string[] = [];
  t.mock.method(process.stderr, "write", (text: string) => printed.push(text) > 0);
  await assert.rejects(conn.lookupByName("x"));
  silenceErrors();
  await assert.rejects(conn.lookupByName("y"));
  t.mock.restoreAll();
  assert.deepEqual(printed, [`libvirt: Test Driver error : ${missing}\n`]);
});

test("a handler that fails keeps nobody from the error", async (t) => {
  const conn = await opened(t);
  const faults: unknown[] = [];
  t.mock.method(globalThis, "queueMicrotask", (run: () => void) => {
    try {
      run();
    } catch (fault) {
      faults.push(fault);
    }
  });
  conn.setErrorFunc(() => {
    throw new Error("mine");
  });
  await assert.rejects(conn.lookupByName("x"), (error) => isLibvirtError(error, "NO_DOMAIN"));
  assert.equal((faults[0] as Error).message, "mine");
});

test("arguments that no wire could carry are refused as by the C library", async (t) => {
  const conn = await opened(t);
  silenceErrors();
  const wrong = async (work: Promise<unknown>, message: string) => assert.rejects(work, { code: 8, message });
  await wrong(conn.lookupByName(null as never), "name in virDomainLookupByName must not be NULL");
  await wrong(conn.lookupByName("a\0b"), "name in virDomainLookupByName must not hold a zero byte");
  await wrong(conn.lookupByUuidString("nonsense"), "Invalid UUID");
  await wrong(
    conn.networkLookupByUuidString("nonsense"),
    "uuidstr in virNetworkLookupByUUIDString must be a valid UUID",
  );
  const domain = await conn.lookupByName("test");
  await wrong(domain.reboot(-1), "flags in virDomainReboot must be a whole number from 0 to 4294967295");
  await wrong(domain.setVcpus(1.5), "nvcpus in virDomainSetVcpus must be a whole number from 0 to 4294967295");
  await assert.rejects(
    async () => domain.setMemory(-1),
    (error) => isLibvirtError(error, "OVERFLOW"),
  );
  await assert.rejects(
    async () => domain.setMemory(0.5),
    (error) => isLibvirtError(error, "INVALID_ARG"),
  );
  await assert.rejects(domain.setMemoryParameters({ hard_limit: "much" }), (error) =>
    isLibvirtError(error, "INVALID_ARG"),
  );
});

test("arguments that libvirt's public functions refuse are refused in their words", async (t) => {
  const conn = await opened(t);
  silenceErrors();
  const domain = await conn.lookupByName("test");
  // As the C library says it, with this driver.
  const refused: readonly (readonly [work: Promise<unknown>, message: string])[] = [
    [conn.lookupById(-1), "id in virDomainLookupByID must be zero or greater"],
    [domain.setMemory(0), "memory in virDomainSetMemory must not be zero"],
    [domain.setMaxMemory(0), "memory in virDomainSetMaxMemory must not be zero"],
    [domain.setVcpus(0), "nvcpus in virDomainSetVcpus must not be zero"],
    [domain.setMemoryStatsPeriod(-1), "period in virDomainSetMemoryStatsPeriod must be zero or greater"],
    [domain.rename(""), "string new_name in virDomainRename must not be empty"],
    [domain.blockInfo(""), "string disk in virDomainGetBlockInfo must not be empty"],
    [domain.sendKey(99, 0, [1]), "Unsupported codeset '99'"],
    [domain.sendKey(0, 0, []), "nkeycodes in virDomainSendKey must be greater than zero"],
    [domain.sendProcessSignal(0, 1), "pid_value in virDomainSendProcessSignal must not be zero"],
    [domain.setMetadata(1, "a\nb"), "metadata title can't contain newlines"],
    [domain.setMetadata(1, "a", "k", "u"), "uri in virDomainSetMetadata must be NULL"],
    [domain.setMetadata(2, "<a/>"), "uri in virDomainSetMetadata must not be NULL"],
    [domain.setMetadata(2, "<a/>", null, "u"), "key in virDomainSetMetadata must not be NULL"],
    [domain.metadata(0, "u"), "uri in virDomainGetMetadata must be NULL"],
    [domain.metadata(2), "uri in virDomainGetMetadata must not be NULL"],
  ];
  for (const [work, message] of refused) await assert.rejects(work, { code: 8, message });
});

test("an error prints as libvirt prints it", async (t) => {
  const conn = await opened(t);
  silenceErrors();
  const error = await conn.lookupByName("x").catch((caught: unknown) => caught);
  assert.ok(isLibvirtError(error));
  assert.equal(formatError(error), `libvirt: Test Driver error : ${missing}\n`);
});
