/** Documents of libvirt's first manual. */

/** The fully virtualized document of libvirt's first manual, with its images in a folder. */
export const fullyVirtualizedXml = (folder: string): string => `<domain type='xen' id='3'>
  <name>full0</name>
  <uuid>4dea22b31d52d8f32516782e98ab3fa1</uuid>
  <os>
    <type>hvm</type>
    <loader>/usr/lib/xen/boot/hvmloader</loader>
    <boot dev='hd'/>
  </os>
  <memory>524288</memory>
  <vcpu>1</vcpu>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>restart</on_crash>
  <features><pae/><acpi/><apic/></features>
  <devices>
    <emulator>/usr/lib/xen/bin/qemu-dm</emulator>
    <interface type='bridge'>
      <source bridge='xenbr0'/>
      <mac address='00:16:3e:5d:c7:9f'/>
      <script path='vif-bridge'/>
    </interface>
    <disk type='file'>
      <source file='${folder}/full0'/>
      <target dev='hda'/>
    </disk>
    <disk type='file' device='cdrom'>
      <source file='${folder}/install.iso'/>
      <target dev='hdc'/>
      <readonly/>
    </disk>
    <disk type='file' device='floppy'>
      <source file='${folder}/floppy.img'/>
      <target dev='fda'/>
    </disk>
    <graphics type='vnc' port='5904'/>
  </devices>
</domain>`;
