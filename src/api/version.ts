/** Which libvirt this is. */
import { libraryVersion } from "../driver/version.ts";

/** The release of libvirt whose API this is: major * 1,000,000 + minor * 1,000 + release (`virGetVersion`, since 0.0.3). */
export function getVersion(): bigint {
  return libraryVersion;
}
