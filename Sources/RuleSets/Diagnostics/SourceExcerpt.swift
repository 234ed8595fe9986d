/// One source line as shown under a diagnostic, cut around the place, with the columns that the place covers.
struct SourceExcerpt {
  /// The line's number, from 1.
  let line: Int
  /// The line ready for a terminal, without its line break.
  let text: String
  /// The terminal columns to underline, from 0; never empty.
  let marked: Range<Int>

  /// How many columns of a line are shown at most.
  static let columnsMax = 100
  /// Columns left of the place that are kept when a line is cut.
  static let columnsBefore = 40
  /// Bytes of a line looked at on each side of the place: enough for `columnsMax` columns of any kind.
  private static let bytesAround = 800
  private static let tabWidth = 4

  /// The line where `span` begins; a span over several lines is underlined to the end of its first.
  init(of span: Range<Int>, in source: SourceText) {
    line = source.position(of: span.lowerBound).line
    let whole = source.range(ofLine: line)
    let start = min(max(span.lowerBound, whole.lowerBound), whole.upperBound)
    let end = min(max(span.upperBound, start), whole.upperBound)
    let near = Self.near(start, of: whole, in: source.bytes)

    let before = Self.cells(source.bytes[near.lowerBound..<start], from: 0)
    let inside = Self.cells(source.bytes[start..<min(end, near.upperBound)], from: before.width)
    let after = Self.cells(
      source.bytes[min(end, near.upperBound)..<near.upperBound], from: before.width + inside.width)
    let cut = Self.cut(
      before.cells + inside.cells + after.cells, around: before.width,
      isCutBefore: near.lowerBound > whole.lowerBound, isCutAfter: near.upperBound < whole.upperBound)

    text = cut.text
    let first = before.width - cut.dropped
    marked = first..<max(first + 1, min(first + inside.width, cut.columns))
  }

  private struct Cell {
    let text: String
    let width: Int
  }

  /// The bytes near the place, widened to whole characters.
  private static func near(_ start: Int, of whole: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
    var low = max(whole.lowerBound, start - bytesAround)
    while low > whole.lowerBound, bytes[low] & 0xC0 == 0x80 { low -= 1 }
    var high = min(whole.upperBound, start + bytesAround)
    while high < whole.upperBound, bytes[high] & 0xC0 == 0x80 { high += 1 }
    return low..<high
  }

  private static func cells(_ bytes: ArraySlice<UInt8>, from column: Int) -> (cells: [Cell], width: Int) {
    var cells: [Cell] = []
    var width = 0
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let cell: Cell
      if scalar == "\t" {
        let count = tabWidth - (column + width) % tabWidth
        cell = Cell(text: String(repeating: " ", count: count), width: count)
      } else if let spelling = VisibleText.spelling(of: scalar) {
        cell = Cell(text: spelling, width: spelling.unicodeScalars.count)
      } else {
        cell = Cell(text: String(scalar), width: VisibleText.width(of: scalar))
      }
      cells.append(cell)
      width += cell.width
    }
    return (cells, width)
  }

  /// Drops whole cells at both ends until `columnsMax` are left; `…` stands for what was dropped.
  private static func cut(
    _ cells: [Cell], around place: Int, isCutBefore: Bool, isCutAfter: Bool
  ) -> (text: String, dropped: Int, columns: Int) {
    let total = cells.reduce(0) { $0 + $1.width }
    var index = 0
    var skipped = 0
    if total > columnsMax || isCutBefore {
      while index < cells.count, place - skipped > columnsBefore {
        skipped += cells[index].width
        index += 1
      }
    }
    let hasPrefix = isCutBefore || index > 0
    // A combining mark that lost its letter would stand on the `…`.
    while hasPrefix, index < cells.count, skipped < place, cells[index].width == 0 { index += 1 }
    var text = hasPrefix ? "…" : ""
    var columns = hasPrefix ? 1 : 0
    let dropped = skipped - columns
    while index < cells.count, columns + cells[index].width <= columnsMax {
      text += cells[index].text
      columns += cells[index].width
      index += 1
    }
    if index < cells.count || isCutAfter { text += "…" }
    return (text, dropped, columns)
  }
}
