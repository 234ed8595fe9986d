/// Columns of text that keep to a width: where all of it does not fit, the widest columns are narrowed and their cells
/// wrapped; a long word is cut only where nothing else helps. Numbers stay whole and stand at the right.
///
/// A no-break space keeps two words together and is shown as a blank.
struct FittedTable {
  private static let indent = 2
  /// What a column of text keeps, whatever the width.
  private static let narrowest = 12
  /// How long words may be that stay whole, while there is no room.
  private static let wordLimits = [Int.max, 40, 0]

  private let paint: Paint
  private let width: Int
  /// Columns of numbers.
  private let numbers: Set<Int>
  private var rows: [[TextTable.Cell]] = []

  init(_ paint: Paint, width: Int, numbers: Set<Int> = []) {
    (self.paint, self.width, self.numbers) = (paint, width, numbers)
  }

  mutating func add(_ row: [TextTable.Cell]) { rows.append(row) }

  /// The rows, each of as many lines as it needs.
  var text: String {
    let widths = widths
    return rows.flatMap { lines(of: $0, widths) }.map { $0 + "\n" }.joined()
  }

  private var widths: [Int] {
    let count = rows.map(\.count).max() ?? 0
    var (natural, words) = (Array(repeating: 0, count: count), Array(repeating: 0, count: count))
    for row in rows {
      for (column, cell) in row.enumerated() {
        natural[column] = max(natural[column], cell.text.count)
        let longest = cell.text.split(separator: " ").map(\.count).max() ?? 0
        words[column] = max(words[column], longest)
      }
    }
    let room = width - natural.count { $0 > 0 } * Self.indent
    var widths = natural.indices.map { numbers.contains($0) ? natural[$0] : min(natural[$0], max(0, room)) }
    for limit in Self.wordLimits {
      let floors = natural.indices.map { column in
        numbers.contains(column)
          ? natural[column] : min(natural[column], max(Self.narrowest, min(words[column], limit)))
      }
      Self.narrow(&widths, to: room, floors)
    }
    return widths
  }

  /// Takes from the widest columns first.
  private static func narrow(_ widths: inout [Int], to room: Int, _ floors: [Int]) {
    var excess = widths.reduce(0, +) - room
    while excess > 0 {
      let candidates = widths.indices.filter { widths[$0] > floors[$0] }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
      excess -= 1
    }
  }

  private func lines(of row: [TextTable.Cell], _ widths: [Int]) -> [String] {
    let cells = row.enumerated().filter { widths[$0.offset] > 0 }.map { column, cell in
      (
        column: column, style: cell.style,
        lines: Self.wrapped(cell.text, width: widths[column])
      )
    }
    return (0..<(cells.map(\.lines.count).max() ?? 1)).map { number in
      var line = ""
      var blanks = 0
      for cell in cells {
        let text = number < cell.lines.count ? cell.lines[number] : ""
        let rest = widths[cell.column] - text.count
        let isNumber = numbers.contains(cell.column)
        blanks += Self.indent + (isNumber ? max(0, rest) : 0)
        if !text.isEmpty {
          line += String(repeating: " ", count: blanks) + (cell.style.map { paint(text, $0) } ?? text)
          blanks = 0
        }
        if !isNumber { blanks += max(0, rest) }
      }
      return line
    }
  }

  /// Lines of at most `width` characters; a cut word fills whole lines but for its end.
  private static func wrapped(_ text: String, width: Int) -> [String] {
    var words: [Substring] = []
    for word in text.split(separator: " ") {
      var rest = word
      while rest.count > width {
        words.append(rest.prefix(width))
        rest = rest.dropFirst(width)
      }
      words.append(rest)
    }
    return Wrapping.lines(words.joined(separator: " "), width: width).map { line in
      line.replacingScalars { $0 == "\u{A0}" ? " " : nil }
    }
  }
}
