"""The two programs of libvirt's first manual, for the Python of today: look a domain up by name and print what it is, and
hear of errors in a handler of one's own.

    first_manual.py MODULE URI [FOLDER]
"""

import importlib
import sys

if len(sys.argv) > 3:
    sys.path.insert(0, sys.argv[3])
libvirt = importlib.import_module(sys.argv[1])
uri = sys.argv[2]

# The first program: a domain.
conn = libvirt.openReadOnly(uri)
if conn is None:
    print("Failed to open connection to the hypervisor")
    sys.exit(1)
try:
    dom0 = conn.lookupByName("test")
except libvirt.libvirtError:
    print("Failed to find the main domain")
    sys.exit(1)
print("Domain 0: id %d running %s" % (dom0.ID(), dom0.OSType()))
print(dom0.info()[:4])

# The second: errors, with a context.
errors = []


def handler(ctxt, err):
    errors.append((ctxt, err[0], err[1]))


libvirt.registerErrorHandler(handler, "context")
try:
    conn.lookupByName("does-not-exist")
except libvirt.libvirtError as error:
    print("error", error.get_error_code(), error.get_error_domain())
print("handler heard", errors)

# A handler that is taken away hears no more, and the error is printed instead.
libvirt.registerErrorHandler(None, None)
try:
    conn.lookupByID(12345)
except libvirt.libvirtError:
    pass
print("handler heard", len(errors))
del dom0
del conn
print("OK")
