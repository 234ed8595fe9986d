/// A condition that begins with `!`, which YAML takes for a tag: `when: !(a && b)`, `when: !user.isNew`.
enum NegatedCondition {
  static let message = "tags are not part of this subset of YAML"
  static let hint = "a condition that begins with `!` stands in quotes: `'!(…)'`"

  /// Whether what YAML takes for a tag begins a condition.
  static func begins(_ tag: ArraySlice<UInt8>) -> Bool {
    let rest = tag.dropFirst()
    guard let first = rest.first else { return true }
    return first == UInt8(ascii: "(") || rest.contains(UInt8(ascii: ".")) || rest.contains(UInt8(ascii: "("))
  }

  /// From the `!` to the end of its line, without blanks and a comment at the end.
  static func value(from start: Int, in bytes: [UInt8]) -> Range<Int> {
    var end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    for index in start..<end
    where index > start && bytes[index] == UInt8(ascii: "#") && bytes[index - 1] == 0x20 {
      end = index
      break
    }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    return start..<end
  }

  /// The value in single quotes, where it is one line of a block.
  static func quoting(_ span: Range<Int>, in bytes: [UInt8], file: String) -> [Diagnostic.Edit] {
    let value = bytes[span]
    let lineStart = bytes[..<span.lowerBound].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let before = bytes[lineStart..<span.lowerBound]
    // In braces the end of the value is not known before it is quoted.
    guard !value.contains(UInt8(ascii: "\n")), !before.contains(where: { "{[".utf8.contains($0) }) else {
      return []
    }
    let text = String(decoding: value, as: UTF8.self).replacing("'", with: "''")
    return [Diagnostic.Edit(at: Diagnostic.Place(file: file, span: span), replacement: "'\(text)'")]
  }
}
