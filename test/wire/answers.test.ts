/** What is wrong with a message is told by tsvirtd byte for byte as by libvirt's own daemon. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { MessageType, procedures } from "../../src/protocol/index.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";
import { Libvirtd, withoutLibvirtd } from "../remote/libvirtd.ts";
import { RawClient, type Words, word } from "./raw.ts";

const skip = withoutLibvirtd();
const lookup = procedures.domainLookupByName.number;
const isSecure = procedures.connectIsSecure.number;
const open = procedures.connectOpen.number;
const feature = procedures.connectSupportsFeature.number;
const keepalive = 0x6b656570;

/** What a daemon does with a message: answers it, drops it, or ends the connection. */
type Outcome = "answers" | "drops" | "ends";

interface Exchange {
  readonly name: string;
  /** Whether the connection to the driver has been opened before; it has unless this says no. */
  readonly opened?: false;
  readonly outcome: Outcome;
  readonly words: Words;
}

const testUri = Buffer.concat([word(1), word(15), Buffer.from("test:///default\0"), word(0)]);
const answers: readonly Omit<Exchange, "outcome">[] = [
  { name: "a call before the connection is open", opened: false, words: { proc: isSecure } },
  {
    name: "a call with arguments before the connection is open",
    opened: false,
    words: { proc: lookup, body: Buffer.from("\0\0\0\x01a\0\0\0") },
  },
  { name: "undecodable arguments before the connection is open", opened: false, words: { proc: lookup } },
  { name: "an open that does not decode", opened: false, words: { proc: open } },
  { name: "keepalive asked for before the open", opened: false, words: { proc: feature, body: word(10) } },
  { name: "another feature asked for before the open", opened: false, words: { proc: feature, body: word(14) } },
  { name: "a ping before the open", opened: false, words: { prog: keepalive, proc: 1, type: MessageType.MESSAGE } },
  {
    name: "an optional whose word is not 1",
    opened: false,
    words: { proc: open, body: Buffer.concat([word(0x01000000), testUri.subarray(4)]) },
  },
  { name: "a second open", words: { proc: open, body: testUri } },
  { name: "an unknown program", words: { prog: 0x12345678, proc: 5 } },
  { name: "an unknown program with the highest bit set", words: { prog: 0xf2345678, proc: 5 } },
  { name: "an unknown version", words: { vers: 2, proc: isSecure } },
  { name: "an unknown version with the highest bit set", words: { vers: 0xffffffff, proc: isSecure } },
  { name: "the admin program, which is not served here", words: { prog: 0x06900690, proc: 1 } },
  { name: "an unknown procedure", words: { proc: 99_999 } },
  { name: "a negative procedure", words: { proc: -3 } },
  { name: "procedure 0", words: { proc: 0 } },
  { name: "the number of an event", words: { proc: 318 } },
  { name: "an unknown procedure of the QEMU program", words: { prog: 0x20008087, proc: 99 } },
  { name: "status ERROR in a call", words: { proc: isSecure, status: 1 } },
  { name: "status CONTINUE in a call", words: { proc: isSecure, status: 2 } },
  { name: "an unknown status in a call", words: { proc: isSecure, status: -1 } },
  { name: "an unknown procedure and a wrong status", words: { proc: 99_999, status: 1 } },
  { name: "arguments that end too early", words: { proc: lookup, body: Buffer.from("\0\0\0\x05ab") } },
  { name: "no arguments where there must be some", words: { proc: lookup } },
  {
    name: "a string longer than strings may be",
    words: { proc: lookup, body: Buffer.concat([word(4_194_305), Buffer.alloc(4_194_308, "a")]) },
  },
  { name: "bytes after the arguments", words: { proc: isSecure, body: Buffer.from("what is this") } },
  {
    name: "a call with the word for descriptors, and none",
    words: { proc: isSecure, type: MessageType.CALL_WITH_FDS, body: word(0) },
  },
  { name: "a ping", words: { prog: keepalive, proc: 1, type: MessageType.MESSAGE } },
  { name: "a ping with a serial", words: { prog: keepalive, proc: 1, type: MessageType.MESSAGE, serial: 5 } },
  { name: "a ping as a call", words: { prog: keepalive, proc: 1 } },
];
const dropped: readonly [string, Words][] = [
  ["a reply", { proc: isSecure, type: MessageType.REPLY }],
  ["an event", { proc: isSecure, type: MessageType.MESSAGE }],
  ["a packet of no stream", { proc: isSecure, type: MessageType.STREAM }],
  ["a hole of no stream", { proc: isSecure, type: MessageType.STREAM_HOLE }],
  ["a reply with descriptors", { proc: isSecure, type: MessageType.REPLY_WITH_FDS, body: word(0) }],
  ["an unknown type", { proc: isSecure, type: 7 }],
  ["a negative type", { proc: isSecure, type: -1 }],
  ["a packet of an unknown program", { prog: 5, proc: isSecure, type: MessageType.STREAM }],
  ["a pong that was not asked for", { prog: keepalive, proc: 2, type: MessageType.MESSAGE }],
  ["an unknown message of the keepalive program", { prog: keepalive, proc: 3, type: MessageType.MESSAGE }],
  ["a ping of another version", { prog: keepalive, vers: 2, proc: 1, type: MessageType.MESSAGE }],
];
const ending: readonly [string, Words][] = [
  ["length 0", { length: 0 }],
  ["a length shorter than the header", { length: 27 }],
  ["a length larger than messages may be", { length: 33_554_437 }],
  ["the largest number as length", { length: 0xffffffff }],
  ["a call with descriptors without their number", { proc: isSecure, type: MessageType.CALL_WITH_FDS }],
  [
    "a call with more descriptors than there may be",
    { proc: isSecure, type: MessageType.CALL_WITH_FDS, body: word(33) },
  ],
];
const exchanges: readonly Exchange[] = [
  ...answers.map((exchange) => ({ ...exchange, outcome: "answers" as const })),
  ...dropped.map(([name, words]) => ({ name, words, outcome: "drops" as const })),
  ...ending.map(([name, words]) => ({ name, words, outcome: "ends" as const })),
];

/** Sends the message and gives what the daemon does. */
async function outcomeOf(socket: string, { opened, outcome, words }: Exchange) {
  const client = opened === false ? await RawClient.connect(socket) : await RawClient.open(socket, "test:///default");
  client.send({ serial: 7, ...words });
  // Behind it a call that is always answered shows whether there was an answer before.
  if (outcome === "drops") client.send({ proc: procedures.authList.number, serial: 99 });
  const seen = await client.next();
  client.close();
  return seen;
}

let libvirtd: Libvirtd;
before(async () => {
  if (skip === false) libvirtd = await Libvirtd.start();
});
after(() => libvirtd?.stop());

test("what is answered, dropped or ends the connection is the same, and so are the answers", { skip }, async (t) => {
  const tsvirtd = await Tsvirtd.start(t);
  // The state of the test driver lives as long as somebody has it open.
  const kept = await RawClient.open(libvirtd.socket, "test:///default");
  t.after(() => kept.close());
  for (const exchange of exchanges) await compare(t, exchange, tsvirtd.socket());
});

async function compare(t: TestContext, exchange: Exchange, socket: string): Promise<void> {
  await t.test(exchange.name, async () => {
    const [theirs, ours] = [await outcomeOf(libvirtd.socket, exchange), await outcomeOf(socket, exchange)];
    assert.deepEqual(ours, theirs);
    if (exchange.outcome === "ends") assert.equal(theirs, null);
    else if (exchange.outcome === "drops") assert.equal(theirs?.serial, 99);
    else assert.notEqual(theirs?.serial, 99);
  });
}
