# What programs in Ruby do with a hypervisor, by ruby-libvirt, as vagrant-libvirt and fog do. Prints one JSON object.
# arguments: URI of a QEMU connection with a running domain "guest", URI of a test connection
require "json"
require "libvirt"

qemu_uri, test_uri = ARGV
out = {}
qemu = Libvirt::open(qemu_uri)
out[:type] = qemu.type
guest = qemu.lookup_domain_by_name("guest")
out[:state] = guest.info.state
out[:active] = guest.active?
out[:autostart] = guest.autostart?
out[:os] = guest.os_type
out[:same] = qemu.lookup_domain_by_uuid(guest.uuid).name
begin
  qemu.lookup_domain_by_name("nosuch")
rescue Libvirt::RetrieveError => error
  out[:missing] = error.libvirt_code
end
qemu.close

test = Libvirt::open(test_uri)
out[:networks] = test.list_all_networks.map(&:name)
out[:pools] = test.list_storage_pools
pool = test.lookup_storage_pool_by_name("default-pool")
pool.refresh
volume = pool.create_volume_xml("<volume><name>ruby</name><capacity>1048576</capacity></volume>")
out[:volume] = volume.info.capacity
out[:key] = pool.lookup_volume_by_key(volume.key).name
volume.delete
domain = test.define_domain_xml("<domain type='test'><name>ruby</name><memory>8192</memory><os><type>hvm</type></os></domain>")
domain.create
out[:created] = domain.active?
domain.destroy
domain.undefine
test.close
puts JSON.generate(out)
