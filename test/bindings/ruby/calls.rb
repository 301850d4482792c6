# frozen_string_literal: true

# The same questions to a daemon through libvirt's module for Ruby or through ours: `calls.rb libvirt|FOLDER URI`.
# One JSON line an answer.

require "json"

def say(label, value)
  puts JSON.generate([label, value])
end

# What is asked of both, by the names that each has for it.
Ours = Struct.new(:uri) do
  def conn = @conn ||= Tsvirt.open(uri)
  def names = conn.list_all_domains.map(&:name)
  def domain = @domain ||= conn.domain_lookup_by_name("test")
  def uuid = domain.uuid.unpack("H8H4H4H4H12").join("-")
  def state = domain.state
  def info = domain.info.values_at(:state, :maxMem, :memory, :nrVirtCpu)
  def node = conn.node_info.values_at(:model, :memory, :cpus, :mhz, :nodes, :sockets, :cores, :threads)
  def pools = conn.list_all_storage_pools.map { |pool| [pool.name, pool.xml_desc] }
  def networks = conn.list_all_networks.map { |network| [network.name, network.xml_desc] }
  def xml = domain.xml_desc
  def missing = conn.domain_lookup_by_name("nobody")
  def code(error) = [error.code, error.domain]
  def error = Tsvirt::Error

  def events
    heard = []
    conn.on_event(Tsvirt::VIR_DOMAIN_EVENT_ID_LIFECYCLE) { |dom, event| heard << [dom.name, *event.values] }
    domain.suspend
    domain.resume
    conn.listen(10) until heard.size == 2
    heard
  end
end

Theirs = Struct.new(:uri) do
  def conn = @conn ||= Libvirt.open(uri)
  def names = conn.list_all_domains.map(&:name)
  def domain = @domain ||= conn.lookup_domain_by_name("test")
  def uuid = domain.uuid
  def state = domain.state
  def info = domain.info.then { |info| [info.state, info.max_mem, info.memory, info.nr_virt_cpu] }
  def pools = conn.list_all_storage_pools.map { |pool| [pool.name, pool.xml_desc] }
  def networks = conn.list_all_networks.map { |network| [network.name, network.xml_desc] }
  def xml = domain.xml_desc
  def missing = conn.lookup_domain_by_name("nobody")
  def code(error) = [error.libvirt_code, error.libvirt_component]
  def error = Libvirt::RetrieveError

  def node
    info = conn.node_info
    [info.model, info.memory, info.cpus, info.mhz, info.nodes, info.sockets, info.cores, info.threads]
  end

  # The module's own event loop is left to the program; what the daemon sends is the same for both.
  def events = nil
end

module_name, uri = ARGV
if module_name == "libvirt"
  require "libvirt"
  asker = Theirs.new(uri)
else
  require File.join(module_name, "lib", "tsvirt")
  asker = Ours.new(uri)
end

%i[names uuid state info node pools networks xml].each { |question| say(question, asker.public_send(question)) }
begin
  asker.missing
rescue asker.error => e
  say(:missing, asker.code(e))
end
say(:events, asker.events)
asker.conn.close
