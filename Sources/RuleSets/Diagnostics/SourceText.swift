/// One file's bytes with a table of its lines: turns byte offsets into the lines and columns that people read.
///
/// Any bytes will do; what is not UTF-8 is counted byte by byte. A line ends at LF, CR LF or CR, as in YAML.
package struct SourceText: Sendable {
  /// The bytes as they are in the file, a byte order mark included.
  package let bytes: [UInt8]
  /// Where each line begins; never empty.
  private let lineStarts: [Int]

  /// A file's content.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    for index in bytes.indices {
      let endsLine =
        bytes[index] == UInt8(ascii: "\n")
        || bytes[index] == UInt8(ascii: "\r")
          && (index + 1 == bytes.count || bytes[index + 1] != UInt8(ascii: "\n"))
      if endsLine { starts.append(index + 1) }
    }
    lineStarts = starts
  }

  /// The number of bytes of the byte order mark at the start: 3 or 0.
  package var markLength: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// A place as people count: both from 1, columns in Unicode scalars.
  package struct Position: Sendable, Hashable {
    package let line: Int
    package let column: Int
  }

  /// The position of a byte offset; one past the end is the end.
  package func position(of offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineIndex(of: offset)
    let start = lineStarts[line] + (line == 0 ? markLength : 0)
    var column = 1
    for index in start..<max(start, offset) where bytes[index] & 0xC0 != 0x80 { column += 1 }
    return Position(line: line + 1, column: column)
  }

  /// The bytes of the line (from 1) without its line break, without a byte order mark.
  package func range(ofLine line: Int) -> Range<Int> {
    guard line >= 1, line <= lineStarts.count else { return bytes.count..<bytes.count }
    let start = lineStarts[line - 1] + (line == 1 ? markLength : 0)
    var end = line < lineStarts.count ? lineStarts[line] : bytes.count
    while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") {
      end -= 1
    }
    return start..<max(start, end)
  }

  private func lineIndex(of offset: Int) -> Int {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}

/// The texts of a rule set's files, which rendering a diagnostic needs.
public struct SourceFiles: Sendable {
  private var texts: [String: SourceText] = [:]

  /// No files yet.
  public init() {}

  /// Keeps the bytes of the file at `path`, relative to the rule set's folder.
  public mutating func add(_ path: String, bytes: [UInt8]) { texts[path] = SourceText(bytes) }

  /// The file's text, nil for one that was never added.
  package subscript(path: String) -> SourceText? { texts[path] }

  /// The files that were read, in the order of their paths.
  package var paths: [String] { texts.keys.sorted() }
}
