import Foundation

/// A habit of the house that a file breaks.
struct Finding: Equatable, CustomStringConvertible {
  let path: String
  let line: Int
  let message: String
  var description: String { "\(path):\(line): \(message)" }
}

/// The habits that one source can be judged by alone; each gives its findings as values.
enum Rules {
  static let fileLinesMax = 400
  static let functionLinesMax = 70

  static func fileLength(_ file: Repository.File) -> [Finding] {
    guard file.lineCount > fileLinesMax else { return [] }
    return [Finding(path: file.path, line: 1, message: "\(file.lineCount) lines, at most \(fileLinesMax)")]
  }

  /// Braces tell where a body ends; a function begins at the line with its keyword.
  static func functionLength(_ file: Repository.File) -> [Finding] {
    let function = /(^|\s)(func\s+\S+|init[?!]?\s*[(<]|deinit\s*\{|subscript\s*[(<])/
    let lines = SwiftText(file.bytes).codeLines
    var findings: [Finding] = []
    for (index, line) in lines.enumerated() where line.contains(function) && !line.contains("}.init(") {
      guard let length = bodyLength(lines[index...]), length > functionLinesMax else { continue }
      findings.append(
        Finding(
          path: file.path, line: index + 1,
          message: "a function of \(length) lines, at most \(functionLinesMax)"))
    }
    return findings
  }

  /// Lines from the first to the one where the first brace is closed; nil where no body begins within ten lines.
  private static func bodyLength(_ lines: ArraySlice<String>) -> Int? {
    var depth = 0
    var hasOpened = false
    for (count, line) in lines.enumerated() {
      for character in line.utf8 {
        if character == UInt8(ascii: "{") {
          depth += 1
          hasOpened = true
        }
        if character == UInt8(ascii: "}") { depth -= 1 }
        if hasOpened && depth == 0 { return count + 1 }
        if depth < 0 { return nil }
      }
      if !hasOpened && count > 10 { return nil }
    }
    return nil
  }

  static func leftOverMarkers(_ file: Repository.File) -> [Finding] {
    let marker = /\b(TODO|FIXME|XXX|HACK)\b/
    return findings(in: SwiftText(file.bytes).commentLines, of: file, matching: marker) {
      "a left-over `\($0)`"
    }
  }

  /// A comment that draws a line or opens a section.
  static func banners(_ file: Repository.File) -> [Finding] {
    let banner = /(\/\/|\/\*)\s*([-=*#~_\/]{4,}|MARK:)/
    return findings(in: SwiftText(file.bytes).commentLines, of: file, matching: banner) { _ in "a banner" }
  }

  /// Ways to end the host process that need no argument.
  static func endings(_ file: Repository.File) -> [Finding] {
    let ending = /\btry!|\bas!|\bfatalError\b/
    return findings(in: SwiftText(file.bytes).codeLines, of: file, matching: ending) {
      "`\($0)` ends the host"
    }
  }

  static func testableImports(_ file: Repository.File) -> [Finding] {
    findings(in: SwiftText(file.bytes).codeLines, of: file, matching: /@testable\b/) {
      "`\($0)`: tests run in release and use package access"
    }
  }

  static func uncheckedSendable(_ file: Repository.File) -> [Finding] {
    findings(in: SwiftText(file.bytes).codeLines, of: file, matching: /@unchecked\s+Sendable/) {
      "`\($0)`: use the lock of `Windows`, or name the file and the reason in this test"
    }
  }

  /// Places of one machine, in code, comments and strings.
  static func machinePaths(_ file: Repository.File) -> [Finding] {
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let place = /(^|[\s"'`(=:])\/(work|root|home|farm)\//
    return findings(in: lines, of: file, matching: place) { _ in "a path of one machine" }
  }

  static func emptiness(_ file: Repository.File) -> [Finding] {
    let text = SwiftText(file.bytes)
    let code = text.codeLines.map { $0.trimmingCharacters(in: .whitespaces) }
    let meaning = code.filter { !$0.isEmpty && !$0.hasPrefix("import ") && !$0.hasPrefix("#pragma once") }
    return meaning.isEmpty
      ? [Finding(path: file.path, line: 1, message: "nothing but comments and imports")] : []
  }

  private static func findings<Output>(
    in lines: [String], of file: Repository.File, matching pattern: Regex<Output>,
    _ message: (Substring) -> String
  ) -> [Finding] {
    lines.enumerated().compactMap { index, line in
      line.firstMatch(of: pattern).map { match in
        Finding(path: file.path, line: index + 1, message: message(line[match.range]))
      }
    }
  }
}
