internal import Assay
internal import CEL

/// Samples with what led to them: for each rule behind a change what it brought, and the parts of its condition that
/// decided, on both sides.
extension ComparisonReport {
  /// Characters of a line in Markdown, where a block of code scrolls.
  private static let markdownWidth = 110

  /// The gravest changes first.
  private var samples: [ChangedDecision] {
    OutcomeChange.gravestFirst.flatMap { summary.samples[$0] ?? [] }
  }

  /// For a terminal of `width` characters; empty without samples.
  func samplesText(_ paint: Paint, width: Int) -> String {
    if samples.isEmpty { return "" }
    var text = "\n\(paint("samples", .strong))\n"
    for sample in samples {
      text += Self.title(of: sample, width: width, paint)
      for line in Wrapping.lines(VisibleLine.of(sample.origin), width: width - 4) {
        text += "    \(paint(line, .faint))\n"
      }
      for line in lines(of: sample, width: width - 4, paint) { text += "    \(line)\n" }
    }
    return text
  }

  /// `e2  payout.requested: allow (0) → review (40)`, the event on a line of its own where that is too long.
  private static func title(of sample: ChangedDecision, width: Int, _ paint: Paint) -> String {
    let (event, head) = (VisibleLine.of(sample.event), VisibleLine.of(sample.head))
    let (name, after) = (paint(event, .strong), paint(sample.outcomeAfter, sample.change.style))
    if event.count + head.count + sample.outcomeAfter.count + 7 <= width {
      return "  \(name)  \(head) → \(after)\n"
    }
    let lines = Wrapping.lines("\(head) →", width: width - 4)
    guard let last = lines.last, last.count + sample.outcomeAfter.count + 5 <= width else {
      return "  \(name)\n" + (lines + [after]).map { "    \($0)\n" }.joined()
    }
    return "  \(name)\n" + (lines.dropLast() + ["\(last) \(after)"]).map { "    \($0)\n" }.joined()
  }

  /// For a pull request, folded; empty without samples.
  var samplesMarkdown: String {
    if samples.isEmpty { return "" }
    var text = "\n<details><summary>Samples (\(samples.count))</summary>\n"
    for sample in samples {
      text += "\n\(MarkdownText.code(sample.event)) \(MarkdownText.words(sample.head)) → "
      text += "**\(sample.outcomeAfter)**  \n\(MarkdownText.words(sample.origin))\n\n"
      // An indented block: nothing that stands in it can end it.
      for line in lines(of: sample, width: Self.markdownWidth, Paint(color: false)) {
        text += "    \(line)\n"
      }
    }
    return text + "\n</details>\n"
  }

  /// What led to one change.
  private func lines(of sample: ChangedDecision, width: Int, _ paint: Paint) -> [String] {
    var lines: [String] = []
    for part in sample.parties {
      lines += headline(of: part, width: width, paint)
      guard case .rule(let id) = part.party else { continue }
      for sides in sample.rules where sides.rule == id {
        lines += sides.lines(width: width, paint, cause: difference.cause(of: part.party))
      }
    }
    let parties = Set(sample.parties.map(\.party))
    for sides in sample.rules where !parties.contains(.rule(sides.rule)) {
      lines.append("\(paint(VisibleLine.of(sides.rule), .strong)) brings the same to both")
      lines += sides.lines(width: width, paint, cause: nil)
    }
    if sample.furtherRuleCount > 0 {
      lines.append("the conditions of \(Counted.text(sample.furtherRuleCount, "more rule")) are left out")
    }
    if !sample.features.isEmpty {
      let values = VisibleLine.of(sample.features.map(\.text).joined(separator: ", "))
      let wrapped = Wrapping.lines("features \(values)", width: width - 2)
      lines += wrapped.prefix(1) + wrapped.dropFirst().map { "  " + $0 }
    }
    return lines
  }

  /// `payout-burst nothing → +40: 4 payouts in 24 h, at most 3 expected`.
  private func headline(of part: PartyDifference, width: Int, _ paint: Paint) -> [String] {
    let name = VisibleLine.of(part.party.name)
    let why = part.reason ?? difference.cause(of: part.party)
    let change = "\(part.before ?? "nothing") → \(part.after ?? "nothing")" + (why.isEmpty ? "" : ": \(why)")
    let wrapped = Wrapping.lines("\(name) \(VisibleLine.of(change))", width: width - 2)
    // A name has no blanks: it stands whole at the beginning.
    let first = paint(name, .strong) + (wrapped.first ?? name).dropFirst(name.count)
    return [first] + wrapped.dropFirst().map { "  " + $0 }
  }
}

extension RuleSides {
  /// The two answers, below a name that stands at the left; where both are alike, one and what was edited.
  fileprivate func lines(width: Int, _ paint: Paint, cause: String?) -> [String] {
    let (before, after) = (
      before.lines(width: width - 2, color: paint.isOn), after.lines(width: width - 2, color: paint.isOn)
    )
    func labelled(_ label: String, _ lines: [String], indent: Int) -> [String] {
      let first = "  " + paint(label, .faint) + "".padded(to: 8 - label.count) + (lines.first ?? "")
      return [first] + lines.dropFirst().map { String(repeating: " ", count: indent) + $0 }
    }
    guard before == after else {
      return labelled("before", before, indent: 2) + labelled("after", after, indent: 2)
    }
    let edits = cause.map { Wrapping.lines(VisibleLine.of($0), width: width - 10) } ?? []
    return labelled("both", before, indent: 2) + (edits.isEmpty ? [] : labelled("edited", edits, indent: 10))
  }
}

extension ChangedDecision {
  /// `payout.requested 5.00 EUR: allow (0)`.
  fileprivate var head: String {
    let amounts = amounts.map { " " + $0.text }.joined()
    let truth = truth.map { ", \($0.text)" } ?? ""
    return "\(type)\(amounts)\(truth): \(change.before.rawValue) (\(scoreBefore))"
  }

  fileprivate var outcomeAfter: String { "\(change.after.rawValue) (\(scoreAfter))" }

  fileprivate var origin: String {
    let moment = Timestamp(milliseconds: time)?.rfc3339() ?? String(time)
    return "\(moment), \(place.file):\(place.number)"
  }
}

extension ChangedDecision.Truth {
  /// `fraud (device-farm)`, `honest`.
  fileprivate var text: String {
    guard let kind, kind != LabelWord.plainFraud else { return label.word }
    return "\(label.word) (\(kind))"
  }
}

extension ChangedDecision.FeaturePair {
  /// `payouts_24h 3`, `payouts_24h 3 → 4`.
  fileprivate var text: String {
    let (before, after) = (before ?? "not read", after ?? "not read")
    return "\(name) \(before)" + (before == after ? "" : " → \(after)")
  }
}
