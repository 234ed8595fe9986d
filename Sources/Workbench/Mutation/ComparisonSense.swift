internal import CEL
internal import RuleSets

/// One of the six comparisons, as a question about numbers.
struct ComparisonSense {
  /// By how each is off by one notch.
  static let neighbours = [
    Operator.greater: Operator.greaterOrEqual, Operator.greaterOrEqual: Operator.greater,
    Operator.less: Operator.lessOrEqual, Operator.lessOrEqual: Operator.less,
    Operator.equal: Operator.notEqual, Operator.notEqual: Operator.equal,
  ]

  private let function: String

  init(_ function: String) { self.function = function }

  /// The same question asked from the other side: `3 < x` for `x > 3`.
  func mirrored(_ isMirrored: Bool) -> ComparisonSense {
    guard isMirrored else { return self }
    switch function {
    case Operator.greater: return ComparisonSense(Operator.less)
    case Operator.less: return ComparisonSense(Operator.greater)
    case Operator.greaterOrEqual: return ComparisonSense(Operator.lessOrEqual)
    case Operator.lessOrEqual: return ComparisonSense(Operator.greaterOrEqual)
    default: return self
    }
  }

  func holds(_ left: Double, _ right: Double) -> Bool {
    switch function {
    case Operator.greater: left > right
    case Operator.greaterOrEqual: left >= right
    case Operator.less: left < right
    case Operator.lessOrEqual: left <= right
    case Operator.equal: left == right
    default: left != right
    }
  }

  var holdsForEqual: Bool { holds(0, 0) }

  /// Whether, among integers, the neighbouring comparison says the same as this one with its threshold moved so.
  func neighbourMeans(above: Bool) -> Bool {
    switch function {
    case Operator.greater, Operator.lessOrEqual: !above
    case Operator.greaterOrEqual, Operator.less: above
    default: false
    }
  }
}

extension ExpressionMutations {
  /// A number or a span of time that stands in an expression, with its neighbours.
  struct Bound {
    let value: Double
    /// Of the text that a notch replaces.
    let range: Range<Int>
    let below: (text: String, value: Double)?
    let above: (text: String, value: Double)?
    /// How a value of its kind is written.
    let spelled: @Sendable (Double) -> String
    /// The least step of a value: 1 of integers, a millisecond of spans; nil of doubles.
    let step: Double?
  }

  /// Nil for anything but a literal whose text is its own, and `duration("…")`.
  func bound(_ id: NodeID) -> Bound? {
    let node = checked.expression[id]
    let bytes = Array(checked.expression.source.utf8)
    func text(_ range: Range<Int>) -> String {
      String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }
    switch node.kind {
    case .literal(.int), .literal(.uint), .literal(.double):
      let range = unparenthesized(node.span, bytes)
      guard let value = number(text(range)), let notches = Notch.numbers(text(range)) else { return nil }
      let isWhole = !text(range).contains(".")
      return Bound(
        value: value, range: range, below: number(notches.below).map { (notches.below, $0) },
        above: number(notches.above).map { (notches.above, $0) },
        spelled: { isWhole ? String(Int64(exactly: $0.rounded()) ?? 0) : $0.description },
        step: isWhole ? 1 : nil)
    case .call("duration", nil, let arguments):
      guard arguments.count == 1, case .literal(.string(let written)) = checked.expression[arguments[0]].kind,
        let value = milliseconds(written), let notches = Notch.spans(written)
      else { return nil }
      let range = checked.expression[arguments[0]].span
      let quote = text(range).prefix(1)
      guard text(range) == quote + written + quote else { return nil }
      func notch(_ text: String) -> (text: String, value: Double)? {
        milliseconds(text).map { ("\(quote)\(text)\(quote)", $0) }
      }
      return Bound(
        value: value, range: range, below: notch(notches.below), above: notch(notches.above),
        spelled: { DurationLiteral.text(Int64(exactly: $0.rounded()) ?? 0) }, step: 1)
    default: return nil
    }
  }

  private func number(_ text: String) -> Double? { Double(text.hasSuffix("u") ? text.dropLast() : text[...]) }

  private func milliseconds(_ text: String) -> Double? { Duration(cel: text).map { $0 / .milliseconds(1) } }

  private func unparenthesized(_ span: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    var range = span.clamped(to: 0..<bytes.count)
    while let first = range.first, let last = range.last,
      bytes[first] == UInt8(ascii: "("), bytes[last] == UInt8(ascii: ")"), first < last
    {
      range = first + 1..<last
    }
    return range
  }

  /// The value for which a comparison and its mutant differ.
  static func difference(
    _ subject: String, _ original: ComparisonSense, _ bound: Double, _ changed: ComparisonSense,
    _ changedBound: Double,
    _ limit: Bound
  ) -> Mutant.Difference {
    var candidates = [bound, changedBound]
    if let step = limit.step {
      candidates += [bound + step, bound - step, changedBound + step, changedBound - step]
    } else {
      candidates.append((bound + changedBound) / 2)
    }
    for value in candidates where original.holds(value, bound) != changed.holds(value, changedBound) {
      return .value(
        of: subject, is: limit.spelled(value), holds: original.holds(value, bound), isExact: true)
    }
    return .always(subject)
  }
}
