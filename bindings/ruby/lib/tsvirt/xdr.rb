# frozen_string_literal: true

module Tsvirt
  # Values on the wire. A type is an array: its kind, then what belongs to it, as the generator writes it:
  # [:int], [:string, max], [:opaque, max], [:array, type, max], [:optional, type], [:struct, {name => type}], ...
  module XDR
    # Bytes that are no value of the type, or a value that is none.
    class Error < StandardError; end

    # Kinds of one word, and what fits into it.
    WORDS = {
      int: -2**31..2**31 - 1, uint: 0..2**32 - 1, char: -128..127, uchar: 0..255, ushort: 0..65_535
    }.freeze
    HYPERS = { hyper: -2**63..2**63 - 1, uhyper: 0..2**64 - 1 }.freeze

    # Writes a value; gives its bytes.
    def self.encode(type, value)
      kind, detail, more = type
      case kind
      when *WORDS.keys then [whole(kind, value, WORDS[kind])].pack("N")
      when *HYPERS.keys then [whole(kind, value, HYPERS[kind])].pack("Q>")
      when :double then [Float(value)].pack("G")
      when :bool then [value ? 1 : 0].pack("N")
      when :void then ""
      when :string then counted(text(value), detail)
      when :opaque then counted(value.b, detail)
      when :fixedOpaque then padded(exactly(value.b, detail))
      when :chars, :text then spread(kind == :text ? "#{value}\0".b : value.b, detail)
      when :optional then value.nil? ? [0].pack("N") : [1].pack("N") + encode(detail, value)
      when :array then [short_enough(value, more).size].pack("N") + value.map { |each| encode(detail, each) }.join
      when :struct then detail.map { |name, field| encode(field, value.fetch(name)) }.join
      when :union then [value[0]].pack("N") + encode(detail.fetch(value[0]), value[1])
      when :object then encode(SHAPES.fetch(detail), value.wire)
      else raise Error, "values of #{kind} are not written"
      end
    end

    def self.whole(kind, value, range)
      return value if value.is_a?(Integer) && range.cover?(value)

      raise Error, "expected #{kind}, got #{value.inspect}"
    end

    def self.text(value)
      raise Error, "expected a string, got #{value.inspect}" unless value.is_a?(String)

      bytes = value.encode(Encoding::UTF_8).b
      raise Error, "a string with NUL" if bytes.include?("\0")

      bytes
    end

    def self.short_enough(value, max)
      raise Error, "#{value.size} of them, the limit is #{max}" if value.size > max

      value
    end

    def self.exactly(bytes, length)
      raise Error, "expected #{length} bytes, got #{bytes.size}" if bytes.size != length

      bytes
    end

    def self.padded(bytes)
      bytes + "\0" * (-bytes.size % 4)
    end

    def self.counted(bytes, max)
      [short_enough(bytes, max).size].pack("N") + padded(bytes)
    end

    # XDR knows no arrays of characters: each takes a word.
    def self.spread(bytes, max)
      [short_enough(bytes, max).size, *bytes.bytes].pack("N*")
    end

    private_class_method :whole, :text, :short_enough, :exactly, :padded, :counted, :spread

    # Reads values one after the other.
    class Reader
      # What is read of a class gets this connection.
      def initialize(bytes, connection)
        @bytes = bytes
        @connection = connection
        @at = 0
      end

      def read(type)
        kind, detail, more = type
        case kind
        when :int, :char, :enumeration then word("l>")
        when :uint, :uchar, :ushort then word("N")
        when :hyper then take(8).unpack1("q>")
        when :uhyper then take(8).unpack1("Q>")
        when :double then take(8).unpack1("G")
        when :bool then word("N") != 0
        when :void then nil
        when :string then bytes(length(detail)).force_encoding(Encoding::UTF_8).scrub
        when :opaque then bytes(length(detail))
        when :fixedOpaque then bytes(detail)
        when :chars then take(length(detail) * 4).unpack("N*").pack("C*")
        when :text, :fixedText then characters(kind == :text ? length(detail) : detail)
        when :optional then word("N").zero? ? nil : read(detail)
        when :array then Array.new(length(more)) { read(detail) }
        when :struct then detail.transform_values { |field| read(field) }
        when :union then word("l>").then { |arm| [arm, read(detail.fetch(arm))] }
        when :object then CLASSES.fetch(detail).new(@connection, read(SHAPES.fetch(detail)))
        else raise Error, "values of #{kind} are not read"
        end
      end

      private

      def take(count)
        raise Error, "a message that ends too early" if @at + count > @bytes.size

        @bytes.byteslice(@at, count).tap { @at += count }
      end

      def word(format)
        take(4).unpack1(format)
      end

      # Never more than can be in the message, whatever it says.
      def length(max)
        word("N").tap { |count| raise Error, "#{count} of them, the limit is #{max}" if count > max }
      end

      def bytes(count)
        take(count + -count % 4).byteslice(0, count)
      end

      def characters(count)
        take(count * 4).unpack("N*").pack("C*").unpack1("Z*").force_encoding(Encoding::UTF_8).scrub
      end
    end
  end
end
