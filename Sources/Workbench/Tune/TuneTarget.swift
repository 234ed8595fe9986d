internal import Assay
package import CEL
package import RuleSets

/// Why nothing can be tuned.
package struct TuneError: Error, Hashable, Sendable {
  /// Lower case, no final period.
  package let message: String
  /// What to do about it.
  package let hint: String
}

/// One rule and the one comparison in its condition whose constant is tried with other values.
package struct TuneTarget: Sendable {
  package let rule: Rule
  package let comparison: ThresholdComparison
  /// Its number among the rule's comparisons, from 1.
  package let number: Int
  /// What is compared, as the author wrote it: `payouts_24h`.
  package let valueText: String
  /// The constant as the author wrote it.
  package let constantText: String

  /// Finds the comparison.
  ///
  /// - Parameters:
  ///   - id: the rule's.
  ///   - condition: the number of the comparison, from 1; nil where the rule has only one that fits.
  ///   - feature: what the comparison compares: a feature's or field's name.
  package init(rule id: String, condition: Int? = nil, feature: String? = nil, in rules: RuleSet)
    throws(TuneError)
  {
    guard let rule = rules.rules.first(where: { $0.id == id }) else {
      let near = DidYouMean.nearest(to: id, among: rules.rules.map(\.id))
      throw TuneError(
        message: "there is no rule `\(VisibleLine.of(id))`, live or shadow",
        hint: near.map { "did you mean `\($0)`?" } ?? "`assay check --verbose` lists the rules")
    }
    let all = rule.condition.thresholdComparisons.enumerated().map { offset, comparison in
      TuneTarget(rule, comparison, offset + 1)
    }
    guard !all.isEmpty else {
      throw TuneError(
        message: "the rule `\(id)` compares nothing with a number: `\(Self.oneLine(rule.source))`",
        hint: "a condition such as `payouts_24h > 3` can be tuned")
    }
    self = try Self.choice(among: all, condition, feature)
  }

  private init(_ rule: Rule, _ comparison: ThresholdComparison, _ number: Int) {
    (self.rule, self.comparison, self.number) = (rule, comparison, number)
    valueText = Self.text(comparison.valueSpan, of: rule.source)
    constantText = Self.text(comparison.constantSpan, of: rule.source)
  }

  private static func choice(
    among all: [TuneTarget], _ condition: Int?, _ feature: String?
  ) throws(TuneError) -> TuneTarget {
    let id = all[0].rule.id
    let list = all.map { "\($0.number): \($0.text)" }.joined(separator: ", ")
    if let condition {
      guard let chosen = all.first(where: { $0.number == condition }) else {
        throw TuneError(
          message: "the rule `\(id)` has no comparison \(condition)", hint: "its comparisons are \(list)")
      }
      return chosen
    }
    let fitting = feature.map { name in all.filter { $0.valueText == name } } ?? all
    if let feature, fitting.isEmpty {
      throw TuneError(
        message: "the rule `\(id)` does not compare `\(VisibleLine.of(feature))` with a number",
        hint: "its comparisons are \(list)")
    }
    guard fitting.count == 1, let chosen = fitting.first else {
      let several = fitting.map { "\($0.number): \($0.text)" }.joined(separator: ", ")
      throw TuneError(
        message: "the rule `\(id)` has \(fitting.count) comparisons that can be tuned: \(several)",
        hint: "choose one with `--condition N`")
    }
    return chosen
  }

  /// The comparison as it is: `payouts_24h > 3`, the value on the left.
  package var text: String { text(with: constantText) }

  /// The comparison with another constant.
  package func text(with constant: String) -> String {
    "\(valueText) \(comparison.order.rawValue) \(constant)"
  }

  /// The rule's whole condition with another constant, on one line.
  package func condition(with constant: String) -> String {
    let bytes = Array(rule.source.utf8)
    let span = comparison.constantSpan.clamped(to: bytes.indices)
    return Self.oneLine(
      String(decoding: bytes[..<span.lowerBound], as: UTF8.self) + constant
        + String(decoding: bytes[span.upperBound...], as: UTF8.self))
  }

  private static func text(_ span: Range<Int>, of source: String) -> String {
    let bytes = Array(source.utf8)
    return oneLine(String(decoding: bytes[span.clamped(to: bytes.indices)], as: UTF8.self))
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: { $0.isNewline || $0 == " " || $0 == "\t" }).joined(separator: " ")
  }
}
