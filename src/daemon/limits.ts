/** How much clients of the two servers may ask for, by the configuration. */
import type { Workers } from "./admin/control.ts";
import type { Limits } from "./server/service.ts";
import type { SettingValues } from "./settings/table.ts";

export function mainLimits(settings: SettingValues): Limits {
  return {
    maxClients: settings.max_clients,
    maxAnonymous: Math.min(settings.max_anonymous_clients, settings.max_clients),
    maxQueued: settings.max_queued_clients,
    maxRequests: settings.max_client_requests,
    keepalive: { interval: settings.keepalive_interval, count: settings.keepalive_count },
  };
}

export function adminLimits(settings: SettingValues): Limits {
  return {
    maxClients: settings.admin_max_clients,
    maxAnonymous: 0,
    maxQueued: settings.admin_max_queued_clients,
    maxRequests: settings.admin_max_client_requests,
    keepalive: { interval: settings.admin_keepalive_interval, count: settings.admin_keepalive_count },
  };
}

export function mainWorkers({ min_workers, max_workers, prio_workers }: SettingValues): Workers {
  return { min: min_workers ?? 5, max: max_workers ?? 20, priority: prio_workers ?? 5 };
}

export function adminWorkers({ admin_min_workers, admin_max_workers }: SettingValues): Workers {
  return { min: admin_min_workers ?? 1, max: admin_max_workers ?? 5, priority: 0 };
}
