internal import CEL

/// The values of one comparison as whole numbers in the same order, so that they sort and compare cheaply and exactly.
enum TuneScale: Sendable {
  /// Integers as they are.
  case whole
  /// Doubles by the order of their bits.
  case real
  /// Durations in microseconds.
  case time

  /// The scale on which a value stands; nil for what has no neighbours.
  init?(of value: Value) {
    switch value {
    case .int, .uint: self = .whole
    case .double: self = .real
    case .duration: self = .time
    default: return nil
    }
  }

  /// The place of a value; nil where it does not stand on this scale, as NaN stands on none.
  func key(_ value: Value) -> Int64? {
    switch (self, value) {
    case (.whole, .int(let number)): number
    case (.whole, .uint(let number)): Int64(exactly: number)
    case (.real, .double(let number)): Self.key(number)
    case (.real, .int(let number)): Double(exactly: number).flatMap(Self.key)
    case (.time, .duration(let duration)): Self.key(duration)
    default: nil
    }
  }

  /// The place of the constant of a comparison: one between two integers takes the side that compares the same.
  func key(ofConstant value: Value, _ order: ThresholdComparison.Order) -> Int64? {
    guard case .whole = self, case .double(let number) = value else { return key(value) }
    switch order {
    case .greater, .lessOrEqual: return Int64(exactly: number.rounded(.down))
    case .greaterOrEqual, .less: return Int64(exactly: number.rounded(.up))
    }
  }

  /// The value at a place, as an author writes it.
  func text(_ key: Int64) -> String {
    switch self {
    case .whole: String(key)
    case .real: "\(Self.double(key))"
    case .time: "duration(\"\(Self.durationText(key))\")"
    }
  }

  /// The place next to another one, where that is a value that an author would write; 1 or -1.
  func neighbour(of key: Int64, _ step: Int64) -> Int64? {
    guard case .whole = self else { return nil }
    let (sum, overflows) = key.addingReportingOverflow(step)
    return overflows ? nil : sum
  }

  static func key(_ number: Double) -> Int64? {
    if number.isNaN { return nil }
    let bits = Int64(bitPattern: number.bitPattern)
    // Negative doubles grow as their bits shrink; both zeros come to 0.
    return bits >= 0 ? bits : .min &- bits
  }

  static func double(_ key: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: key >= 0 ? key : .min &- key))
  }

  private static func key(_ duration: Duration) -> Int64? {
    let (seconds, attoseconds) = duration.components
    guard attoseconds % 1_000_000_000_000 == 0 else { return nil }
    let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let (sum, overflowsToo) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
    return overflows || overflowsToo ? nil : sum
  }

  private static func durationText(_ microseconds: Int64) -> String {
    let units: [(name: String, size: Int64)] = [
      ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000),
    ]
    let unit = units.first { microseconds % $0.size == 0 && microseconds != 0 } ?? ("s", 1_000_000)
    return microseconds % unit.size == 0 ? "\(microseconds / unit.size)\(unit.name)" : "\(microseconds)us"
  }
}
