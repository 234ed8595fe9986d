/// What YAML 1.2 forbids and libyaml lets pass, found in the source text itself.
enum LayoutCheck {
  /// What is wrong, and where.
  struct Finding {
    let code: String
    let span: Range<Int>
    let message: String
    let hint: String?
  }

  /// In the text between two values: a comment that no space sets off from what is before it.
  static func comment(in gap: Range<Int>, of bytes: [UInt8]) -> Finding? {
    var inComment = false
    for index in gap {
      if ScalarBytes.isBreak(bytes[index]) {
        inComment = false
      } else if bytes[index] == UInt8(ascii: "#"), !inComment {
        if let finding = comment(at: index, of: bytes) { return finding }
        inComment = true
      }
    }
    return nil
  }

  /// In the text before a key: the `?` that makes it an explicit one.
  static func questionMark(in gap: Range<Int>, of bytes: [UInt8]) -> Int? {
    var inComment = false
    for index in gap {
      if ScalarBytes.isBreak(bytes[index]) { inComment = false }
      if bytes[index] == UInt8(ascii: "#") { inComment = true }
      if bytes[index] == UInt8(ascii: "?"), !inComment { return index }
    }
    return nil
  }

  /// A line of a quoted text or of brackets that does not stand further right than the block around it, `column`
  /// (from 0, -1 for none). A closing bracket alone may stand in the block's own column, as many people write it.
  static func continuation(of span: Range<Int>, insideBlockAt column: Int, of bytes: [UInt8]) -> Finding? {
    let isQuoted = bytes[span.lowerBound] == UInt8(ascii: "\"") || bytes[span.lowerBound] == UInt8(ascii: "'")
    var index = span.lowerBound
    while index < span.upperBound {
      guard ScalarBytes.isBreak(bytes[index]) else {
        index += 1
        continue
      }
      let start = ScalarBytes.lineBreak(bytes, at: index, before: span.upperBound).upperBound
      let spaces = bytes[start..<span.upperBound].prefix { $0 == UInt8(ascii: " ") }.count
      let text = bytes[(start + spaces)..<span.upperBound].drop(while: ScalarBytes.isBlank)
      index = text.startIndex
      guard let first = text.first, !ScalarBytes.isBreak(first), spaces <= column else { continue }
      let isCloser = !isQuoted && (first == UInt8(ascii: "]") || first == UInt8(ascii: "}"))
      let isComment = !isQuoted && first == UInt8(ascii: "#")
      if isComment || isCloser && spaces == column && text.startIndex == start + spaces { continue }
      return Finding(
        code: "yaml-indentation", span: text.startIndex..<text.startIndex + 1,
        message: "this line belongs to a value that began further up and is not indented as one",
        hint: "indent it with at least \(column + 1) spaces")
    }
    return nil
  }

  /// A block scalar's header and the empty lines before its text.
  static func block(_ span: Range<Int>, of bytes: [UInt8]) -> Finding? {
    var index = span.lowerBound
    var isExplicit = false
    while index < bytes.count, !ScalarBytes.isBreak(bytes[index]) {
      if bytes[index] == UInt8(ascii: "#") {
        if let finding = comment(at: index, of: bytes) { return finding }
        break
      }
      if bytes[index] >= UInt8(ascii: "1"), bytes[index] <= UInt8(ascii: "9") { isExplicit = true }
      index += 1
    }
    return isExplicit ? nil : leadingLines(of: span, from: index, of: bytes)
  }

  /// An empty line before the text may not have more spaces than the text's first line; libyaml then takes the block
  /// for empty and the text after it for a comment.
  private static func leadingLines(of span: Range<Int>, from header: Int, of bytes: [UInt8]) -> Finding? {
    let rest = bytes[header...].drop { !ScalarBytes.isBreak($0) }
    var spaces = 0
    var widest = 0
    for index in rest.indices {
      if bytes[index] == UInt8(ascii: " ") {
        spaces += 1
      } else if ScalarBytes.isBreak(bytes[index]) {
        widest = max(widest, spaces)
        spaces = 0
      } else {
        guard bytes[index] == UInt8(ascii: "#"), index >= span.upperBound, spaces > 0, spaces < widest else {
          return nil
        }
        return Finding(
          code: "yaml-indentation", span: index..<index + 1,
          message: "the empty lines above have more spaces than this first line of the block",
          hint: "take the spaces out of the empty lines")
      }
    }
    return nil
  }

  private static func comment(at index: Int, of bytes: [UInt8]) -> Finding? {
    guard index > 0, !ScalarBytes.isBlank(bytes[index - 1]), !ScalarBytes.isBreak(bytes[index - 1]) else {
      return nil
    }
    // A byte order mark may stand before a comment.
    if index == 3, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return nil }
    return Finding(
      code: "yaml-comment", span: index..<index + 1, message: "a `#` without a space before it",
      hint: "write a space before a comment, or put text that contains `#` in quotes")
  }
}
