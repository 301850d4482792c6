# frozen_string_literal: true

# Something in the document that the generator does not know.
class UnknownPart < StandardError; end

# The elements of api.xml and their attributes: what a later document says beside may matter, so that nothing is
# skipped unseen.
module Grammar
  KNOWN = <<~ELEMENTS.lines.map(&:split).to_h { |element, *attributes| [element, attributes] }.freeze
    api libvirt name version
    argument direction enum name names nullable role sends takes type unit
    arguments
    arm type
    array max
    bool
    callback module name returns since
    callbacks
    calls procedure
    char
    chars max
    class name shape type
    classes
    commonErrors
    constant field value
    doc
    double
    enum kind name type
    enumeration
    enums
    error code
    event callback eventID family hasCallbackID key name number program since
    events
    field name
    fixedOpaque length
    fixedText length
    function class kind method module name readOnly reason since
    functions
    hyper
    int
    left kind names reason
    leftOut
    limit name value
    limits
    member name type unit
    message
    number name value
    numbers
    opaque max
    opens argument direction sparseFlag
    optional
    parameter name type
    permission bits field name when
    procedure descriptors family function name number phase priority program since
    procedures
    program name number version
    programs
    readOnly field has is rule
    result
    returns takes type unit
    shape name
    shapes
    string max
    struct
    structure module name since
    structures
    text max
    uchar
    uhyper
    uint
    union
    ushort
    value key name parameter value words
  ELEMENTS

  # Raises UnknownPart with the name of the first part that is not known.
  def self.check(element)
    known = KNOWN.fetch(element.name) { raise UnknownPart, "the element '#{element.name}'" }
    unknown = element.attributes.keys - known
    raise UnknownPart, "the attribute '#{unknown[0]}' of '#{element.name}'" unless unknown.empty?

    element.each_element { |child| check(child) }
  end
end
