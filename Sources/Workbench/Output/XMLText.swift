/// An XML 1.0 document while it is written: elements on lines of their own, everything escaped.
struct XMLText {
  /// One that is nil is left out.
  typealias Attribute = (name: String, value: String?)

  private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var depth = 0

  /// `<name …>`, on a line of its own.
  mutating func open(_ name: String, _ attributes: [Attribute]) {
    begin(name, attributes)
    text += ">\n"
    depth += 1
  }

  /// `</name>`, on a line of its own.
  mutating func close(_ name: String) {
    depth = max(0, depth - 1)
    text += indent + "</\(name)>\n"
  }

  /// `<name …/>`
  mutating func empty(_ name: String, _ attributes: [Attribute]) {
    begin(name, attributes)
    text += "/>\n"
  }

  /// `<name …>content</name>`
  mutating func element(_ name: String, _ attributes: [Attribute], _ content: String) {
    begin(name, attributes)
    text += ">\(Self.escaped(content, isAttribute: false))</\(name)>\n"
  }

  private var indent: String { String(repeating: "  ", count: depth) }

  private mutating func begin(_ name: String, _ attributes: [Attribute]) {
    text += indent + "<" + name
    for case (let name, let value?) in attributes {
      text += " \(name)=\"\(Self.escaped(value, isAttribute: true))\""
    }
  }

  /// Line breaks and tabs would be read back as spaces in an attribute. What XML 1.0 cannot hold at all, such as most
  /// control characters, is written as Swift would write it.
  private static func escaped(_ value: String, isAttribute: Bool) -> String {
    value.replacingScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"" where isAttribute: "&quot;"
      case "\r": "&#13;"
      case "\n" where isAttribute, "\t" where isAttribute: "&#\(scalar.value);"
      case "\n", "\t": nil
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        "\\u{\(String(scalar.value, radix: 16))}"
      default: nil
      }
    }
  }
}
