# frozen_string_literal: true

require "socket"

module Tsvirt
  # What a daemon answers when it cannot do what it is asked, and what goes wrong on the way to it.
  class Error < StandardError
    # `virErrorNumber` and `virErrorDomain`.
    attr_reader :code, :domain

    def initialize(message, code: VIR_ERR_RPC, domain: VIR_FROM_RPC)
      super(message)
      @code = code
      @domain = domain
    end
  end

  # What every class but the connection is: a name for something that the daemon has.
  class Thing
    # The connection it came over, and how it is named there.
    attr_reader :connection, :wire

    def initialize(connection, wire)
      @connection = connection
      @wire = wire
    end

    def inspect
      "#<#{self.class.name} #{@wire[:name]}>"
    end
  end

  # Opens a connection: "test+unix:///default?socket=/run/libvirt/libvirt-sock". The part before the plus sign is the
  # daemon's business, and so is the path.
  def self.open(uri)
    driver, path, socket = uri.match(%r{\A(\w+)\+unix://(/[^?]*)\?socket=(/.+)\z})&.captures
    raise ArgumentError, "not a URI of the kind DRIVER+unix:///PATH?socket=SOCKET: #{uri}" if driver.nil?

    Connection.new(UNIXSocket.new(socket)).tap { |connection| connection.open("#{driver}://#{path}") }
  end

  # One connection to a daemon. It waits for each answer; events that come meanwhile wait until somebody listens.
  class Connection
    LENGTH_SIZE = 4
    HEADER_SIZE = 24
    MESSAGE_MAX = 32 * 1024 * 1024
    CALL, REPLY, MESSAGE = 0, 1, 2
    OK, FAILED = 0, 1
    # The only way of authentication that this example knows.
    NONE = 0

    def initialize(socket)
      @socket = socket
      @serial = 0
      @events = []
      @listeners = {}
    end

    def open(name)
      raise Error, "the daemon wants to know who we are" unless call(:authList)[:types].include?(NONE)

      call(:connectOpen, name: name, flags: 0)
    end

    def close
      return if @socket.closed?

      call(:connectClose)
      @socket.close
    end

    # The connection that methods of this class call through.
    def connection
      self
    end

    # Calls a procedure; gives the fields of its result.
    def call(name, arguments = {})
      procedure = PROCEDURES.fetch(name)
      body = XDR.encode(procedure[:arguments], arguments)
      serial = @serial += 1
      send_message(procedure, serial, body)
      status, answer = answer_to(serial)
      return answer.read(procedure[:result]) if status == OK

      fields = answer.read(SHAPES.fetch(:remoteError))
      raise Error.new(fields[:message], code: fields[:code], domain: fields[:domain])
    end

    # Has the block called at each event with this number, with its object and the event's fields.
    # The block is called by `listen` and nowhere else. Gives a number for `forget_events`.
    def on_event(event_id, &block)
      id = call(:connectDomainEventCallbackRegisterAny, eventID: event_id, dom: nil)[:callbackID]
      @listeners[id] = block
      id
    end

    def forget_events(id)
      call(:connectDomainEventCallbackDeregisterAny, callbackID: id)
      @listeners.delete(id)
    end

    # Delivers what has come, and what comes until an event has been delivered; false when none does in `seconds`.
    def listen(seconds = nil)
      deadline = seconds && now + seconds
      loop do
        delivered = @events.shift(@events.size).count { |event| deliver(event) }
        return true if delivered.positive?
        return false if deadline && !@socket.wait_readable([deadline - now, 0].max)

        receive
      end
    end

    private

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    def send_message(procedure, serial, body)
      header = [*procedure[:program], procedure[:number], CALL, serial, OK]
      length = LENGTH_SIZE + HEADER_SIZE + body.bytesize
      raise Error, "a message of #{length} bytes" if length > MESSAGE_MAX + LENGTH_SIZE

      @socket.write([length, *header].pack("N*") + body)
    rescue SystemCallError, IOError
      raise Error, "the daemon has gone"
    end

    # Reads on until the answer comes; what else comes is kept.
    def answer_to(serial)
      loop do
        answered, status, reader = receive
        return status, reader if answered == serial
      end
    end

    # One message. Gives serial, status and body of a reply; an event is kept.
    def receive
      length = exactly(LENGTH_SIZE).unpack1("N")
      unless (LENGTH_SIZE + HEADER_SIZE..MESSAGE_MAX + LENGTH_SIZE).cover?(length)
        raise Error, "a message of #{length} bytes"
      end

      program, _version, number, type, serial, status = exactly(HEADER_SIZE).unpack("N*")
      reader = XDR::Reader.new(exactly(length - LENGTH_SIZE - HEADER_SIZE), self)
      return serial, status, reader if type == REPLY

      event = EVENTS[[program, number]] if type == MESSAGE
      @events << [event, reader.read(event[:message])] if event
      nil
    end

    def exactly(count)
      bytes = count.zero? ? "".b : @socket.read(count)
      raise EOFError if bytes.nil? || bytes.bytesize < count

      bytes
    rescue SystemCallError, IOError
      raise Error, "the daemon has gone"
    end

    # An event of a registration that was taken back meanwhile is nobody's.
    def deliver((_event, fields))
      listener = @listeners[fields[:callbackID]]
      return false if listener.nil?

      subject, *rest = fields.fetch(:msg, fields.except(:callbackID)).to_a
      listener.call(subject.last, rest.to_h)
      true
    end
  end
end
