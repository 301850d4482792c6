/** SASL's messages in libvirt's procedures, which tell no message from an empty one. */

export interface WireData {
  /** 1 when there is no message. */
  readonly nil: number;
  readonly data: Uint8Array;
}

export interface SaslReply extends WireData {
  /** 1 when the server has nothing more to ask. */
  readonly complete: number;
}

export function toWire(message: Uint8Array | null): WireData {
  return message === null ? { nil: 1, data: new Uint8Array(0) } : { nil: 0, data: message };
}

export function fromWire({ nil, data }: WireData): Uint8Array | null {
  return nil === 0 ? data : null;
}
