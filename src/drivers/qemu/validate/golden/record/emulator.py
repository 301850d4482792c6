#!/usr/bin/python3
"""Stands in for a QEMU when libvirt asks what it can do: answers as a recording of a real one did, and runs nothing."""

import json
import os
import pathlib
import re
import socket
import sys
import time

# libvirt starts emulators with an environment of its own.
RECORDINGS = pathlib.Path("/run/recordings")
GREETING = {"QMP": {"version": {"qemu": {"micro": 0, "minor": 0, "major": 8}, "package": ""}, "capabilities": []}}


def key(question):
    return json.dumps([question["execute"], question.get("arguments")], sort_keys=True)


def runs(text):
    """The answers by question, of the run with KVM and, where it was recorded, of the one without."""
    messages = [json.loads(part) for part in re.split(r"\n\s*\n", text) if part.strip()]
    found = []
    for question, answer in zip(messages[::2], messages[1::2]):
        if question["execute"] == "qmp_capabilities":
            found.append({})
        found[-1].setdefault(key(question), []).append(answer)
    return found


def detach(keep):
    os.setsid()
    null = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    for descriptor in range(3, 256):
        if descriptor != keep:
            try:
                os.close(descriptor)
            except OSError:
                pass


def serve(listener, answers):
    client, _ = listener.accept()
    client.sendall(json.dumps(GREETING).encode() + b"\r\n")
    decoder, text = json.JSONDecoder(), ""
    while data := client.recv(65536):
        text += data.decode()
        while text.strip():
            try:
                question, end = decoder.raw_decode(text.lstrip())
            except ValueError:
                break
            text = text.lstrip()[end:]
            known = answers.get(key(question), [])
            answer = dict(known[0]) if known else {"error": {"class": "CommandNotFound", "desc": "not recorded"}}
            if len(known) > 1:
                known.pop(0)
            client.sendall(json.dumps(answer | {"id": question.get("id")}).encode() + b"\r\n")
            if question["execute"] == "quit":
                return


def option(name):
    return sys.argv[sys.argv.index(name) + 1]


def main():
    name = os.path.basename(sys.argv[0]).removeprefix("qemu-system-")
    if "-qmp" not in sys.argv:
        print("QEMU emulator version 8.0.0")
        return
    found = runs((RECORDINGS / name).read_text())
    answers = found[0] if "kvm" in option("-machine") or len(found) == 1 else found[1]
    listener = socket.socket(socket.AF_UNIX)
    path = re.match(r"unix:([^,]+)", option("-qmp")).group(1)
    listener.bind(path)
    os.chmod(path, 0o777)
    listener.listen(1)
    pid_file = pathlib.Path(option("-pidfile"))
    if os.fork():
        # libvirt reads the file when the command that it started has ended.
        while not pid_file.exists():
            time.sleep(0.01)
        os._exit(0)
    detach(listener.fileno())
    fresh = pid_file.with_suffix(".new")
    fresh.write_text(f"{os.getpid()}\n")
    fresh.rename(pid_file)
    serve(listener, answers)


main()
