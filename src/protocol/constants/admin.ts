/** How a client is connected to the daemon: `virAdmClientGetInfo`. */
export const ClientTransport = {
  UNIX: 0,
  TCP: 1,
  TLS: 2,
} as const;
export type ClientTransport = (typeof ClientTransport)[keyof typeof ClientTransport];

/** Limits on clients: `virAdmServerSetClientLimits`. */
export const ServerClients = {
  CURRENT: "nclients",
  MAX: "nclients_max",
  UNAUTH_CURRENT: "nclients_unauth",
  UNAUTH_MAX: "nclients_unauth_max",
} as const;
export type ServerClients = (typeof ServerClients)[keyof typeof ServerClients];

/** What `virAdmClientGetInfo` reports. */
export const ClientInfo = {
  READONLY: "readonly",
  SASL_USER_NAME: "sasl_user_name",
  SELINUX_CONTEXT: "selinux_context",
  SOCKET_ADDR: "sock_addr",
  UNIX_GROUP_ID: "unix_group_id",
  UNIX_GROUP_NAME: "unix_group_name",
  UNIX_PROCESS_ID: "unix_process_id",
  UNIX_USER_ID: "unix_user_id",
  UNIX_USER_NAME: "unix_user_name",
  X509_DISTINGUISHED_NAME: "tls_x509_dname",
} as const;
export type ClientInfo = (typeof ClientInfo)[keyof typeof ClientInfo];

/** Workers of a server: `virAdmServerSetThreadPoolParameters`. */
export const Threadpool = {
  JOB_QUEUE_DEPTH: "jobQueueDepth",
  WORKERS_CURRENT: "nWorkers",
  WORKERS_FREE: "freeWorkers",
  WORKERS_MAX: "maxWorkers",
  WORKERS_MIN: "minWorkers",
  WORKERS_PRIORITY: "prioWorkers",
} as const;
export type Threadpool = (typeof Threadpool)[keyof typeof Threadpool];
