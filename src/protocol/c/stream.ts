/** What libvirt's header of streams declares. */
import { type Header, header } from "./header.ts";

export const streamHeader: Header = header("libvirt-stream", {
  functions: `
    int virStreamAbort(virStreamPtr stream) since 0.7.2;
    int virStreamEventAddCallback(virStreamPtr stream, int events, virStreamEventCallback cb, void *opaque,
        virFreeCallback ff) since 0.7.2;
    int virStreamEventRemoveCallback(virStreamPtr stream) since 0.7.2;
    int virStreamEventUpdateCallback(virStreamPtr stream, int events) since 0.7.2;
    int virStreamFinish(virStreamPtr stream) since 0.7.2;
    int virStreamFree(virStreamPtr stream) since 0.7.2;
    virStreamPtr virStreamNew(virConnectPtr conn, unsigned int flags) since 0.7.2;
    int virStreamRecv(virStreamPtr stream, char *data, size_t nbytes) since 0.7.2;
    int virStreamRecvAll(virStreamPtr stream, virStreamSinkFunc handler, void *opaque) since 0.7.2;
    int virStreamRecvFlags(virStreamPtr stream, char *data, size_t nbytes, unsigned int flags) since 3.4.0;
    int virStreamRecvHole(virStreamPtr stream, long long *length, unsigned int flags) since 3.4.0;
    int virStreamRef(virStreamPtr stream) since 0.7.2;
    int virStreamSend(virStreamPtr stream, const char *data, size_t nbytes) since 0.7.2;
    int virStreamSendAll(virStreamPtr stream, virStreamSourceFunc handler, void *opaque) since 0.7.2;
    int virStreamSendHole(virStreamPtr stream, long long length, unsigned int flags) since 3.4.0;
    int virStreamSparseRecvAll(virStreamPtr stream, virStreamSinkFunc handler, virStreamSinkHoleFunc holeHandler,
        void *opaque) since 3.4.0;
    int virStreamSparseSendAll(virStreamPtr stream, virStreamSourceFunc handler, virStreamSourceHoleFunc holeHandler,
        virStreamSourceSkipFunc skipHandler, void *opaque) since 3.4.0;
  `,
  callbacks: `
    void virStreamEventCallback(virStreamPtr stream, int events, void *opaque) since 0.7.2;
    int virStreamSinkFunc(virStreamPtr st, const char *data, size_t nbytes, void *opaque) since 0.7.2;
    int virStreamSinkHoleFunc(virStreamPtr st, long long length, void *opaque) since 3.4.0;
    int virStreamSourceFunc(virStreamPtr st, char *data, size_t nbytes, void *opaque) since 0.7.2;
    int virStreamSourceHoleFunc(virStreamPtr st, int *inData, long long *length, void *opaque) since 3.4.0;
    int virStreamSourceSkipFunc(virStreamPtr st, long long length, void *opaque) since 3.4.0;
  `,
});
