/** Our own client with many calls in flight on one connection. */
import { once } from "node:events";
import { connect } from "node:net";
import { duplexTransport, RpcClient } from "../../src/rpc/index.ts";

const inFlight = 16;

/** Seconds for each of `count` lookups with 16 in flight, as often as `repeat` says. */
export async function pipelined(socketPath: string, name: string, count: number, repeat: number): Promise<number[]> {
  const socket = connect(socketPath);
  await once(socket, "connect");
  const client = new RpcClient(duplexTransport(socket), { onEvent() {} });
  await client.call("authList", {});
  await client.call("connectOpen", { name: "test:///default", flags: 0 });
  const took: number[] = [];
  for (let round = 0; round < repeat; round++) {
    let left = count;
    const caller = async () => {
      while (left-- > 0) await client.call("domainLookupByName", { name });
    };
    const begin = performance.now();
    await Promise.all(Array.from({ length: inFlight }, caller));
    took.push((performance.now() - begin) / 1000 / count);
  }
  await client.close();
  return took;
}
