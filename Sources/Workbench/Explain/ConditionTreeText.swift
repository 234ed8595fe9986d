internal import Assay

extension ConditionTree {
  /// A line or two for each part, indented by depth, at most `width` characters wide where words allow it.
  package func text(width: Int, indent: Int = 0, color: Bool = false) -> String {
    var writer = ConditionTreeWriter(width: width, paint: Paint(color: color))
    writer.write(root, depth: indent, verb: "fires")
    return writer.lines.map { $0 + "\n" }.joined()
  }
}

private struct ConditionTreeWriter {
  /// Elements of one fold that are shown.
  private static let elementsMax = 6
  private static let answerWidth = ConditionTree.Answer.notLookedAt.rawValue.count

  let width: Int
  let paint: Paint
  var lines: [String] = []

  init(width: Int, paint: Paint) {
    self.width = width
    self.paint = paint
  }

  /// `depth` is in steps of two blanks. Within anything but chains a test that holds does not make the rule fire.
  mutating func write(_ node: ConditionTree.Node, depth: Int, verb: String) {
    let margin = String(repeating: " ", count: depth * 2)
    let label = node.answer.rawValue
    let hang = margin.count + Self.answerWidth + 2
    let head = headline(node)
    let notes = notes(node, verb).map { VisibleLine.of($0) }
    let start =
      margin + paint(label, node.answer.style) + "".padded(to: Self.answerWidth + 2 - label.count)
    let plain = head.count + notes.reduce(0) { $0 + $1.count + 3 }
    if hang + plain <= width {
      lines.append(start + head + notes.map { "   " + paint($0, .faint) }.joined())
    } else {
      let wrapped = Wrapping.lines(head, width: width - hang)
      lines.append(start + (wrapped.first ?? ""))
      let blank = String(repeating: " ", count: hang)
      lines += wrapped.dropFirst().map { blank + $0 }
      for note in notes {
        lines += Wrapping.lines(note, width: width - hang - 2).map { blank + "  " + paint($0, .faint) }
      }
    }
    let inner = node.kind == .all || node.kind == .any ? verb : "holds"
    writeChildren(of: node, depth: depth + 1, verb: inner)
  }

  private mutating func writeChildren(of node: ConditionTree.Node, depth: Int, verb: String) {
    let isFold = node.kind == .fold
    for child in node.children.prefix(isFold ? Self.elementsMax : node.children.count) {
      write(child, depth: depth, verb: verb)
    }
    let more = node.stepsOmitted + (isFold ? max(0, node.children.count - Self.elementsMax) : 0)
    if more > 0 {
      lines.append(String(repeating: "  ", count: depth) + "… \(more) more element\(more == 1 ? "" : "s")")
    }
  }

  /// A chain's own text is that of its links.
  private func headline(_ node: ConditionTree.Node) -> String {
    let place = node.element.map { "[\($0)] " } ?? ""
    switch node.kind {
    case .all: return place + "all of"
    case .any: return place + "any of"
    case .not, .choice, .fold, .binding, .test: return place + VisibleLine.of(node.text)
    }
  }

  private func notes(_ node: ConditionTree.Node, _ verb: String) -> [String] {
    var notes: [String] = []
    if let would = node.would { notes.append("would " + would.verb) }
    if let error = node.error { notes.append(error) }
    guard node.kind != .all, node.kind != .any else { return notes }
    if !node.missing.isEmpty {
      notes.append(
        node.missing.joined(separator: ", ") + (node.missing.count == 1 ? " is" : " are") + " missing")
    }
    if let margin = node.margin { notes.append(margin.text(verb)) }
    for operand in node.operands where isWorthShowing(operand, node) {
      notes.append("\(operand.text) = \(operand.value)")
    }
    return notes
  }

  /// The margin names the value of a bare side already; what is missing is listed, and why there is an error is told.
  private func isWorthShowing(_ operand: ConditionTree.Operand, _ node: ConditionTree.Node) -> Bool {
    if ["missing", "error", operand.text].contains(operand.value) { return false }
    guard let margin = node.margin else { return true }
    return operand.value != margin.value && operand.value != margin.threshold
  }
}

extension ConditionTree.Answer {
  /// As in "it would PASS".
  fileprivate var verb: String { self == .pass || self == .fail ? rawValue : "be \(rawValue)" }

  fileprivate var style: Paint.Style {
    switch self {
    case .pass: .good
    case .fail: .strong
    case .unknown: .caution
    case .error: .bad
    case .notLookedAt: .faint
    }
  }
}
