extension JSONValue {
  /// JSON laid out for reading: a member or an element a line, but for short lists of plain values.
  package func indented() -> String {
    var output = ""
    indent(into: &output, depth: 0)
    return output
  }

  private static let shortMax = 90

  private func indent(into output: inout String, depth: Int) {
    let inner = String(repeating: "  ", count: depth + 1)
    let outer = String(repeating: "  ", count: depth)
    switch self {
    case .null, .bool, .number, .string: output += encoded()
    case .array(let elements):
      let short = encoded()
      if elements.allSatisfy(\.isPlain), short.utf8.count <= Self.shortMax {
        output += "[" + elements.map { $0.encoded() }.joined(separator: ", ") + "]"
        return
      }
      output += "[\n"
      for (index, element) in elements.enumerated() {
        output += inner
        element.indent(into: &output, depth: depth + 1)
        output += index + 1 < elements.count ? ",\n" : "\n"
      }
      output += outer + "]"
    case .object(let members):
      guard !members.isEmpty else {
        output += "{}"
        return
      }
      output += "{\n"
      for (index, member) in members.enumerated() {
        output += inner + JSONValue.string(member.key).encoded() + ": "
        member.value.indent(into: &output, depth: depth + 1)
        output += index + 1 < members.count ? ",\n" : "\n"
      }
      output += outer + "}"
    }
  }

  private var isPlain: Bool {
    switch self {
    case .null, .bool, .number, .string: true
    case .array, .object: false
    }
  }
}
