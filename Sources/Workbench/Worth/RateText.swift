extension Rate {
  /// `91.2 %`, `–` where there are no events.
  var text: String { value.map(Self.percent) ?? Self.none }

  /// `91.2 % (88.9–93.0)`: the share and between which ones it lies with 95 % confidence.
  var textWithInterval: String {
    guard let interval else { return Self.none }
    return "\(text) (\(Self.tenths(interval.lowerBound))–\(Self.tenths(interval.upperBound)))"
  }

  /// What stands where nothing can be divided.
  static let none = "–"

  private static func percent(_ share: Double) -> String { tenths(share) + " %" }

  /// Of a share, in percent to one place.
  static func tenths(_ share: Double) -> String {
    let tenths = Int((share * 1_000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// The share with its interval; null where there are no events.
  var json: JSONValue {
    guard let value, let interval else { return .null }
    return .object([
      .init("value", .share(value)), .init("low", .share(interval.lowerBound)),
      .init("high", .share(interval.upperBound)),
    ])
  }
}

extension JSONValue {
  /// A number of at least 0 to six places, the same text on every machine; null for nil.
  static func share(_ value: Double?) -> JSONValue {
    guard let value else { return .null }
    let millionths = String(Int((value * 1_000_000).rounded()))
    let padded = String(repeating: "0", count: max(0, 7 - millionths.count)) + millionths
    var text = padded.dropLast(6) + "." + padded.suffix(6)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return .number(String(text))
  }

  /// A whole number.
  static func count(_ value: Int) -> JSONValue { .number(String(value)) }
}

/// Three decimal places of a figure between 0 and 1.
func thousandths(_ value: Double?) -> String {
  guard let value else { return Rate.none }
  let digits = String(Int((value * 1_000).rounded()))
  let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  return padded.dropLast(3) + "." + padded.suffix(3)
}
