/** What the made-up guest inside a domain remembers. */
import type { PollSettings } from "../tuning/iothreads.ts";

/** A file system of the guest. */
export interface GuestFileSystem {
  readonly mountpoint: string;
  readonly name: string;
  readonly type: string;
  readonly disks: readonly string[];
}

/** The file systems that every guest has. */
export const guestFileSystems: readonly GuestFileSystem[] = [
  { mountpoint: "/", name: "vda1", type: "ext4", disks: ["vda"] },
  { mountpoint: "/boot", name: "vda2", type: "ext4", disks: ["vda"] },
];

export interface GuestState {
  /** How its IOThreads poll, by id, where somebody set it. */
  readonly polling: Map<number, PollSettings>;
  /** Mount points of the file systems that are frozen. */
  readonly frozen: Set<string>;
  /** Seconds and nanoseconds that the guest's clock was set to; null while nobody did. */
  clock: { readonly seconds: bigint; readonly nseconds: number } | null;
}

export function newGuest(): GuestState {
  return { polling: new Map(), frozen: new Set(), clock: null };
}
