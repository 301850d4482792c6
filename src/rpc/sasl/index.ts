/** SASL for libvirt's wire, both ends, without I/O. */
export {
  authenticateSasl,
  minStrength,
  type SaslCalls,
  type SaslClientOptions,
  type SaslCredentials,
  type SaslOutcome,
} from "./client.ts";
export { passwordHash } from "./digest-md5.ts";
export { LayerReader, type SecurityLayer, sealAll } from "./layer.ts";
export { type MechanismName, mechanismNames, SaslError } from "./mechanism.ts";
export { saslprep } from "./saslprep.ts";
export {
  fromBase64,
  maxIterations,
  minIterations,
  passwordMatches,
  type ScramName,
  type ScramVerifier,
  scramVerifier,
} from "./scram.ts";
export { SaslServer, type SaslServerOptions, type SaslSuccess, type SaslUsers } from "./server.ts";
