extension Duration {
  /// Reads a sequence of decimal numbers with units, such as `1h30m`, `-1.5h`, `100s` or `250ms`; `0` needs no unit.
  ///
  /// The units are `h`, `m`, `s`, `ms`, `us` (also `µs`) and `ns`. Returns nil for anything else and beyond
  /// ±315,576,000,000 s; parts smaller than a nanosecond are dropped.
  public init?(cel text: String) {
    let bytes = Array(text.utf8)
    var position = 0
    var isNegative = false
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      position = 1
    }
    guard position < bytes.count else { return nil }
    if bytes.count == position + 1, bytes[position] == UInt8(ascii: "0") {
      self = .zero
      return
    }
    var total: Int128 = 0
    while position < bytes.count {
      guard let part = DurationText.part(bytes, at: &position) else { return nil }
      total += part
      guard total <= DurationText.nanosecondsMax else { return nil }
    }
    self.init(nanoseconds: isNegative ? -total : total)
  }

  /// Seconds with the shortest fraction that loses nothing: `5400s`, `-1.5s`.
  public func celText() -> String {
    let total = nanoseconds
    let (seconds, fraction) = total.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    var text = "\(total < 0 ? "-" : "")\(seconds)"
    text += FractionText.trimmed(nanoseconds: Int(fraction))
    return text + "s"
  }
}

/// A fraction of a second without trailing zeros, as the `string` function writes it.
enum FractionText {
  /// A point and up to nine digits, or nothing.
  static func trimmed(nanoseconds: Int) -> String {
    guard nanoseconds > 0 else { return "" }
    var digits: [UInt8] = [UInt8(ascii: ".")]
    TimestampText.append(nanoseconds, digits: 9, to: &digits)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return String(decoding: digits, as: UTF8.self)
  }
}

/// The pieces of a duration's text.
enum DurationText {
  static let nanosecondsMax = Int128(Duration.secondsMax) * 1_000_000_000

  /// Nanoseconds of one number with its unit; moves `position` behind them.
  static func part(_ bytes: [UInt8], at position: inout Int) -> Int128? {
    let start = position
    var whole: Int128 = 0
    while position < bytes.count, let digit = digit(bytes[position]) {
      whole = whole * 10 + digit
      guard whole <= nanosecondsMax else { return nil }
      position += 1
    }
    var digitCount = position - start
    var fraction: Int128 = 0
    var scale: Int128 = 1
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      while position < bytes.count, let digit = digit(bytes[position]) {
        // Fifteen digits tell a nanosecond within an hour; later ones change nothing.
        if scale < 1_000_000_000_000_000 {
          fraction = fraction * 10 + digit
          scale *= 10
        }
        digitCount += 1
        position += 1
      }
    }
    guard digitCount > 0, let unit = unit(bytes, at: &position) else { return nil }
    return whole * unit + fraction * unit / scale
  }

  private static func digit(_ byte: UInt8) -> Int128? {
    let value = byte &- UInt8(ascii: "0")
    return value < 10 ? Int128(value) : nil
  }

  private static func unit(_ bytes: [UInt8], at position: inout Int) -> Int128? {
    let start = position
    while position < bytes.count, digit(bytes[position]) == nil, bytes[position] != UInt8(ascii: ".") {
      position += 1
    }
    switch String(decoding: bytes[start..<position], as: UTF8.self) {
    case "h": return 3_600_000_000_000
    case "m": return 60_000_000_000
    case "s": return 1_000_000_000
    case "ms": return 1_000_000
    case "us", "\u{B5}s", "\u{3BC}s": return 1_000
    case "ns": return 1
    default: return nil
    }
  }
}
