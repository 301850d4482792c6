/** All handlers of the QEMU driver. */
import { localConnectHandlers } from "../../../driver/connect-handlers.ts";
import { withOlderForms } from "../../../driver/domain/older-forms.ts";
import { domainEventHandlers } from "../../../driver/events.ts";
import type { Driver } from "../../../driver/handler.ts";
import { domainListTwins } from "../../../driver/twins.ts";
import type { QemuHost } from "../host.ts";
import { definitionHandlers } from "./definitions.ts";
import { deviceHandlers } from "./devices.ts";
import { graphicsClientHandlers } from "./graphics-clients.ts";
import { jobHandlers } from "./jobs.ts";
import { lentFilesHandlers } from "./lent-files.ts";
import { emptyHandlers, lifecycleHandlers } from "./lifecycle.ts";
import { momentHandlers } from "./moments.ts";
import { queryHandlers } from "./queries.ts";
import { runHandlers } from "./run.ts";
import { saveHandlers } from "./save.ts";
import { undefineHandlers } from "./undefine.ts";

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
