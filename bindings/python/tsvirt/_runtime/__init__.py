"""The hand-written part of the binding: XDR, messages, connections, streams, the event loop, errors."""
