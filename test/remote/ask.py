#!/usr/bin/python3
"""Opens the URIs that stand on standard input as a JSON list, and prints what libvirt's own client finds."""

import json
import sys

import libvirt

libvirt.registerErrorHandler(lambda _context, _error: None, None)


def opened(request):
    def answer(credentials, _data):
        for credential in credentials:
            credential[4] = request["user"] if credential[0] == libvirt.VIR_CRED_AUTHNAME else request["password"]
        return 0

    flags = libvirt.VIR_CONNECT_RO if request.get("readOnly") else 0
    kinds = [libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE]
    return libvirt.openAuth(request["uri"], [kinds, answer, None], flags)


def found(request):
    try:
        conn = opened(request)
    except libvirt.libvirtError as error:
        return {"error": error.err[:3]}
    answers = {
        "uri": conn.getURI(),
        "isSecure": bool(conn.isSecure()),
        "isEncrypted": bool(conn.isEncrypted()),
        "domains": [domain.name() for domain in conn.listAllDomains()],
    }
    conn.close()
    return answers


print(json.dumps([found(request) for request in json.load(sys.stdin)]))
