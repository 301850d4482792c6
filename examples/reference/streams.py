"""Short examples for the reference pages, about streams. Their calls are checked; the test driver has no streams."""

import sys


def virStorageVolDownload(conn):
    vol = conn.storageVolLookupByPath("/srv/images/web.qcow2")
    stream = conn.newStream()
    vol.download(stream, 0, 0)
    with open("web.qcow2", "wb") as file:
        stream.recvAll(lambda stream, data, file: file.write(data), file)
    stream.finish()


def virStorageVolUpload(conn):
    vol = conn.storageVolLookupByPath("/srv/images/web.qcow2")
    stream = conn.newStream()
    vol.upload(stream, 0, 0)
    with open("web.qcow2", "rb") as file:
        stream.sendAll(lambda stream, nbytes, file: file.read(nbytes), file)
    stream.finish()


def virDomainOpenConsole(conn):
    dom = conn.lookupByName("web")
    stream = conn.newStream()
    dom.openConsole(None, stream)
    while data := stream.recv(4096):
        sys.stdout.buffer.write(data)


def virDomainScreenshot(conn):
    dom = conn.lookupByName("web")
    stream = conn.newStream()
    mime_type = dom.screenshot(stream, 0)
    with open("web.png" if mime_type == "image/png" else "web.ppm", "wb") as file:
        stream.recvAll(lambda stream, data, file: file.write(data), file)
    stream.finish()
