/** What libvirt's header of errors declares. */
import { type Header, header } from "./header.ts";

export const errorsHeader: Header = header("virterror", {
  functions: `
    int virConnCopyLastError(virConnectPtr conn, virErrorPtr to) since 0.1.0;
    virErrorPtr virConnGetLastError(virConnectPtr conn) since 0.1.0;
    void virConnResetLastError(virConnectPtr conn) since 0.1.0;
    void virConnSetErrorFunc(virConnectPtr conn, void *userData, virErrorFunc handler) since 0.1.0;
    int virCopyLastError(virErrorPtr to) since 0.1.0;
    void virDefaultErrorFunc(virErrorPtr err) since 0.1.0;
    void virFreeError(virErrorPtr err) since 0.6.1;
    virErrorPtr virGetLastError(void) since 0.1.0;
    int virGetLastErrorCode(void) since 4.5.0;
    int virGetLastErrorDomain(void) since 4.5.0;
    const char *virGetLastErrorMessage(void) since 1.0.6;
    void virResetError(virErrorPtr err) since 0.1.0;
    void virResetLastError(void) since 0.1.0;
    virErrorPtr virSaveLastError(void) since 0.6.1;
    void virSetErrorFunc(void *userData, virErrorFunc handler) since 0.1.0;
  `,
  callbacks: `
    void virErrorFunc(void *userData, virErrorPtr error) since 0.1.0;
  `,
  structures: `
    virError {
      int code;
      int domain;
      char *message;
      virErrorLevel level;
      virConnectPtr conn;
      virDomainPtr dom;
      char *str1;
      char *str2;
      char *str3;
      int int1;
      int int2;
      virNetworkPtr net;
    } since 0.1.0;
  `,
});
