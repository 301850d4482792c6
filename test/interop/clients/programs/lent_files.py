"""Lends files to a domain, whose disk names them by their group instead of a path.

    lent_files.py QEMU-URI TEST-URI IMAGE
"""

import json
import os
import re
import sys

import libvirt

libvirt.registerErrorHandler(lambda _context, _error: None, None)
conn = libvirt.open(sys.argv[1])
# The one that is there is in use.
image = sys.argv[3] + ".lent"
with open(image, "wb") as file:
    file.truncate(1 << 20)
answers = {}

XML = """<domain type='qemu'><name>lent</name><memory unit='MiB'>16</memory>
  <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='raw'/>
      <source file='/nowhere/at/all' fdgroup='group'/><target dev='vda' bus='virtio'/></disk>
    <controller type='usb' model='none'/><memballoon model='none'/>
  </devices></domain>"""


def ask(name, work):
    try:
        answers[name] = work()
    except libvirt.libvirtError as error:
        message = re.sub(r" in function .*", "", str(error))
        # When exactly libvirtd notices that QEMU has gone is a matter of luck, and so are its words then.
        if "monitor" in message:
            message = "QEMU has gone"
        answers[name] = [error.get_error_code(), error.get_error_domain(), message]


domain = conn.defineXML(XML)
writing, reading = os.open(image, os.O_RDWR), os.open(image, os.O_RDONLY)
ask("nothing lent", domain.create)
ask("no files", lambda: domain.FDAssociate("group", [], 0))
ask("unknown flags", lambda: domain.FDAssociate("group", [writing], 4))
ask("flags", lambda: domain.FDAssociate("group", [writing], 3))
ask("again", lambda: domain.FDAssociate("group", [writing], 0))
ask("no name", lambda: domain.FDAssociate("", [writing], 0))
ask("start", domain.create)
ask("source", lambda: re.findall(r"<source .*fdgroup.*/>", domain.XMLDesc(0)))
ask("block information", lambda: domain.blockInfo("vda"))
ask("block statistics", lambda: len(domain.blockStats("vda")))
ask("destroy", domain.destroy)
ask("start again", domain.create)
ask("destroy again", domain.destroy)
conn.close()
# With the connection go the files.
conn = libvirt.open(sys.argv[1])
domain = conn.lookupByName("lent")
ask("start after closing", domain.create)
ask("two files", lambda: domain.FDAssociate("group", [reading, writing], 0))
ask("start with two", domain.create)
ask("destroy with two", domain.destroy)
ask("one to read from", lambda: domain.FDAssociate("group", [reading], 0))
ask("start with it", domain.create)
ask("undefine", domain.undefine)
os.unlink(image)
print(json.dumps(answers))
