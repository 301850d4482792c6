/** libvirt's wire protocol, both ends of it, over any byte connection. */
export { type RpcCallOptions, RpcClient, type RpcClientOptions, type RpcEventSink } from "./client.ts";
export type { Descriptors } from "./descriptors.ts";
export { largestMessage } from "./framer.ts";
export { transportPair } from "./memory-transport.ts";
export { fromRemoteError, rpcError, toRemoteError } from "./remote-error.ts";
export { SecuredTransport } from "./secured-transport.ts";
export { type IncomingCall, type RpcServerLimits, type RpcServerOptions, RpcServerPeer } from "./server.ts";
export { type Hole, isHole, maxStreamChunk, type StreamChunk, StreamEnd, streamPair } from "./stream.ts";
export { duplexTransport, type Transport, type TransportHandlers } from "./transport.ts";
export { unixTransport } from "./unix-transport.ts";
