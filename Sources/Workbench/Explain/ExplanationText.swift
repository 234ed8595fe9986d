internal import Assay
internal import RuleSets

extension Explanation {
  /// The explanation for people, at most `width` characters wide where words allow it.
  package func text(width: Int = 100, color: Bool = false) -> String {
    var writer = ExplanationWriter(width: width, paint: Paint(color: color))
    writer.write(self)
    return writer.text
  }
}

private struct ExplanationWriter {
  let width: Int
  let paint: Paint
  var text = ""

  init(width: Int, paint: Paint) {
    self.width = max(40, width)
    self.paint = paint
  }

  mutating func write(_ explanation: Explanation) {
    let decision = explanation.decision
    let word = decision.outcome.rawValue
    line(
      paint(word, decision.outcome.style)
        + "   score \(decision.score)   \(VisibleLine.of(decision.event))   "
        + "\(VisibleLine.of(explanation.event.type))   \(EntityState.moment(explanation.event.time))")
    line(paint(VisibleLine.of("rule set \(decision.ruleSet.name) \(decision.ruleSet.version)"), .faint))
    section("how the outcome came about")
    for step in explanation.steps { write(step) }
    line("  " + "so".padded(to: 16) + " " + paint(word, decision.outcome.style))
    section("event")
    for field in explanation.event.fields {
      entry(field.name, ValueWords.text(field.value))
    }
    if !explanation.nearest.isEmpty { section("nearest to firing") }
    for near in explanation.nearest { write(near) }
    if !explanation.missing.isEmpty { section("missing") }
    for missing in explanation.missing {
      entry(missing.name, missing.why + "; asked for by " + missing.rules.joined(separator: ", "))
    }
    section("rules")
    if explanation.rules.isEmpty {
      line("  no rule \(explanation.isPart ? "that was asked for " : "")looks at events of this type")
    }
    for explained in explanation.rulesByWeight { write(explained) }
    if !explanation.features.isEmpty { section("features") }
    for feature in explanation.features {
      write(feature, explanation.aggregations[feature.feature] ?? "")
    }
  }

  private mutating func line(_ line: String) { text += line + "\n" }

  private mutating func section(_ title: String) { text += "\n" + paint(title, .strong) + "\n" }

  /// A name, and behind it a text that may go on below; behind a long name all of it does.
  private mutating func entry(_ spelledName: String, _ spelledValue: String, hang: Int = 24) {
    let (name, value) = (VisibleLine.of(spelledName), VisibleLine.of(spelledValue))
    if name.count > hang && name.count + value.count + 3 > width {
      line("  " + name)
      wrapped(value, indent: 6)
      return
    }
    let start = "  " + name.padded(to: hang) + " "
    let lines = Wrapping.lines(value, width: width - max(hang, name.count) - 3)
    line(start + (lines.first ?? ""))
    for rest in lines.dropFirst() { line(String(repeating: " ", count: hang + 3) + rest) }
  }

  private mutating func write(_ step: Explanation.Step) {
    entry(step.effect, (step.rule.map { $0 + ": " } ?? "") + step.text, hang: 16)
  }

  private mutating func write(_ explained: RuleExplanation) {
    let rule = explained.rule
    let (word, style, detail) = explained.headline
    let shadow = rule.status == .shadow ? " (shadow)" : ""
    line(
      "  " + paint(word, style) + "  \(VisibleLine.of(rule.id))\(shadow)   "
        + paint(VisibleLine.of(rule.title), .faint))
    if let detail { wrapped(detail, indent: 6) }
    text += explained.condition?.text(width: width, indent: 3, color: paint.isOn) ?? ""
  }

  private mutating func wrapped(_ words: String, indent: Int) {
    for part in Wrapping.lines(VisibleLine.of(words), width: width - indent) {
      line(String(repeating: " ", count: indent) + part)
    }
  }

  private mutating func write(_ near: Explanation.NearRule) {
    let count = near.tests.count == 1 ? "1 test short" : "\(near.tests.count) tests short"
    entry(near.rule, count + (near.isShadow ? ", in shadow" : ""))
    for test in near.tests {
      let note =
        test.margin?.text() ?? test.operands.map { "\($0.text) = \($0.value)" }.joined(separator: ", ")
      wrapped(test.text + (note.isEmpty ? "" : ": " + note), indent: 6)
    }
  }

  private mutating func write(_ feature: FeatureWindow, _ aggregation: String) {
    let flags = feature.flags.isEmpty ? "" : " (\(feature.flags.joined(separator: ", ")))"
    let currency = feature.currency.map { " minor units of \($0)" } ?? ""
    let key = feature.key.map { "\($0.path)=\($0.value ?? "missing")" }.joined(separator: ",")
    let value = "\(feature.name) = \(ValueWords.text(feature.value))\(currency)"
    line(
      "  " + paint(VisibleLine.of(value), .strong) + flags
        + "   \(aggregation) by \(VisibleLine.of(key))")
    guard feature.key.allSatisfy({ $0.value != nil }) else { return }
    wrapped("window " + feature.bounds + feature.size, indent: 6)
    for record in feature.records {
      let own = record.isOwn ? paint("   this event", .faint) : ""
      let value = record.value.map { "   " + VisibleLine.of(ValueWords.text($0)) } ?? ""
      line(
        "        \(EntityState.moment(record.time))  \(VisibleLine.of(record.type))  \(VisibleLine.of(record.id))"
          + value + own)
    }
  }
}

extension Explanation {
  /// First the rules that had a part in the decision.
  fileprivate var rulesByWeight: [RuleExplanation] {
    (0...3).flatMap { rank in rules.filter { $0.rank == rank } }
  }
}

extension RuleExplanation {
  fileprivate var rank: Int {
    switch state {
    case .fired: rule.status == .live ? 0 : 1
    case .noAnswer: 1
    case .leftOut: 2
    case .notFired: 3
    }
  }

  /// Whether the condition, a single test, tells the same right below.
  private func saysItself(_ answer: Decision.NotEvaluated) -> Bool {
    answer.cause == .missing && answer.floor == nil && condition?.root.kind == .test
  }

  /// What came of the rule, in a word and, where that is not all, in a sentence.
  fileprivate var headline: (word: String, style: Paint.Style, detail: String?) {
    switch state {
    case .fired: ("FIRED    ", .bad, nil)
    case .notFired: ("did not  ", .faint, nil)
    case .noAnswer(let answer): ("NO ANSWER", .caution, saysItself(answer) ? nil : answer.explanation)
    case .leftOut(let absence): ("left out ", .caution, absence.words)
    }
  }
}

extension RuleAbsence {
  /// Why the rule was left out.
  var words: String {
    switch self {
    case .notYet(let from): "it holds from \(EntityState.moment(from)) on"
    case .over(let until): "it held until \(EntityState.moment(until))"
    case .suppressed(let suppression):
      "suppressed for this key until \(EntityState.moment(suppression.until)): \(suppression.reason)"
    case .outsideSample(let sample):
      "the event's key is not in its sample of \(Self.percent(sample.basisPoints))"
    }
  }
}

extension RuleAbsence {
  private static func percent(_ basisPoints: Int) -> String {
    basisPoints % 100 == 0 ? "\(basisPoints / 100) percent" : "\(Double(basisPoints) / 100) percent"
  }
}

extension FeatureWindow {
  /// `(from, to]`, in words where a side has no bound.
  var bounds: String {
    guard let from else { return "the newest \(last.map(String.init) ?? "") up to \(EntityState.moment(to))" }
    let span = "(\(EntityState.moment(from)), \(EntityState.moment(to))]"
    return span + (last.map { ", the newest \($0)" } ?? "")
  }

  /// How many records there are, and how many of them are not listed.
  fileprivate var size: String {
    guard let count else { return "" }
    let records = count == 1 ? ": 1 record" : ": \(count) records"
    let isCut = self.records.count < count && !self.records.isEmpty
    return isCut ? records + ", the newest \(self.records.count)" : records
  }
}
