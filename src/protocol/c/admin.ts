/** What libvirt's header of the daemon itself declares. */
import { type Header, header } from "./header.ts";

export const adminHeader: Header = header("libvirt-admin", {
  functions: `
    int virAdmClientClose(virAdmClientPtr client, unsigned int flags);
    int virAdmClientFree(virAdmClientPtr client) since 2.0.0;
    unsigned long long virAdmClientGetID(virAdmClientPtr client) since 2.0.0;
    int virAdmClientGetInfo(virAdmClientPtr client, virTypedParameterPtr *params, int *nparams, unsigned int flags);
    long long virAdmClientGetTimestamp(virAdmClientPtr client) since 2.0.0;
    int virAdmClientGetTransport(virAdmClientPtr client) since 2.0.0;
    int virAdmConnectClose(virAdmConnectPtr conn);
    int virAdmConnectGetLibVersion(virAdmConnectPtr conn, unsigned long long *libVer);
    int virAdmConnectGetLoggingFilters(virAdmConnectPtr conn, char **filters, unsigned int flags);
    int virAdmConnectGetLoggingOutputs(virAdmConnectPtr conn, char **outputs, unsigned int flags);
    char *virAdmConnectGetURI(virAdmConnectPtr conn) since 2.0.0;
    int virAdmConnectIsAlive(virAdmConnectPtr conn) since 2.0.0;
    int virAdmConnectListServers(virAdmConnectPtr conn, virAdmServerPtr **servers, unsigned int flags);
    virAdmServerPtr virAdmConnectLookupServer(virAdmConnectPtr conn, const char *name, unsigned int flags);
    virAdmConnectPtr virAdmConnectOpen(const char *name, unsigned int flags);
    int virAdmConnectRef(virAdmConnectPtr conn) since 2.0.0;
    int virAdmConnectRegisterCloseCallback(virAdmConnectPtr conn, virAdmConnectCloseFunc cb, void *opaque,
        virFreeCallback freecb) since 2.0.0;
    int virAdmConnectSetDaemonTimeout(virAdmConnectPtr conn, unsigned int timeout, unsigned int flags);
    int virAdmConnectSetLoggingFilters(virAdmConnectPtr conn, const char *filters, unsigned int flags);
    int virAdmConnectSetLoggingOutputs(virAdmConnectPtr conn, const char *outputs, unsigned int flags);
    int virAdmConnectUnregisterCloseCallback(virAdmConnectPtr conn, virAdmConnectCloseFunc cb) since 2.0.0;
    int virAdmGetVersion(unsigned long long *libVer) since 2.0.0;
    int virAdmInitialize(void) since 2.0.0;
    int virAdmServerFree(virAdmServerPtr srv) since 2.0.0;
    int virAdmServerGetClientLimits(virAdmServerPtr srv, virTypedParameterPtr *params, int *nparams,
        unsigned int flags);
    const char *virAdmServerGetName(virAdmServerPtr srv) since 2.0.0;
    int virAdmServerGetThreadPoolParameters(virAdmServerPtr srv, virTypedParameterPtr *params, int *nparams,
        unsigned int flags);
    int virAdmServerListClients(virAdmServerPtr srv, virAdmClientPtr **clients, unsigned int flags);
    virAdmClientPtr virAdmServerLookupClient(virAdmServerPtr srv, unsigned long long id, unsigned int flags);
    int virAdmServerSetClientLimits(virAdmServerPtr srv, virTypedParameterPtr params, int nparams,
        unsigned int flags);
    int virAdmServerSetThreadPoolParameters(virAdmServerPtr srv, virTypedParameterPtr params, int nparams,
        unsigned int flags);
    int virAdmServerUpdateTlsFiles(virAdmServerPtr srv, unsigned int flags);
  `,
  callbacks: `
    void virAdmConnectCloseFunc(virAdmConnectPtr conn, int reason, void *opaque) since 2.0.0;
  `,
});
