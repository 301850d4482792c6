/*
 * Lets Debian's own xenstored and oxenstored run on a machine without Xen: preloaded, it answers what they would ask of
 * the hypervisor. In the folder $XEN_SHIM a file named by a number is a domain, whose first letter says how it is: r(unning),
 * s(hut down), d(ying). A byte in the pipe `events` there is the hypervisor's word that some domain has changed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <xenctrl.h>

/* How many numbers of domains are looked at. */
#define DOMAINS 64

static int handle;
static int events = -1;

static const char *folder(void)
{
    const char *named = getenv("XEN_SHIM");
    return named ? named : "/nonexistent";
}

/* How a domain is; 0 when there is none. The host itself always runs. */
static int state_of(uint32_t domain)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%u", folder(), domain);
    FILE *file = fopen(path, "r");
    if (!file)
        return domain == 0 ? 'r' : 0;
    int letter = fgetc(file);
    fclose(file);
    return letter <= 0 ? 'r' : letter;
}

static void *page(void)
{
    return mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* The hypervisor's control interface. */

xc_interface *xc_interface_open(xentoollog_logger *log, xentoollog_logger *dombuild, unsigned flags)
{
    return (xc_interface *)&handle;
}

int xc_interface_close(xc_interface *xch)
{
    return 0;
}

int xc_domain_getinfo(xc_interface *xch, uint32_t first, unsigned int most, xc_dominfo_t *info)
{
    unsigned int found = 0;
    for (uint32_t domain = first; domain < first + DOMAINS && found < most; domain++) {
        int state = state_of(domain);
        if (!state && most == 1)
            break;
        if (!state)
            continue;
        memset(&info[found], 0, sizeof info[found]);
        info[found].domid = domain;
        info[found].running = state == 'r';
        info[found].shutdown = state == 's';
        info[found].dying = state == 'd';
        found++;
    }
    return found;
}

int xc_domain_getinfolist(xc_interface *xch, uint32_t first, unsigned int most, xc_domaininfo_t *info)
{
    unsigned int found = 0;
    for (uint32_t domain = first; domain < first + DOMAINS && found < most; domain++) {
        int state = state_of(domain);
        if (!state)
            continue;
        memset(&info[found], 0, sizeof info[found]);
        info[found].domain = domain;
        info[found].flags = state == 'r'   ? XEN_DOMINF_running
                            : state == 's' ? XEN_DOMINF_shutdown
                                           : XEN_DOMINF_dying;
        found++;
    }
    return found;
}

void *xc_map_foreign_range(xc_interface *xch, uint32_t domain, int size, int prot, unsigned long frame)
{
    return page();
}

/* Event channels: the pipe stands for the one that tells of domains. */

typedef struct xenevtchn_handle xenevtchn_handle;

xenevtchn_handle *xenevtchn_open(xentoollog_logger *log, unsigned flags)
{
    char path[512];
    snprintf(path, sizeof path, "%s/events", folder());
    events = open(path, O_RDWR | O_NONBLOCK);
    return events < 0 ? NULL : (xenevtchn_handle *)&handle;
}

xenevtchn_handle *xenevtchn_fdopen(xentoollog_logger *log, int fd, unsigned flags)
{
    events = fd;
    return (xenevtchn_handle *)&handle;
}

int xenevtchn_close(xenevtchn_handle *xce)
{
    return 0;
}

int xenevtchn_fd(xenevtchn_handle *xce)
{
    return events;
}

int xenevtchn_bind_virq(xenevtchn_handle *xce, unsigned virq)
{
    return 1;
}

int xenevtchn_bind_interdomain(xenevtchn_handle *xce, uint32_t domain, uint32_t port)
{
    static int next = 2;
    return next++;
}

int xenevtchn_unbind(xenevtchn_handle *xce, uint32_t port)
{
    return 0;
}

int xenevtchn_notify(xenevtchn_handle *xce, uint32_t port)
{
    return 0;
}

int xenevtchn_unmask(xenevtchn_handle *xce, uint32_t port)
{
    return 0;
}

int xenevtchn_pending(xenevtchn_handle *xce)
{
    char byte;
    return read(events, &byte, 1) == 1 ? 1 : -1;
}

/* Grants: rings of domains that are not there. */

typedef struct xengntdev_handle xengnttab_handle;

xengnttab_handle *xengnttab_open(xentoollog_logger *log, unsigned flags)
{
    return (xengnttab_handle *)&handle;
}

int xengnttab_close(xengnttab_handle *xgt)
{
    return 0;
}

int xengnttab_set_max_grants(xengnttab_handle *xgt, uint32_t count)
{
    return 0;
}

void *xengnttab_map_grant_ref(xengnttab_handle *xgt, uint32_t domain, uint32_t reference, int prot)
{
    return page();
}

int xengnttab_unmap(xengnttab_handle *xgt, void *address, uint32_t count)
{
    return munmap(address, 4096);
}

/* The kernel's files about the store's own ring; -1 for any other file. */
static int own_file(const char *path)
{
    if (!path || (strncmp(path, "/proc/xen/xsd_", 14) && strncmp(path, "/dev/xen/xsd_", 13)))
        return -1;
    int fd = memfd_create("xsd", 0);
    int made = strstr(path, "port") ? write(fd, "1", 1) == 1 && lseek(fd, 0, SEEK_SET) == 0 : ftruncate(fd, 4096) == 0;
    return made ? fd : -1;
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        static int (*real)(const char *, int, ...);                                                                    \
        int mode = 0;                                                                                                  \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                                           \
            va_list more;                                                                                              \
            va_start(more, flags);                                                                                     \
            mode = va_arg(more, int);                                                                                  \
            va_end(more);                                                                                              \
        }                                                                                                              \
        int fd = own_file(path);                                                                                       \
        if (fd >= 0)                                                                                                   \
            return fd;                                                                                                 \
        if (!real)                                                                                                     \
            real = dlsym(RTLD_NEXT, #name);                                                                            \
        return real(path, flags, mode);                                                                                \
    }

OPEN(open)
OPEN(open64)

/* More open files than this user may have are no reason to stop. */
int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
    static int (*real)(__rlimit_resource_t, const struct rlimit *);
    if (!real)
        real = dlsym(RTLD_NEXT, "setrlimit");
    if (real(resource, limit))
        errno = 0;
    return 0;
}
