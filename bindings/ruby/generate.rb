# frozen_string_literal: true

# Makes lib/tsvirt/api.rb from api.xml:
#
#     ruby generate.rb ../../api/api.xml > lib/tsvirt/api.rb
#
# What it does not know ends it with its name.

require "rexml/document"
require_relative "grammar"

# Types of the wire, as the arrays that the runtime reads and writes by.
class Types
  PLAIN = %w[int uint hyper uhyper bool double char uchar ushort].freeze
  # Those with a limit or a length.
  BOUNDED = { "string" => "max", "opaque" => "max", "chars" => "max", "text" => "max",
              "fixedOpaque" => "length", "fixedText" => "length" }.freeze

  # `classes`: the name of a class for each shape that stands for its objects.
  def initialize(shapes, classes)
    @shapes = shapes
    @classes = classes
  end

  # A type as Ruby source.
  def source(element)
    name = element.name
    case name
    when *PLAIN then "[:#{name}]"
    when *BOUNDED.keys then "[:#{name}, #{Integer(element[BOUNDED[name]])}]"
    when "optional" then "[:optional, #{source(only(element))}]"
    when "array" then "[:array, #{source(only(element))}, #{Integer(element["max"])}]"
    when "struct" then fields(element)
    when "union" then "[:union, {#{element.elements.map { |arm| "#{arm["type"]} => #{arm_source(arm)}" }.join(", ")}}]"
    when "enumeration" then "[:enumeration]"
    when "shape" then shape(element["name"])
    else raise UnknownPart, "the type '#{name}'"
    end
  end

  # The fields of an element as a structure.
  def fields(element)
    members = element.elements.map { |field| "#{field["name"]}: #{source(only(field))}" }
    "[:struct, {#{members.join(", ")}}]"
  end

  private

  def shape(name)
    @classes.key?(name) ? "[:object, :#{name}]" : fields(@shapes.fetch(name))
  end

  def arm_source(arm)
    arm.elements.empty? ? "[:void]" : source(only(arm))
  end

  def only(element)
    raise UnknownPart, "'#{element.name}' with #{element.elements.size} types" if element.elements.size != 1

    element.elements[1]
  end
end

# A function of C as a method.
class CFunction
  # What an argument may be that goes or comes as it is, and what is another matter in each language.
  PLAIN = %w[value length].freeze
  PARTICULAR = %w[callback opaque stream descriptors].freeze
  RESERVED = %w[alias and begin break case class def do else end ensure for if in module next nil not or redo rescue
                retry return self super then undef unless until when while yield].freeze

  attr_reader :name

  def initialize(function, type)
    @function = function
    @name = ruby_name(function["name"], type)
  end

  # The method's source; nil for what this generator leaves to people.
  def source
    plain = mechanical?
    case kind = @function["kind"]
    when "attribute" then attribute
    when "call" then plain ? call : nil
    when "stream", "sequence", "reference", "connection", "packets", "library" then nil
    else raise UnknownPart, "the kind '#{kind}' of #{@function["name"]}"
    end
  end

  private

  # The prefix that names the class falls away, and so does `Get`, as people write Ruby.
  def ruby_name(c_name, type)
    prefix = type.delete_suffix("Ptr")
    rest = c_name.delete_prefix(prefix)
    rest = c_name.delete_prefix("vir") if rest == c_name || rest.empty?
    rest.sub(/Get(?=[A-Z])/, "").gsub(/([A-Z]+)([A-Z][a-z])/, '\1_\2').gsub(/([a-z\d])([A-Z])/, '\1_\2').downcase
  end

  def arguments
    @arguments ||= @function.get_elements("argument")
  end

  # Whether each argument is a value that goes or comes as it is.
  def mechanical?
    arguments.map { |each| plain?(each["role"]) && each["direction"] != "inout" }.all?
  end

  def plain?(role)
    return PLAIN.include?(role) if (PLAIN + PARTICULAR).include?(role)

    raise UnknownPart, "the role '#{role}' in #{@function["name"]}"
  end

  # What came with the object. Texts that C prints into a buffer are for people to make.
  def attribute
    out = arguments.find { |each| each["direction"] == "out" }
    return nil if out && out["type"] == "char *"

    field = (out || @function.get_elements("returns")[0])["takes"]
    field && "def #{@name} = wire[:#{field}]"
  end

  def call
    object, *rest = arguments
    sent = rest.select { |each| each["direction"] == "in" && each["sends"] }
    parameters = sent.map { |each| each["name"] == "flags" ? "flags = 0" : parameter(each) }
    values = sent.map { |each| "#{each["sends"]}: #{parameter(each)}" }
    values.unshift("#{object["sends"]}: self") if object["sends"]
    values += @function.get_elements("constant").map { |each| "#{each["field"]}: #{Integer(each["value"])}" }
    procedure = @function.get_elements("calls")[0]["procedure"]
    call = "connection.call(#{[":#{procedure}", *values].join(", ")})"
    "def #{@name}#{"(#{parameters.join(", ")})" unless parameters.empty?} = #{call}#{result}"
  end

  # Words of Ruby are no names of parameters.
  def parameter(argument)
    name = argument["name"].gsub(/([a-z\d])([A-Z])/, '\1_\2').downcase
    RESERVED.include?(name) ? "#{name}_" : name
  end

  # What of the result the method gives. C's return value only counts where nothing else is taken.
  def result
    taken = arguments.map { |each| each["takes"] if each["role"] == "value" }.compact
    taken = [@function.get_elements("returns")[0]["takes"]].compact if taken.empty?
    return "" if taken == ["*"]
    return "" if taken.empty?

    taken.size == 1 ? "[:#{taken[0]}]" : ".values_at(#{taken.map { |name| ":#{name}" }.join(", ")})"
  end
end

# The whole document as Ruby.
class Generator
  def initialize(root)
    Grammar.check(root)
    @parts = root.elements.to_h { |part| [part.name, part.elements.to_a] }
    @shapes = @parts["shapes"].to_h { |shape| [shape["name"], shape] }
    @classes = @parts["classes"].filter_map { |each| [each["shape"], each["name"]] if each["shape"] }.to_h
    @types = Types.new(@shapes, @classes)
    @programs = @parts["programs"].to_h { |each| [each["name"], each] }
  end

  def source
    ["# frozen_string_literal: true", "", "# Made from api.xml by generate.rb; do not edit.", "module Tsvirt",
     *constants, *classes, table("SHAPES", shapes), table("PROCEDURES", procedures), table("EVENTS", events),
     "end", ""].join("\n")
  end

  private

  def table(name, entries)
    "  #{name} = {\n#{entries.map { |entry| "    #{entry}," }.join("\n")}\n  }.freeze\n"
  end

  def constants
    values = @parts["enums"].reject { |enum| enum["kind"] == "wire" }.flat_map { |enum| enum.get_elements("value") }
    values.map { |value| "  #{value["name"]} = #{literal(value["value"])}" }.uniq + [""]
  end

  def literal(text)
    text.match?(/\A-?\d+\z/) ? text : text.dump
  end

  # Each class with its methods; the connection is written by hand, and gets methods beside.
  def classes
    served = @parts["classes"].reject { |each| each["name"].start_with?("Admin") }
    listed = served.filter_map { |each| ":#{each["shape"]} => #{each["name"]}" if each["shape"] }
    served.map { |each| one_class(each) } + [table("CLASSES", listed)]
  end

  def one_class(element)
    name, type = element["name"], element["type"]
    methods = @parts["functions"].select { |function| function["class"] == name && function["name"] != "virConnectClose" }
    lines = methods.filter_map { |function| CFunction.new(function, type).source }
    "  class #{name}#{" < Thing" if element["shape"]}\n#{lines.map { |line| "    #{line}\n" }.join}  end\n"
  end

  def shapes
    @shapes.map { |name, shape| "#{name}: #{@types.fields(shape)}" }
  end

  def procedures
    @parts["procedures"].map do |each|
      fields = { "arguments" => each.elements["arguments"], "result" => each.elements["result"] }
      sources = fields.map { |name, element| "#{name}: #{@types.fields(element)}" }
      "#{each["name"]}: {program: #{program(each)}, number: #{Integer(each["number"])}, #{sources.join(", ")}}"
    end
  end

  def events
    @parts["events"].map do |each|
      number, = program(each).scan(/\d+/)
      key = "[#{number}, #{Integer(each["number"])}]"
      "#{key} => {name: :#{each["name"]}, message: #{@types.fields(each.elements["message"])}}"
    end
  end

  # Its number and version.
  def program(element)
    program = @programs.fetch(element["program"])
    "[#{Integer(program["number"])}, #{Integer(program["version"])}]"
  end
end

begin
  puts Generator.new(REXML::Document.new(File.read(ARGV.fetch(0))).root).source
rescue UnknownPart => e
  abort "generate.rb does not know #{e.message}"
end
