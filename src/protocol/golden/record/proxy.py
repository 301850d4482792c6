"""A relay between libvirt clients and the daemon that keeps a copy of every message, file descriptors included."""

import os
import socket
import struct
import threading

CALL_WITH_FDS = 4
REPLY_WITH_FDS = 5
LENGTH = struct.Struct(">I")
HEADER = struct.Struct(">IIiiIi")


class Frames:
    """Cuts the bytes of one direction into messages."""

    def __init__(self, keep):
        self.keep = keep
        self.data = b""
        self.skip = 0

    def feed(self, data):
        self.data += data
        while True:
            dummies = min(self.skip, len(self.data))
            self.data, self.skip = self.data[dummies:], self.skip - dummies
            if self.skip or len(self.data) < 4:
                return
            (length,) = LENGTH.unpack_from(self.data)
            if len(self.data) < length:
                return
            frame, self.data = self.data[:length], self.data[length:]
            kind = HEADER.unpack_from(frame, 4)[3]
            if kind in (CALL_WITH_FDS, REPLY_WITH_FDS):
                # One byte for each descriptor follows the message.
                (self.skip,) = LENGTH.unpack_from(frame, 28)
            self.keep(frame)


class Proxy:
    """Listens on `path` and relays to `target`. `keep(from_client, frame)` is called for each message."""

    def __init__(self, path, target, keep):
        self.target = target
        self.keep = keep
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.target)
            for source, sink, from_client in ((client, server, True), (server, client, False)):
                threading.Thread(target=self.relay, args=(source, sink, from_client), daemon=True).start()

    def relay(self, source, sink, from_client):
        frames = Frames(lambda frame: self.keep(from_client, frame))
        try:
            while True:
                data, descriptors, _, _ = socket.recv_fds(source, 65536, 32)
                if not data:
                    break
                frames.feed(data)
                # Descriptors come with the last byte that was read, and the receiver looks for them only there.
                if descriptors:
                    sink.sendall(data[:-1])
                    socket.send_fds(sink, [data[-1:]], descriptors)
                    for descriptor in descriptors:
                        os.close(descriptor)
                else:
                    sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
