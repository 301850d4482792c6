/**
 * The C library's public functions, callbacks and structures: names, arguments in their order, types. Bindings for other
 * languages are made from them, together with the procedures.
 */
import { adminHeader } from "./admin.ts";
import { commonHeader } from "./common.ts";
import { domainHeader } from "./domain.ts";
import { domainCheckpointHeader } from "./domain-checkpoint.ts";
import { domainSnapshotHeader } from "./domain-snapshot.ts";
import { domainTypesHeader } from "./domain-types.ts";
import { errorsHeader } from "./errors.ts";
import { eventHeader } from "./event.ts";
import type { Header } from "./header.ts";
import { hostHeader } from "./host.ts";
import { interfaceHeader } from "./interface.ts";
import { lxcHeader } from "./lxc.ts";
import { networkHeader } from "./network.ts";
import { nodedevHeader } from "./nodedev.ts";
import { nwfilterHeader } from "./nwfilter.ts";
import { qemuHeader } from "./qemu.ts";
import { secretHeader } from "./secret.ts";
import { storageHeader } from "./storage.ts";
import { streamHeader } from "./stream.ts";

export const headers: readonly Header[] = [
  commonHeader,
  hostHeader,
  domainHeader,
  domainTypesHeader,
  domainSnapshotHeader,
  domainCheckpointHeader,
  networkHeader,
  interfaceHeader,
  storageHeader,
  nodedevHeader,
  secretHeader,
  nwfilterHeader,
  streamHeader,
  eventHeader,
  errorsHeader,
  qemuHeader,
  lxcHeader,
  adminHeader,
];
