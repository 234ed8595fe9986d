/// Strings as JSON writes them.
package enum JSONText {
  /// The text in quotes. Everything that a terminal acts on is escaped, though JSON would allow it as it is: what is
  /// written may end up on one.
  package static func quoted(_ text: String) -> String {
    var result = ""
    append(text, to: &result)
    return result
  }

  static func append(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where isHidden(scalar):
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }

  /// The controls of ASCII and Latin-1, those of writing direction, and the separators of lines and paragraphs; none is
  /// beyond what four hexadecimal digits say.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
