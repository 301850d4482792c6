/** What happens to secrets. */
import { lookupSecret, secretUuids } from "../../objects/secret.ts";
import { objectEvent } from "../../shared/object-event.ts";

export const secretEvent = objectEvent({
  name: "secret-event",
  objects: "secrets",
  noun: "secret",
  option: "secret",
  complete: secretUuids,
  lookup: lookupSecret,
  label: (secret) => secret.uuidString(),
  types: { lifecycle: "secretLifecycle", "value-changed": "secretValueChanged" },
});
