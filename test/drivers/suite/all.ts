/** The whole suite, as far as a driver has what it is about. */
import { describeDomains } from "./domains.ts";
import { describeNetworks } from "./networks.ts";
import { describeSecrets } from "./secrets.ts";
import { describeSnapshots } from "./snapshots.ts";
import { describeStorage, type StorageSubject } from "./storage.ts";

export function describeDriver(subject: StorageSubject): void {
  const { features } = subject;
  describeDomains(subject);
  if (features.has("snapshots")) describeSnapshots(subject);
  if (features.has("networks")) describeNetworks(subject);
  if (features.has("storage")) describeStorage(subject);
  if (features.has("secrets")) describeSecrets(subject);
}
