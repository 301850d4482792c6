/** The release of libvirt whose API this is, as `major * 1,000,000 + minor * 1,000 + release`. */
export const libraryVersion = 9_000_000n;
