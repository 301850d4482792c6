/**
 * What Node cannot ask of the system: who is at the other end of a unix socket, and open files that go through one. It
 * takes the optional package koffi, which calls the C library, or a Node that can do so itself; this folder is the only
 * place that loads them.
 */
export { descriptorOf, stopReading } from "./descriptor-of.ts";
export { type DeviceCalls, type DevicePart, loadDeviceCalls, type PinnedMemory } from "./device-calls.ts";
export { loadNative, type Native, NativeError, type NativePart, type PeerCredentials } from "./native.ts";
export { readingSocket, whenReadable } from "./readable.ts";
