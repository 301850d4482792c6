import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isLibvirtError } from "../../errors.ts";
import { authenticateSasl, type SaslCalls, type SaslClientOptions } from "./client.ts";
import { DigestClient } from "./digest-client.ts";
import { DigestLayer } from "./digest-layer.ts";
import { directivesOf, passwordHash } from "./digest-md5.ts";
import { DigestServer } from "./digest-server.ts";
import { LayerReader, sealAll } from "./layer.ts";
import { type MechanismName, mechanismNames, SaslError } from "./mechanism.ts";
import { Rc4 } from "./rc4.ts";
import { saslprep } from "./saslprep.ts";
import { passwordMatches, type ScramName, scramVerifier } from "./scram.ts";
import { ScramClient } from "./scram-client.ts";
import { ScramServer } from "./scram-server.ts";
import { SaslServer, type SaslServerOptions, type SaslUsers } from "./server.ts";
import { PlainServer } from "./simple.ts";

const isRefused = (error: unknown) => isLibvirtError(error, "AUTH_FAILED");
const bytes = (text: string) => Buffer.from(text, "utf8");
const text = (data: Uint8Array | null) => Buffer.from(data ?? []).toString("utf8");

const realm = "tsvirt";
const password = "pencil";

function usersWith(names: readonly string[], word = password): SaslUsers {
  const verifier = (mechanism: ScramName) => scramVerifier(mechanism, word, 4096);
  return {
    scram: async (user, mechanism) => (names.includes(user) ? verifier(mechanism) : null),
    digest: async (user, at) => (names.includes(user) && at === realm ? passwordHash(user, realm, word) : null),
    password: async (user, given) =>
      names.includes(user) && passwordMatches("SCRAM-SHA-256", await verifier("SCRAM-SHA-256"), given),
  };
}

const serverOptions: SaslServerOptions = {
  mechanisms: mechanismNames,
  users: usersWith(["user"]),
  realm,
  isPrivate: true,
  minStrength: 56,
  certificateName: null,
};

const clientOptions: SaslClientOptions = {
  isPrivate: true,
  mechanism: null,
  host: "host.example",
  credentials: async () => ({ user: "user", password }),
};

function callsOf(server: SaslServer): SaslCalls {
  return {
    init: async () => ({ mechlist: server.list() }),
    start: (args) => server.start(args),
    step: (args) => server.step(args),
  };
}

async function logIn(server: Partial<SaslServerOptions>, client: Partial<SaslClientOptions>) {
  const end = new SaslServer({ ...serverOptions, ...server });
  const outcome = await authenticateSasl(callsOf(end), { ...clientOptions, ...client });
  return { outcome, success: end.success };
}

test("SCRAM-SHA-1 says what RFC 5802 says, to the letter, at both ends", async () => {
  await followRfc("SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j", "QSXCR+Q6sek8bf92", {
    proof: "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    signature: "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  });
});

test("SCRAM-SHA-256 says what RFC 7677 says, to the letter, at both ends", async () => {
  const serverNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  await followRfc("SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO", serverNonce, "W22ZaJ0SNY7soEsUEjb6gQ==", {
    proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    signature: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  });
});

async function followRfc(
  name: ScramName,
  clientNonce: string,
  serverNonce: string,
  salt: string,
  expected: { readonly proof: string; readonly signature: string },
) {
  const client = new ScramClient(name, "user", password, clientNonce);
  const verifier = await scramVerifier(name, password, 4096, Buffer.from(salt, "base64"));
  const server = new ScramServer(name, async () => verifier, serverNonce);
  const first = await client.step(null);
  assert.equal(text(first), `n,,n=user,r=${clientNonce}`);
  const challenge = await server.step(first);
  assert.equal(text(challenge.data), `r=${clientNonce}${serverNonce},s=${salt},i=4096`);
  const final = await client.step(challenge.data);
  assert.equal(text(final), `c=biws,r=${clientNonce}${serverNonce},p=${expected.proof}`);
  assert.equal(client.done, false);
  const end = await server.step(final);
  assert.equal(text(end.data), `v=${expected.signature}`);
  assert.equal(end.success?.identity, "user");
  await client.step(end.data);
  assert.equal(client.done, true);
}

test("DIGEST-MD5 says what the example of RFC 2831 says, at both ends", async () => {
  const place = "elwood.innosoft.com";
  const common = { service: "imap", quality: "auth" } as const;
  const user = { user: "chris", password: "secret", host: place };
  const client = new DigestClient({ ...user, ...common, nonce: "OA6MHXh6VqTrRk" });
  const lookup = async () => passwordHash("chris", place, "secret");
  const server = new DigestServer({ ...common, realm: place, lookup, nonce: "OA6MG9tEQGm2hh" });
  assert.equal(client.step(null), null);
  const answer = client.step((await server.step(null)).data);
  assert.deepEqual(directivesOf(text(answer)).get("response"), ["d388dad90d4bbd760a152321f2143af7"]);
  const end = await server.step(answer);
  assert.equal(text(end.data), "rspauth=ea40f60335c427b5527b84dbabcdfffd");
  client.step(end.data);
  assert.equal(client.done, true);
});

test("RC4 gives the streams of RFC 6229", () => {
  const key = Buffer.from("0102030405060708090a0b0c0d0e0f10", "hex");
  const stream = new Rc4(key);
  assert.equal(stream.update(Buffer.alloc(16)).toString("hex"), "9ac7cc9a609d1ef7b2932899cde41b97");
  assert.equal(stream.update(Buffer.alloc(16)).toString("hex"), "5248c4959014126a6e8a84f11d1a9e1c");
});

test("names and passwords are compared in the form of RFC 4013", () => {
  assert.equal(saslprep("I\u00adX", "name"), "IX");
  assert.equal(saslprep("USER", "name"), "USER");
  assert.equal(saslprep("\u00aa", "name"), "a");
  assert.equal(saslprep("\u2168", "name"), "IX");
  assert.equal(saslprep("a\u00a0b", "name"), "a b");
  for (const wrong of ["\u0007", "\u06271", "", "\u00ad", "x\ue000", "\u202ex", "n".repeat(1025)]) {
    assert.throws(() => saslprep(wrong, "name"), SaslError, JSON.stringify(wrong));
  }
});

test("each mechanism proves who the client is, and none a client with another password", async () => {
  for (const mechanism of mechanismNames) {
    const { outcome, success } = await logIn({ certificateName: "CN=user" }, { mechanism });
    assert.equal(outcome.mechanism, mechanism);
    assert.equal(success?.identity, mechanism === "EXTERNAL" ? "CN=user" : "user");
    if (mechanism === "EXTERNAL") continue;
    for (const wrong of [
      { user: "user", password: "pen" },
      { user: "nobody", password },
    ]) {
      await assert.rejects(logIn({}, { mechanism, credentials: async () => wrong }), isRefused, mechanism);
    }
  }
});

test("the strongest mechanism is chosen; DIGEST-MD5 and EXTERNAL only where they belong", async () => {
  const chosen = async (mechanisms: readonly MechanismName[], client: Partial<SaslClientOptions> = {}) =>
    (await logIn({ mechanisms, certificateName: "CN=x" }, client)).outcome.mechanism;
  assert.equal(await chosen(mechanismNames), "SCRAM-SHA-256");
  assert.equal(await chosen(mechanismNames, { hasCertificate: true }), "EXTERNAL");
  assert.equal(await chosen(["PLAIN", "SCRAM-SHA-1"]), "SCRAM-SHA-1");
  await assert.rejects(chosen(["DIGEST-MD5"]), /\?auth=sasl\.digest-md5/);
  await assert.rejects(chosen(["PLAIN"], { mechanism: "scram-sha-1" }), /SCRAM-SHA-1 not supported by server/);
  await assert.rejects(chosen(["PLAIN"], { mechanism: "gssapi" }), isRefused);
});

test("where others can listen only a security layer will do, at both ends", async () => {
  const open = { isPrivate: false };
  const { outcome, success } = await logIn(open, { ...open, mechanism: "DIGEST-MD5" });
  assert.equal(outcome.layer?.strength, 128);
  assert.equal(success?.layer?.strength, 128);
  assert.throws(() => new SaslServer({ ...serverOptions, ...open, minStrength: 256 }).list(), SaslError);
  assert.equal(new SaslServer({ ...serverOptions, ...open, certificateName: "CN=x" }).list(), "DIGEST-MD5");
  await assert.rejects(logIn({}, open), /may be used here/);
  for (const mechanism of ["PLAIN", "SCRAM-SHA-256"]) {
    await assert.rejects(logIn({}, { ...open, mechanism }), isRefused, mechanism);
  }
});

test("a server that does not know the password is found out", async () => {
  for (const mechanism of ["SCRAM-SHA-256", "DIGEST-MD5"]) {
    const server = new SaslServer(serverOptions);
    const calls = callsOf(server);
    const forge = (reply: { complete: number; nil: number; data: Uint8Array }) => {
      if (reply.complete === 0) return reply;
      const data = Buffer.from(reply.data);
      data[data.length - 4] = (data[data.length - 4] ?? 0) ^ 1;
      return { ...reply, data };
    };
    const forged = { ...calls, step: async (args: never) => forge(await calls.step(args)) };
    await assert.rejects(
      authenticateSasl(forged, { ...clientOptions, mechanism }),
      /does not know the password|base64/,
    );
    const early = { ...calls, start: async () => ({ complete: 1, nil: 1, data: new Uint8Array(0) }) };
    await assert.rejects(authenticateSasl(early, { ...clientOptions, mechanism }), /AUTH|authentication failed/);
  }
});

test("SCRAM refuses channel binding, changed headers, other identities, few rounds, unknown extensions", async () => {
  const begin = (message: string) =>
    new ScramServer("SCRAM-SHA-256", usersWith(["user"]).scram, "0123456789").step(bytes(message));
  for (const header of ["p=tls-unique,,", "x,,", "n,a=root,", ""]) {
    await assert.rejects(begin(`${header}n=user,r=abcdefgh`), SaslError, header);
  }
  for (const bare of ["m=x,n=user,r=abcdefgh", "n=us=er,r=abcdefgh", "r=abcdefgh,n=user", "n=user,r=short", "n=user"]) {
    await assert.rejects(begin(`n,,${bare}`), SaslError, bare);
  }
  for (const header of ["n,,", "y,,", "n,a=user,"]) assert.ok((await begin(`${header}n=user,r=abcdefgh`)).data);
  const server = new ScramServer("SCRAM-SHA-256", usersWith(["user"]).scram, "0123456789");
  await server.step(bytes("y,,n=user,r=abcdefgh"));
  await assert.rejects(async () => server.step(bytes("c=biws,r=abcdefgh0123456789,p=AAAA")), /header has changed/);
  const answer = async (serverFirst: string) => {
    const client = new ScramClient("SCRAM-SHA-256", "user", password, "abcdefgh");
    await client.step(null);
    return client.step(bytes(serverFirst));
  };
  for (const rounds of ["4095", "1000001", "0", "1e6", "", "99999999999"]) {
    await assert.rejects(answer(`r=abcdefghX,s=AAAA,i=${rounds}`), /iteration count/, rounds);
  }
  for (const first of ["r=abcdefgh,s=AAAA,i=4096", "r=other,s=AAAA,i=4096", "r=abcdefghX,s=?,i=4096"]) {
    await assert.rejects(answer(first), SaslError, first);
  }
});

test("users that are not known look like known ones: the same salt each time, of the same length", async () => {
  const begin = async (user: string) => {
    const server = new ScramServer("SCRAM-SHA-256", async () => null, "nonce");
    return text((await server.step(bytes(`n,,n=${user},r=abcdefgh`))).data);
  };
  assert.equal(await begin("ann"), await begin("ann"));
  assert.notEqual(await begin("ann"), await begin("bob"));
  assert.match(await begin("ann"), /^r=abcdefghnonce,s=[A-Za-z0-9+/]{22}==,i=\d+$/);
});

test("any name and password of printable characters goes through every mechanism", async () => {
  const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((candidate) => {
    try {
      return saslprep(candidate, "word") === candidate;
    } catch {
      return false;
    }
  });
  const mechanism = fc.constantFrom("SCRAM-SHA-256", "DIGEST-MD5", "PLAIN");
  const property = fc.asyncProperty(word, word, mechanism, async (user, secret, name) => {
    const server = { users: usersWith([user], secret) };
    const { success } = await logIn(server, { mechanism: name, credentials: async () => ({ user, password: secret }) });
    assert.equal(success?.identity, user);
  });
  await fc.assert(property, { numRuns: 60 });
});

test("what a layer seals comes out whole at the other end, however it is cut, and nothing else does", () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 8 });
  const property = fc.property(
    pieces,
    fc.integer({ min: 1, max: 97 }),
    fc.constantFrom("rc4", "3des"),
    (list, cut, cipher) => {
      const options = { secret: Buffer.alloc(16, 7), cipher: cipher as "rc4" | "3des", peerBuffer: 128 };
      const client = new DigestLayer({ ...options, side: "client" });
      const server = new LayerReader(new DigestLayer({ ...options, side: "server" }));
      const wire = Buffer.concat(list.map((piece) => sealAll(client, piece)));
      const opened: Uint8Array[] = [];
      for (let at = 0; at < wire.length; at += cut) opened.push(...server.push(wire.subarray(at, at + cut)));
      assert.deepEqual(Buffer.concat(opened), Buffer.concat(list));
      const changed = Buffer.from(wire);
      const where = 4 + (cut % (changed.length - 4));
      changed[where] = (changed[where] ?? 0) ^ 0x40;
      const fresh = new LayerReader(new DigestLayer({ ...options, side: "server" }));
      const start = (() => {
        try {
          return Buffer.concat(fresh.push(changed));
        } catch (error) {
          assert.ok(error instanceof SaslError);
          return Buffer.alloc(0);
        }
      })();
      assert.ok(start.length < Buffer.concat(list).length);
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test("hostile messages end as SaslErrors and nothing else", async () => {
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.string({ maxLength: 80 }).map(bytes),
    fc.stringMatching(/^[nyp],,n=[a-z=,]*,r=[a-z]{0,12}$/).map(bytes),
  );
  const property = fc.asyncProperty(fc.array(message, { maxLength: 3 }), async (messages) => {
    const options = { realm, service: "libvirt", quality: "auth-conf", lookup: async () => null } as const;
    const none = usersWith([]);
    for (const server of [
      new ScramServer("SCRAM-SHA-1", none.scram),
      new DigestServer(options),
      new PlainServer(none.password),
    ]) {
      for (const item of messages) {
        try {
          assert.equal((await server.step(item)).success, null);
        } catch (error) {
          assert.ok(error instanceof SaslError, String(error));
        }
      }
    }
  });
  await fc.assert(property, { numRuns: 300 });
});
