/// Text from outside on one line of a terminal: what a terminal acts on, or what would turn the order of the letters
/// around, is spelled out.
package enum VisibleLine {
  /// The text without anything that a terminal acts on; text that is visible already comes back as it is.
  package static func of(_ text: String) -> String {
    guard text.utf8.contains(where: mayBeginHidden) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a scalar of those that are spelled out may begin with the byte: most text has none of them.
  static func mayBeginHidden(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2
  }

  /// The controls of ASCII and Latin-1, those of writing direction, and the separators of lines and paragraphs.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
