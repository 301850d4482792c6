/** What libvirt's header of the LXC driver alone declares. */
import { type Header, header } from "./header.ts";

export const lxcHeader: Header = header("libvirt-lxc", {
  functions: `
    int virDomainLxcEnterCGroup(virDomainPtr domain, unsigned int flags) since 2.0.0;
    int virDomainLxcEnterNamespace(virDomainPtr domain, unsigned int nfdlist, int *fdlist, unsigned int *noldfdlist,
        int **oldfdlist, unsigned int flags) since 1.0.2;
    int virDomainLxcEnterSecurityLabel(virSecurityModelPtr model, virSecurityLabelPtr label,
        virSecurityLabelPtr oldlabel, unsigned int flags) since 1.0.4;
    int virDomainLxcOpenNamespace(virDomainPtr domain, int **fdlist, unsigned int flags);
  `,
});
