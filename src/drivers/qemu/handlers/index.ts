/** All handlers of the QEMU driver. */
import { localConnectHandlers } from "../../../driver/connect-handlers.ts";
import { withOlderForms } from "../../../driver/domain/older-forms.ts";
import { domainEventHandlers } from "../../../driver/events.ts";
import type { Driver } from "../../../driver/handler.ts";
import { domainListTwins } from "../../../driver/twins.ts";
import type { QemuHost } from "../host.ts";
import { deviceHandlers } from "./devices/devices.ts";
import { graphicsClientHandlers } from "./devices/graphics-clients.ts";
import { lentFilesHandlers } from "./devices/lent-files.ts";
import { definitionHandlers } from "./domains/definitions.ts";
import { momentHandlers } from "./domains/moments.ts";
import { undefineHandlers } from "./domains/undefine.ts";
import { queryHandlers } from "./queries.ts";
import { jobHandlers } from "./run/jobs.ts";
import { emptyHandlers, lifecycleHandlers } from "./run/lifecycle.ts";
import { runHandlers } from "./run/run.ts";
import { saveHandlers } from "./run/save.ts";

/** The handlers that serve a connection to a root. */
export function makeHandlers(host: QemuHost): Driver {
  const definitions = definitionHandlers(host);
  return withOlderForms({
    ...localConnectHandlers(),
    ...definitions,
    ...domainListTwins(definitions.connectListAllDomains),
    ...domainEventHandlers(host.hub),
    ...undefineHandlers(host),
    ...runHandlers(host),
    ...deviceHandlers(host),
    ...lifecycleHandlers(host),
    ...emptyHandlers(host),
    ...graphicsClientHandlers(host),
    ...lentFilesHandlers(host),
    ...saveHandlers(host),
    ...jobHandlers(host),
    ...momentHandlers(host),
    ...queryHandlers(host),
  });
}
