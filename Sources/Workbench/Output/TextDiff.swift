/// What differs between two texts, line by line.
struct TextDiff {
  private static let contextLines = 3
  /// Beyond it the middle is shown as taken out and put in: the work grows with the product of the two lengths.
  private static let cellsMax = 4_000_000

  private enum Step {
    case same(String)
    case removed(String)
    case added(String)
  }

  private let steps: [Step]

  /// Bytes that are not UTF-8 are shown as what stands for them.
  init(_ before: [UInt8], _ after: [UInt8]) {
    steps = Self.steps(Self.lines(before), Self.lines(after))
  }

  /// As `diff -u` writes it; empty where nothing differs.
  func unified(from old: String, to new: String, _ paint: Paint) -> String {
    let changed = steps.indices.filter { if case .same = steps[$0] { false } else { true } }
    guard let first = changed.first else { return "" }
    var text = paint("--- \(old)", .strong) + "\n" + paint("+++ \(new)", .strong) + "\n"
    var start = first
    var last = first
    for index in changed.dropFirst() + [Int.max] {
      if index != Int.max, index - last <= 2 * Self.contextLines {
        last = index
        continue
      }
      let range =
        max(0, start - Self.contextLines)..<min(steps.count, last + Self.contextLines + 1)
      text += hunk(range, paint)
      (start, last) = (index, index)
    }
    return text
  }

  private func hunk(_ range: Range<Int>, _ paint: Paint) -> String {
    var (oldLine, newLine) = (1, 1)
    for step in steps[..<range.lowerBound] { Self.count(step, &oldLine, &newLine) }
    var (oldEnd, newEnd) = (oldLine, newLine)
    var body = ""
    for step in steps[range] {
      Self.count(step, &oldEnd, &newEnd)
      switch step {
      case .same(let line): body += " \(line)\n"
      case .removed(let line): body += paint("-\(line)", .bad) + "\n"
      case .added(let line): body += paint("+\(line)", .good) + "\n"
      }
    }
    func span(_ start: Int, _ end: Int) -> String {
      "\(start == end ? start - 1 : start),\(end - start)"
    }
    return "@@ -\(span(oldLine, oldEnd)) +\(span(newLine, newEnd)) @@\n" + body
  }

  private static func count(_ step: Step, _ old: inout Int, _ new: inout Int) {
    switch step {
    case .same:
      old += 1
      new += 1
    case .removed: old += 1
    case .added: new += 1
    }
  }

  /// Without their line breaks; a last line that has none is told as `diff` does.
  private static func lines(_ bytes: [UInt8]) -> [String] {
    var lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .map(String.init)
    if lines.last == "" {
      lines.removeLast()
    } else if let last = lines.popLast() {
      lines.append(last + "\n\\ No newline at end of file")
    }
    return lines
  }

  /// The longest common subsequence, once what begins and ends alike is put aside.
  private static func steps(_ old: [String], _ new: [String]) -> [Step] {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
    let left = Array(old[head..<(old.count - tail)])
    let right = Array(new[head..<(new.count - tail)])
    let middle: [Step]
    if left.count * right.count <= cellsMax {
      middle = compared(left, right)
    } else {
      middle = left.map { .removed($0) } + right.map { .added($0) }
    }
    return old[..<head].map { .same($0) } + middle + old[(old.count - tail)...].map { .same($0) }
  }

  private static func compared(_ left: [String], _ right: [String]) -> [Step] {
    let width = right.count + 1
    var lengths = [Int32](repeating: 0, count: (left.count + 1) * width)
    for row in left.indices.reversed() {
      for column in right.indices.reversed() {
        lengths[row * width + column] =
          left[row] == right[column]
          ? lengths[(row + 1) * width + column + 1] + 1
          : max(lengths[(row + 1) * width + column], lengths[row * width + column + 1])
      }
    }
    var steps: [Step] = []
    var (row, column) = (0, 0)
    while row < left.count || column < right.count {
      if row < left.count, column < right.count, left[row] == right[column] {
        steps.append(.same(left[row]))
        row += 1
        column += 1
      } else if row < left.count,
        column == right.count || lengths[(row + 1) * width + column] >= lengths[row * width + column + 1]
      {
        steps.append(.removed(left[row]))
        row += 1
      } else {
        steps.append(.added(right[column]))
        column += 1
      }
    }
    return steps
  }
}
