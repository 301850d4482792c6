/** All command lines that are compared with virsh's answers. */
import { domainLines } from "./domain.ts";
import { momentLines } from "./moments.ts";
import { monitorLines } from "./monitor.ts";
import { networkLines } from "./network.ts";
import { nodeLines } from "./node.ts";
import { shellLines } from "./shell.ts";
import { storageLines } from "./storage.ts";

export const lines: readonly string[] = [
  ...shellLines,
  ...monitorLines,
  ...domainLines,
  ...momentLines,
  ...networkLines,
  ...storageLines,
  ...nodeLines,
];
