/// A source split into code and comments: in `code` every byte of a comment or of a string's content is a blank, in
/// `comments` every byte of everything else; line breaks stay in both, so that lines keep their numbers.
struct SwiftText {
  private(set) var code: [UInt8]
  private(set) var comments: [UInt8]

  /// Strings, raw and multi-line ones included, regular expressions and nested comments are understood; a string within an
  /// interpolation is taken as part of its string's text.
  init(_ bytes: [UInt8]) {
    let blank = bytes.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
    code = blank
    comments = blank
    var scanner = Scanner(bytes: bytes)
    while scanner.position < bytes.count {
      let start = scanner.position
      let kind = scanner.skipToken()
      for index in start..<scanner.position {
        switch kind {
        case .code: code[index] = bytes[index]
        case .comment: comments[index] = bytes[index]
        case .string: break
        }
      }
    }
  }

  /// The lines of `code`.
  var codeLines: [String] { Self.lines(code) }
  /// The lines of `comments`.
  var commentLines: [String] { Self.lines(comments) }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private enum Kind { case code, comment, string }

  private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    func starts(_ text: String, at offset: Int = 0) -> Bool {
      bytes[min(position + offset, bytes.count)...].starts(with: text.utf8)
    }

    /// Moves past one comment, one string, or one byte of code.
    mutating func skipToken() -> Kind {
      // Nearly every byte is none that could open something.
      guard "/#\"".utf8.contains(bytes[position]) else {
        position += 1
        return .code
      }
      if starts("//") {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        return .comment
      }
      if starts("/*") {
        skipBlockComment()
        return .comment
      }
      let pounds = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
      if starts("\"", at: pounds) {
        skipString(pounds: pounds)
        return .string
      }
      if beginsPattern {
        skipPattern()
        return .string
      }
      position += max(1, pounds)
      return .code
    }

    /// A slash that no operand stands before, with no blank after it, opens a regular expression.
    private var beginsPattern: Bool {
      guard starts("/"), position + 1 < bytes.count, bytes[position + 1] > UInt8(ascii: " ") else {
        return false
      }
      let before = bytes[..<position].last { $0 != UInt8(ascii: " ") }
      return before.map { Array("=(,:[".utf8).contains($0) } ?? false
    }

    private mutating func skipPattern() {
      position += 1
      while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
        let byte = bytes[position]
        position += byte == UInt8(ascii: "\\") ? 2 : 1
        if byte == UInt8(ascii: "/") { break }
      }
      position = min(position, bytes.count)
    }

    private mutating func skipBlockComment() {
      var depth = 0
      repeat {
        if starts("/*") {
          depth += 1
          position += 2
        } else if starts("*/") {
          depth -= 1
          position += 2
        } else {
          position += 1
        }
      } while depth > 0 && position < bytes.count
    }

    private mutating func skipString(pounds: Int) {
      let isMultiline = starts("\"\"\"", at: pounds)
      let quotes = isMultiline ? 3 : 1
      position += pounds + quotes
      let mark = [UInt8](repeating: UInt8(ascii: "#"), count: pounds)
      let end = [UInt8](repeating: UInt8(ascii: "\""), count: quotes) + mark
      let escape = [UInt8(ascii: "\\")] + mark
      while position < bytes.count {
        guard bytes[position] == end[0] || bytes[position] <= UInt8(ascii: "\\") else {
          position += 1
          continue
        }
        let rest = bytes[position...]
        if rest.starts(with: end) {
          position += end.count
          return
        }
        if !isMultiline, bytes[position] == UInt8(ascii: "\n") { return }
        if rest.starts(with: escape) {
          position += escape.count
          if position < bytes.count, bytes[position] == UInt8(ascii: "(") {
            skipInterpolation()
          } else {
            position += 1
          }
        } else {
          position += 1
        }
      }
      position = min(position, bytes.count)
    }

    /// From `(` past its `)`, over strings within.
    private mutating func skipInterpolation() {
      var depth = 0
      repeat {
        switch bytes[position] {
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"): depth -= 1
        case UInt8(ascii: "\""), UInt8(ascii: "#"):
          _ = skipToken()
          continue
        default: break
        }
        position += 1
      } while depth > 0 && position < bytes.count
    }
  }
}
