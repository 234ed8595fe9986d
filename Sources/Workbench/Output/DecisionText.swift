package import Assay
internal import CEL
internal import RuleSets

extension Decision {
  /// The live and shadow rules that fired.
  package var fired: [String] { reasons.map(\.rule) + shadow.map(\.rule) }

  /// Whether a live or shadow rule fired.
  package func hasFired(_ rule: String) -> Bool {
    reasons.contains { $0.rule == rule } || shadow.contains { $0.rule == rule }
  }

  /// The decision for people: a line with the outcome and what the event was, and one for each rule that had something
  /// to say.
  package func text(_ kind: EventKind? = nil, color: Bool = false) -> String {
    let paint = Paint(color: color)
    let word = outcome.rawValue
    var head =
      paint(word, outcome.style) + "".padded(to: 7 - word.count) + " score \(score)".padded(to: 11)
      + " "
      + (kind.map { VisibleLine.of(event).padded(to: Self.idWidth) + "  \($0.text)" } ?? VisibleLine.of(event))
    let marks = [
      repeated ? "repeated" : nil, recomputed ? "recomputed" : nil, late ? "late" : nil,
      dryRun ? "dry run" : nil, degraded.map { "degraded: \($0)" },
    ].compactMap { $0 }
    if !marks.isEmpty { head += VisibleLine.of(" (\(marks.joined(separator: ", ")))") }
    var lines = [head]
    for reason in reasons {
      lines.append(line(effect(reason.score, reason.decide), reason.rule, reason.text))
    }
    for hit in shadow { lines.append(line(effect(hit.score, hit.decide), hit.rule, "in shadow, no effect")) }
    for unknown in notEvaluated {
      lines.append(line("?", unknown.rule, unknown.explanation))
    }
    for feature in features {
      let marks =
        (saturated.contains(feature.name) ? " (saturated)" : "")
        + (warming.contains(feature.name) ? " (warming)" : "")
        + (approximate.contains(feature.name) ? " (approximate)" : "")
      lines.append(line("", feature.name, "= " + feature.value.shown + marks))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Longer ids push what follows them.
  private static let idWidth = 16

  private func line(_ effect: String, _ name: String, _ text: String) -> String {
    "  " + effect.padded(to: 6) + " " + name.padded(to: 24) + " " + VisibleLine.of(text)
  }

  private func effect(_ score: Int, _ decide: Outcome?) -> String { decide?.rawValue ?? "+\(score)" }
}

extension Outcome {
  /// How it stands out.
  var style: Paint.Style {
    switch self {
    case .allow: .good
    case .review: .caution
    case .block: .bad
    }
  }
}

extension Decision.NotEvaluated {
  /// Why the rule has no answer, and what follows, in words.
  var explanation: String { why + (floor.map { ", so at least \($0.rawValue)" } ?? "") }

  /// Why the rule has no answer.
  var why: String {
    let about = field.map { "`\($0)` " } ?? ""
    switch cause {
    case .missing: return about + "is missing"
    case .error: return "the expression failed: " + (detail ?? "no detail")
    case .unavailable: return about + "could not be read"
    case .evicted: return about + "was evicted from memory"
    case .saturated: return about + "has more records than its limit"
    }
  }
}

extension Decision.FeatureValue.Value {
  /// As reports and readable decisions show it.
  var shown: String {
    switch self {
    case .missing: "missing"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .double(let value): value.description
    case .text(let value): value
    case .timestamp(let value): Timestamp(milliseconds: value)?.rfc3339() ?? "out of range"
    case .duration(let value): DurationLiteral.shown(value)
    case .masked: "***"
    }
  }
}

extension String {
  /// The text with blanks behind it up to `width` characters.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
