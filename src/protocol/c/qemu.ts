/** What libvirt's header of the QEMU driver alone declares. */
import { type Header, header } from "./header.ts";

export const qemuHeader: Header = header("libvirt-qemu", {
  functions: `
    int virConnectDomainQemuMonitorEventDeregister(virConnectPtr conn, int callbackID);
    int virConnectDomainQemuMonitorEventRegister(virConnectPtr conn, virDomainPtr dom, const char *event,
        virConnectDomainQemuMonitorEventCallback cb, void *opaque, virFreeCallback freecb, unsigned int flags);
    char *virDomainQemuAgentCommand(virDomainPtr domain, const char *cmd, int timeout, unsigned int flags);
    virDomainPtr virDomainQemuAttach(virConnectPtr conn, unsigned int pid_value, unsigned int flags);
    int virDomainQemuMonitorCommand(virDomainPtr domain, const char *cmd, char **result, unsigned int flags);
    int virDomainQemuMonitorCommandWithFiles(virDomainPtr domain, const char *cmd, unsigned int ninfiles,
        int *infiles, unsigned int *noutfiles, int **outfiles, char **result, unsigned int flags);
  `,
  callbacks: `
    void virConnectDomainQemuMonitorEventCallback(virConnectPtr conn, virDomainPtr dom, const char *event,
        long long seconds, unsigned int micros, const char *details, void *opaque) since 1.2.3;
  `,
});
