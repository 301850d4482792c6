/** What a file descriptor is watched for: `virEventAddHandle`. */
export const EventHandleType = {
  READABLE: 1,
  WRITABLE: 2,
  ERROR: 4,
  HANGUP: 8,
} as const;
export type EventHandleType = (typeof EventHandleType)[keyof typeof EventHandleType];

/** What a stream is watched for: `virStreamEventAddCallback`. */
export const StreamEventType = {
  READABLE: 1,
  WRITABLE: 2,
  ERROR: 4,
  HANGUP: 8,
} as const;
export type StreamEventType = (typeof StreamEventType)[keyof typeof StreamEventType];

/** Flags of `virStreamNew`. */
export const StreamFlags = {
  NONBLOCK: 1,
} as const;
export type StreamFlags = (typeof StreamFlags)[keyof typeof StreamFlags];

/** Flags of `virStorageVolDownload`, `virStreamRecvFlags` and `virStreamSparseRecvAll`. */
export const StreamRecvFlags = {
  STOP_AT_HOLE: 1,
} as const;
export type StreamRecvFlags = (typeof StreamRecvFlags)[keyof typeof StreamRecvFlags];
