/// What the accessors of timestamps and durations read. The raw value is the name in an expression.
enum TimePart: String, Sendable {
  case fullYear = "getFullYear"
  /// 0 to 11.
  case month = "getMonth"
  /// 0 to 365.
  case dayOfYear = "getDayOfYear"
  /// 0 to 30.
  case dayOfMonth = "getDayOfMonth"
  /// 1 to 31.
  case date = "getDate"
  /// 0, Sunday, to 6.
  case dayOfWeek = "getDayOfWeek"
  case hours = "getHours"
  case minutes = "getMinutes"
  case seconds = "getSeconds"
  case milliseconds = "getMilliseconds"

  /// Of a timestamp in UTC; of a duration the whole number of hours, minutes or seconds, and the milliseconds of its
  /// last second.
  func read(from value: Value) throws(Fault) -> Value {
    switch value {
    case .timestamp(let timestamp): return .int(read(from: timestamp, offsetSeconds: 0))
    case .duration(let duration):
      let parts = duration.components
      switch self {
      case .hours: return .int(parts.seconds / 3_600)
      case .minutes: return .int(parts.seconds / 60)
      case .seconds: return .int(parts.seconds)
      case .milliseconds: return .int(parts.attoseconds / 1_000_000_000_000_000)
      default: throw .noSuchOverload(rawValue, value)
      }
    default: throw .noSuchOverload(rawValue, value)
    }
  }

  /// Of a timestamp in a time zone.
  func read(from value: Value, in zone: Value, _ zones: (any TimeZones)?) throws(Fault) -> Value {
    guard case .timestamp(let timestamp) = value, case .string(let name) = zone else {
      throw .noSuchOverload(rawValue, value, zone)
    }
    guard let offset = TimeZoneOffset.seconds(of: name, at: timestamp, zones) else {
      throw Fault(.invalidArgument, "there is no such time zone")
    }
    return .int(read(from: timestamp, offsetSeconds: offset))
  }

  func read(from timestamp: Timestamp, offsetSeconds: Int) -> Int64 {
    let civil = CivilTime(timestamp, offsetSeconds: offsetSeconds)
    let part =
      switch self {
      case .fullYear: civil.date.year
      case .month: civil.date.month - 1
      case .dayOfYear: civil.date.dayOfYear
      case .dayOfMonth: civil.date.day - 1
      case .date: civil.date.day
      case .dayOfWeek: civil.date.dayOfWeek
      case .hours: civil.hour
      case .minutes: civil.minute
      case .seconds: civil.second
      case .milliseconds: civil.nanoseconds / 1_000_000
      }
    return Int64(part)
  }
}

/// Time zones as expressions name them.
enum TimeZoneOffset {
  /// Seconds east of UTC: of `+02:00`, `-09:30` or `02:00` at once, of names through `zones`; nil when unknown.
  static func seconds(of name: String, at timestamp: Timestamp, _ zones: (any TimeZones)?) -> Int? {
    if name == "UTC" { return 0 }
    if let fixed = fixed(name) { return fixed }
    guard name.utf8.count <= nameBytesMax, let offset = zones?.offsetSeconds(of: name, at: timestamp) else {
      return nil
    }
    return -86_400...86_400 ~= offset ? offset : nil
  }

  /// No name of a time zone is longer; an implementation may read files by that name.
  private static let nameBytesMax = 64

  private static func fixed(_ name: String) -> Int? {
    var bytes = Array(name.utf8)
    var sign = 1
    if let first = bytes.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
      sign = first == UInt8(ascii: "-") ? -1 : 1
      bytes.removeFirst()
    }
    guard
      bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
      let hours = TimestampText.number(bytes.span, at: 0, digits: 2),
      let minutes = TimestampText.number(bytes.span, at: 3, digits: 2), hours < 24, minutes < 60
    else { return nil }
    return sign * (hours * 3_600 + minutes * 60)
  }
}
