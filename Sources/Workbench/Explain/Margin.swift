internal import CEL

/// How far a comparison of two numbers, spans of time or moments is from changing its answer.
package struct Margin: Sendable, Hashable {
  /// The value that is compared, as text.
  package let value: String
  /// What it is compared with.
  package let threshold: String
  /// When the comparison holds, before the threshold: `above`, `from`, `below`, `up to`, `at`, `off`.
  package let side: String
  /// What is between the two, in their unit: `2`, `1h30m`.
  package let distance: String
  /// Whether the value is above, at or below the threshold: 1, 0 or -1.
  package let sign: Int
  /// Whether the comparison holds.
  package let holds: Bool
  /// The distance as a part of the threshold's size, to compare margins of different units; 0 at the threshold.
  package let relative: Double
  /// What the numbers count, where they are no plain numbers: `minor units of EUR`.
  package let unit: String?
}

extension Margin {
  /// `5, fires above 3: 2 over`; `verb` is what happens when it holds.
  package func text(_ verb: String = "fires") -> String {
    "\(value), \(verb) \(side) \(threshold): \(gap)" + (unit.map { " (\($0))" } ?? "")
  }

  /// `2 over`, `1h short`.
  private var gap: String {
    switch sign {
    case 0: "exactly at it"
    case 1: distance + " over"
    default: distance + (side == "above" || side == "from" ? " short" : " under")
    }
  }
}

extension Margin {
  /// The margin of `value <comparison> threshold`; nil where the values have no distance.
  init?(_ value: Value, _ comparison: CEL.Comparison, _ threshold: Value, unit: String? = nil) {
    guard let (gap, size) = Self.gap(value, threshold), gap.magnitude.isFinite, let sign = Self.sign(gap)
    else {
      return nil
    }
    self.value = ValueWords.text(value)
    self.threshold = ValueWords.text(threshold)
    self.unit = unit
    self.sign = sign
    distance = Self.distance(value, threshold, gap.magnitude)
    relative = sign == 0 ? 0 : size > 0 ? gap.magnitude / size : gap.magnitude
    switch comparison {
    case .greater: (side, holds) = ("above", sign > 0)
    case .greaterOrEqual: (side, holds) = ("from", sign >= 0)
    case .less: (side, holds) = ("below", sign < 0)
    case .lessOrEqual: (side, holds) = ("up to", sign <= 0)
    case .equal: (side, holds) = ("at", sign == 0)
    case .notEqual: (side, holds) = ("off", sign != 0)
    }
  }

  private static func sign(_ gap: Double) -> Int? { gap.isNaN ? nil : gap > 0 ? 1 : gap < 0 ? -1 : 0 }

  /// What is between the two values, and the size to measure it by; in seconds for spans and moments.
  private static func gap(_ value: Value, _ threshold: Value) -> (gap: Double, size: Double)? {
    switch (value, threshold) {
    case (.duration(let value), .duration(let threshold)):
      ((value / .seconds(1)) - (threshold / .seconds(1)), abs(threshold / .seconds(1)))
    case (.timestamp(let value), .timestamp(let threshold)):
      // Moments have no size of their own: a day is far.
      (seconds(value) - seconds(threshold), 86_400)
    default:
      if let value = value.number, let threshold = threshold.number {
        (value - threshold, abs(threshold))
      } else {
        nil
      }
    }
  }

  private static func seconds(_ timestamp: Timestamp) -> Double {
    Double(timestamp.seconds) + Double(timestamp.nanoseconds) / 1e9
  }

  /// Exact for integers, spans and moments; doubles to the digits that both have.
  private static func distance(_ value: Value, _ threshold: Value, _ gap: Double) -> String {
    switch (value, threshold) {
    case (.int(let value), .int(let threshold)):
      return String(Int128(value) - Int128(threshold)).replacingMinus
    case (.uint(let value), .uint(let threshold)):
      return String(Int128(value) - Int128(threshold)).replacingMinus
    case (.duration(let value), .duration(let threshold)):
      let gap = value - threshold
      return ValueWords.text(gap < .zero ? .zero - gap : gap)
    case (.timestamp(let value), .timestamp(let threshold)):
      let gap =
        Duration.seconds(value.seconds - threshold.seconds)
        + .nanoseconds(Int64(value.nanoseconds - threshold.nanoseconds))
      return ValueWords.text(gap < .zero ? .zero - gap : gap)
    default: return rounded(gap)
    }
  }

  /// As many digits as a `Float` has: the rest is what binary fractions leave over.
  private static func rounded(_ number: Double) -> String {
    let short = Float(number)
    guard short.isFinite, short > 0 else { return number.description }
    return Int64(exactly: short).map { String($0) } ?? short.description
  }
}

extension String {
  fileprivate var replacingMinus: String { hasPrefix("-") ? String(dropFirst()) : self }
}
