/** Why an exchange failed. A server logs it and tells its client only that it failed. */
export class SaslError extends Error {
  override readonly name = "SaslError";
}
