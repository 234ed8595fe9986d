/// Text made safe and measurable for a terminal: what an author wrote is shown, never obeyed.
enum VisibleText {
  /// `text` with control and direction-changing characters spelled out.
  static func of(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars { result += spelling(of: scalar) ?? String(scalar) }
    return result
  }

  /// How a scalar is written when showing it as it is would move the cursor, hide or turn text; nil for the others.
  static func spelling(of scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0..<0x20: return Unicode.Scalar(0x2400 + scalar.value).map(String.init)
    case 0x7F: return "\u{2421}"
    case 0x80...0x9F, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
      return "\\u{" + String(scalar.value, radix: 16) + "}"
    default: return nil
    }
  }

  /// The number of columns that a scalar takes in a terminal.
  static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20..<0x7F: return 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
  }
}
