import assert from "node:assert/strict";
import { test } from "node:test";
import { LibvirtError } from "../errors.ts";
import { MessageStatus, MessageType, messageHeader, procedures, remoteError, streamHole } from "../protocol/index.ts";
import { decode, encoderOf, fromBytes, Reader } from "../protocol/xdr/index.ts";
import { Framer } from "./framer.ts";
import { Outbox } from "./outbox.ts";
import { fromRemoteError } from "./remote-error.ts";
import type { Transport } from "./transport.ts";

/** An outbox, and the writes that come out of it. */
function outbox() {
  const writes: Uint8Array[] = [];
  const transport: Transport = {
    canPassDescriptors: false,
    pending: 0,
    start() {},
    pause() {},
    resume() {},
    close() {},
    send(bytes) {
      writes.push(bytes);
      return true;
    },
  };
  return { outbox: new Outbox(transport), writes };
}

function messages(writes: readonly Uint8Array[]) {
  const framer = new Framer();
  for (const bytes of writes) framer.push(bytes);
  const found = [];
  while (framer.next()) {
    const reader = new Reader(framer.bytes, framer.start + 4, framer.end);
    const header = decode(messageHeader, reader);
    found.push({ header, body: framer.bytes.slice(reader.position, framer.end) });
  }
  return found;
}

const { connectGetHostname, connectListAllDomains, qemuDomainMonitorCommand } = procedures;
const { REPLY, CALL, STREAM, STREAM_HOLE } = MessageType;
const { OK, ERROR, CONTINUE } = MessageStatus;

test("messages have the header of the description, and those of a turn go out together", () => {
  const { outbox: out, writes } = outbox();
  out.write(connectGetHostname, REPLY, OK, 7, encoderOf(connectGetHostname.result), { hostname: "h" });
  out.write(qemuDomainMonitorCommand, CALL, OK, 0xffffffff);
  out.writeData(connectGetHostname, 9, Buffer.from("data!"));
  out.writeHole(connectGetHostname, 9, 1n << 40n);
  assert.equal(writes.length, 0);
  out.flush();
  assert.equal(writes.length, 1);
  const [reply, call, data, hole] = messages(writes);
  assert.deepEqual(reply?.header, { prog: 0x20008086, vers: 1, proc: 59, type: REPLY, serial: 7, status: OK });
  assert.deepEqual(fromBytes(connectGetHostname.result, reply.body), { hostname: "h" });
  assert.deepEqual(call?.header, { prog: 0x20008087, vers: 1, proc: 1, type: CALL, serial: 0xffffffff, status: OK });
  assert.deepEqual([data?.header.type, data?.header.status], [STREAM, CONTINUE]);
  assert.equal(Buffer.from(data?.body ?? []).toString(), "data!");
  assert.deepEqual([hole?.header.type, hole?.header.status], [STREAM_HOLE, CONTINUE]);
  assert.deepEqual(fromBytes(streamHole, hole?.body ?? new Uint8Array()), { length: 1n << 40n, flags: 0 });
});

test("a large packet of a stream keeps its place among the messages", () => {
  const { outbox: out, writes } = outbox();
  const large = Buffer.alloc(262_120, 3);
  out.writeData(connectGetHostname, 9, Buffer.from("small"));
  out.writeData(connectGetHostname, 0xfffffffe, large);
  out.write(connectGetHostname, STREAM, OK, 9);
  out.flush();
  const [small, packet, end] = messages(writes);
  assert.equal(Buffer.from(small?.body ?? []).toString(), "small");
  const { number: proc, program } = connectGetHostname;
  const header = { prog: program.number, vers: 1, proc, type: STREAM, serial: 0xfffffffe, status: CONTINUE };
  assert.deepEqual(packet?.header, header);
  assert.ok(Buffer.from(packet?.body ?? []).equals(large));
  assert.deepEqual([end?.header.status, end?.body.length], [OK, 0]);
});

test("a body that breaks a limit leaves nothing of its message behind", () => {
  const { outbox: out, writes } = outbox();
  const write = encoderOf(connectListAllDomains.result);
  const one = { name: "d", uuid: new Uint8Array(16), id: 1 };
  out.write(connectGetHostname, REPLY, OK, 1, encoderOf(connectGetHostname.result), { hostname: "before" });
  const tooMany = { domains: Array(16_385).fill(one), ret: 0 };
  assert.throws(() => out.write(connectListAllDomains, REPLY, OK, 2, write, tooMany));
  assert.throws(() => out.write(connectListAllDomains, REPLY, OK, 2, write, { domains: [one, null], ret: 0 } as never));
  out.writeError(connectListAllDomains, REPLY, 2, new LibvirtError("RPC", "RPC", "Unable to encode message payload"));
  out.flush();
  const found = messages(writes);
  assert.deepEqual(
    found.map(({ header }) => [header.serial, header.status]),
    [
      [1, OK],
      [2, ERROR],
    ],
  );
});

test("a message larger than the protocol allows is refused", () => {
  const { outbox: out, writes } = outbox();
  const name = "n".repeat(4_000_000);
  const one = { name, uuid: new Uint8Array(16), id: 1 };
  const write = encoderOf(connectListAllDomains.result);
  assert.throws(() => out.write(connectListAllDomains, REPLY, OK, 2, write, { domains: Array(9).fill(one), ret: 9 }));
  out.write(connectListAllDomains, REPLY, OK, 3, write, { domains: Array(8).fill(one), ret: 8 });
  out.flush();
  assert.equal(messages(writes).length, 1);
});

test("an error goes with all its fields, cut to what the wire carries", () => {
  const { outbox: out, writes } = outbox();
  const dom = { name: "d", uuid: new Uint8Array(16).fill(1), id: 4 };
  const sent = new LibvirtError("OPERATION_FAILED", "QEMU", "why", { str3: "3", int1: 1, int2: 2, dom });
  out.writeError(connectGetHostname, REPLY, 1, sent);
  out.writeError(connectGetHostname, REPLY, 2, new LibvirtError("RPC", "RPC", `a\0${"ü".repeat(3_000_000)}`));
  out.writeError(connectGetHostname, REPLY, 3, "not an error at all");
  out.flush();
  const errors = messages(writes).map(({ body }) => fromRemoteError(fromBytes(remoteError, body)));
  const { code, domain, level, message, str1, str2, str3, int1, int2 } = sent;
  assert.deepEqual(
    { ...errors[0] },
    { ...errors[0], code, domain, level, str1, str2, str3, int1, int2, dom, net: null },
  );
  assert.equal(errors[0]?.message, message);
  assert.match(errors[1]?.message ?? "", /^aü+$/);
  assert.equal(errors[2]?.message, "internal error: not an error at all");
});
