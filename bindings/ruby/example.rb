# frozen_string_literal: true

# Lists the domains of a connection, then tells the first three things that happen to them.
#
#     ruby example.rb 'test+unix:///default?socket=/run/libvirt/libvirt-sock'

require_relative "lib/tsvirt"

connection = Tsvirt.open(ARGV.fetch(0))
connection.list_all_domains.each do |domain|
  state, = domain.state
  puts "#{domain.name} #{state == Tsvirt::VIR_DOMAIN_RUNNING ? "runs" : "is off"}"
end

names = Tsvirt.constants.grep(/\AVIR_DOMAIN_EVENT_(DEFINED|UNDEFINED|STARTED|SUSPENDED|RESUMED|STOPPED|SHUTDOWN)\z/)
words = names.to_h { |name| [Tsvirt.const_get(name), name.to_s.delete_prefix("VIR_DOMAIN_EVENT_").downcase] }
told = 0
connection.on_event(Tsvirt::VIR_DOMAIN_EVENT_ID_LIFECYCLE) do |domain, event|
  puts "#{domain.name} #{words.fetch(event[:event], event[:event])}"
  told += 1
end
$stdout.flush
connection.listen until told == 3
connection.close
