/** What libvirt's header of event loops declares. */
import { type Header, header } from "./header.ts";

export const eventHeader: Header = header("libvirt-event", {
  functions: `
    int virEventAddHandle(int fd, int events, virEventHandleCallback cb, void *opaque,
        virFreeCallback ff) since 0.9.3;
    int virEventAddTimeout(int timeout, virEventTimeoutCallback cb, void *opaque, virFreeCallback ff) since 0.9.3;
    int virEventRegisterDefaultImpl(void) since 0.9.0;
    void virEventRegisterImpl(virEventAddHandleFunc addHandle, virEventUpdateHandleFunc updateHandle,
        virEventRemoveHandleFunc removeHandle, virEventAddTimeoutFunc addTimeout,
        virEventUpdateTimeoutFunc updateTimeout, virEventRemoveTimeoutFunc removeTimeout) since 0.5.0;
    int virEventRemoveHandle(int watch) since 0.9.3;
    int virEventRemoveTimeout(int timer) since 0.9.3;
    int virEventRunDefaultImpl(void) since 0.9.0;
    void virEventUpdateHandle(int watch, int events) since 0.9.3;
    void virEventUpdateTimeout(int timer, int timeout) since 0.9.3;
  `,
  callbacks: `
    int virEventAddHandleFunc(int fd, int event, virEventHandleCallback cb, void *opaque,
        virFreeCallback ff) since 0.5.0;
    int virEventAddTimeoutFunc(int timeout, virEventTimeoutCallback cb, void *opaque, virFreeCallback ff) since 0.5.0;
    void virEventHandleCallback(int watch, int fd, int events, void *opaque) since 0.5.0;
    int virEventRemoveHandleFunc(int watch) since 0.5.0;
    int virEventRemoveTimeoutFunc(int timer) since 0.5.0;
    void virEventTimeoutCallback(int timer, void *opaque) since 0.5.0;
    void virEventUpdateHandleFunc(int watch, int event) since 0.5.0;
    void virEventUpdateTimeoutFunc(int timer, int timeout) since 0.5.0;
  `,
});
