extension Timestamp {
  /// Reads RFC 3339 text in UTF-8: `2024-05-01T10:00:00Z`, `2024-05-01t10:00:00.25+02:00`.
  ///
  /// Strict: every field has its full width, the fraction has one to nine digits, the offset is `Z` or `±hh:mm`, the
  /// day exists, and there is no leap second. Returns nil for anything else.
  public init?(rfc3339 text: Span<UInt8>) {
    guard text.count >= 20 else { return nil }
    guard
      let year = TimestampText.number(text, at: 0, digits: 4), text[4] == UInt8(ascii: "-"),
      let month = TimestampText.number(text, at: 5, digits: 2), text[7] == UInt8(ascii: "-"),
      let day = TimestampText.number(text, at: 8, digits: 2), text[10] | 0x20 == UInt8(ascii: "t"),
      let hour = TimestampText.number(text, at: 11, digits: 2), text[13] == UInt8(ascii: ":"),
      let minute = TimestampText.number(text, at: 14, digits: 2), text[16] == UInt8(ascii: ":"),
      let second = TimestampText.number(text, at: 17, digits: 2),
      hour < 24, minute < 60, second < 60,
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    var position = 19
    guard
      let nanoseconds = TimestampText.fraction(text, at: &position),
      let offset = TimestampText.offset(text, at: position)
    else { return nil }
    let local = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second
    self.init(seconds: Int64(local - offset), nanoseconds: nanoseconds)
  }

  /// Reads RFC 3339 text, as `init(rfc3339: Span<UInt8>)` does.
  public init?(rfc3339 text: String) {
    self.init(rfc3339: text.utf8Span.span)
  }

  /// The moment in UTC, with the shortest of 0, 3, 6 or 9 digits of fraction that loses nothing.
  public func rfc3339() -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(30)
    appendRFC3339(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends what `rfc3339()` returns.
  package func appendRFC3339(to bytes: inout [UInt8]) {
    let civil = CivilTime(self, offsetSeconds: 0)
    TimestampText.append(civil.date.year, digits: 4, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    TimestampText.append(civil.date.month, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    TimestampText.append(civil.date.day, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    TimestampText.append(civil.hour, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    TimestampText.append(civil.minute, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    TimestampText.append(civil.second, digits: 2, to: &bytes)
    TimestampText.appendFraction(Int(nanoseconds), to: &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }
}

extension Timestamp {
  /// Milliseconds since 1970-01-01T00:00:00Z, rounded down.
  public var milliseconds: Int64 { seconds * 1_000 + Int64(nanoseconds) / 1_000_000 }

  /// Returns nil outside the years 1 to 9999.
  public init?(milliseconds: Int64) {
    var seconds = milliseconds / 1_000
    var rest = milliseconds % 1_000
    if rest < 0 {
      rest += 1_000
      seconds -= 1
    }
    self.init(seconds: seconds, nanoseconds: Int32(rest * 1_000_000))
  }
}

/// The pieces of RFC 3339 text.
enum TimestampText {
  /// The number that `digits` decimal digits spell; the caller has checked that they are within `text`.
  @inline(__always)
  static func number(_ text: Span<UInt8>, at start: Int, digits: Int) -> Int? {
    var result = 0
    for index in start..<start + digits {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      result = result &* 10 &+ Int(digit)
    }
    return result
  }

  /// Nanoseconds of `.` and one to nine digits, 0 where there is no point; moves `position` behind them.
  @inline(__always)
  static func fraction(_ text: Span<UInt8>, at position: inout Int) -> Int32? {
    guard text[position] == UInt8(ascii: ".") else { return 0 }
    position += 1
    var nanoseconds: Int32 = 0
    var scale: Int32 = 100_000_000
    let start = position
    while position < text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      guard scale > 0 else { return nil }
      nanoseconds += Int32(digit) * scale
      scale /= 10
      position += 1
    }
    return position > start ? nanoseconds : nil
  }

  /// Seconds east of UTC of `Z` or `±hh:mm`, which must be the rest of the text.
  @inline(__always)
  static func offset(_ text: Span<UInt8>, at position: Int) -> Int? {
    let rest = text.count - position
    guard rest >= 1 else { return nil }
    let first = text[position]
    if first | 0x20 == UInt8(ascii: "z") { return rest == 1 ? 0 : nil }
    guard
      rest == 6, first == UInt8(ascii: "+") || first == UInt8(ascii: "-"),
      let hours = number(text, at: position + 1, digits: 2), text[position + 3] == UInt8(ascii: ":"),
      let minutes = number(text, at: position + 4, digits: 2), hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3_600 + minutes * 60
    return first == UInt8(ascii: "-") ? -seconds : seconds
  }

  /// Appends `number`, at least 0, with leading zeros.
  static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
    var scale = 1
    for _ in 1..<digits { scale *= 10 }
    while scale > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / scale % 10))
      scale /= 10
    }
  }

  /// Appends a point and 3, 6 or 9 digits, or nothing for 0.
  static func appendFraction(_ nanoseconds: Int, to bytes: inout [UInt8]) {
    guard nanoseconds > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    if nanoseconds % 1_000_000 == 0 {
      append(nanoseconds / 1_000_000, digits: 3, to: &bytes)
    } else if nanoseconds % 1_000 == 0 {
      append(nanoseconds / 1_000, digits: 6, to: &bytes)
    } else {
      append(nanoseconds, digits: 9, to: &bytes)
    }
  }
}
