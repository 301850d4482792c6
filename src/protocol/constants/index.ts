/** libvirt's constants, a file for each family of objects. */

export * from "./admin.ts";
export * from "./checkpoint.ts";
export * from "./connect.ts";
export * from "./domain.ts";
export * from "./domain-block.ts";
export * from "./domain-event.ts";
export * from "./domain-guest.ts";
export * from "./domain-job.ts";
export * from "./domain-parameters.ts";
export * from "./errors.ts";
export * from "./interface.ts";
export * from "./network.ts";
export * from "./node.ts";
export * from "./node-device.ts";
export * from "./nwfilter.ts";
export * from "./qemu.ts";
export * from "./secret.ts";
export * from "./snapshot.ts";
export * from "./storage-pool.ts";
export * from "./storage-volume.ts";
export * from "./stream.ts";
export * from "./typed-parameter.ts";
