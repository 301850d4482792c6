"""Opens connections and tells what is found: ways.py MODULE [FOLDER]

Reads a JSON list of {"uri", "user", "password"} and prints a JSON list: what is behind each URI, or the error.
"""

import importlib
import json
import sys

sys.path[:0] = sys.argv[2:3]
libvirt = importlib.import_module(sys.argv[1])
libvirt.registerErrorHandler(lambda context, error: None, None)


def answer(credentials, request):
    for each in credentials:
        each[4] = request["password" if each[0] == libvirt.VIR_CRED_PASSPHRASE else "user"]
    return 0


def found(request):
    kinds = [libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE]
    try:
        conn = libvirt.openAuth(request["uri"], [kinds, answer, request])
        dom = conn.lookupByName("test")
        result = [conn.getURI(), conn.isSecure(), conn.isEncrypted(), dom.UUIDString(), dom.info()[:4]]
        result.append(len(conn.getCapabilities()) > 1000)
        conn.close()
        return result
    except libvirt.libvirtError as error:
        return {"error": [error.get_error_code(), error.get_error_domain()]}


print(json.dumps([found(request) for request in json.load(sys.stdin)]))
