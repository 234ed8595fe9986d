internal import CEL

/// Moments as vendors write them, checked for what they can be.
struct VendorTime {
  /// What a number of an interface counts.
  enum Unit: String, Sendable, CaseIterable {
    case milliseconds = "ms"
    case seconds = "s"

    var millisecondCount: Int64 { self == .seconds ? 1_000 : 1 }
    var word: String { self == .seconds ? "seconds" : "milliseconds" }
  }

  let milliseconds: Int64

  /// Reads a number of `unit` since 1970; `setting` is what says that it is this unit, where it could be another.
  init(
    _ text: String, _ parameter: String, in unit: Unit, arrival: Timestamp, setting: String? = nil
  ) throws(IngestRefusal) {
    guard let number = WholeNumber.read(text), number >= 0 else {
      throw .badValue(parameter, "a number of \(unit.word) since 1970")
    }
    guard let milliseconds = Self.plausible(number, unit.millisecondCount, 1, arrival) else {
      throw Self.implausible(number, parameter, unit, arrival, setting)
    }
    self.milliseconds = milliseconds
  }

  /// Reads `YYYYMMDDHHMM` in UTC.
  init(minutes text: String, _ parameter: String, arrival: Timestamp) throws(IngestRefusal) {
    let digits = Array(text.utf8)
    guard digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), digits.count == 12,
      let moment = Self.moment(text), let whole = Timestamp(rfc3339: moment)
    else {
      if let number = WholeNumber.read(text), let unit = Self.unitThatFits(number, arrival) {
        throw IngestRefusal(
          .timeUnit, parameter, "`\(parameter)` counts \(unit) since 1970; the interface says YYYYMMDDHHMM",
          hint: "hand the parameter over as it came")
      }
      throw .badValue(parameter, "a moment as YYYYMMDDHHMM in UTC")
    }
    guard let milliseconds = Self.plausible(whole.milliseconds, 1, 1, arrival) else {
      throw Self.outOfRange(parameter, arrival)
    }
    self.milliseconds = milliseconds
  }

  /// Sees that a moment that is written out can be one.
  static func expectPlausible(
    _ moment: Timestamp, _ parameter: String, arrival: Timestamp
  ) throws(IngestRefusal) {
    if plausible(moment.milliseconds, 1, 1, arrival) == nil { throw outOfRange(parameter, arrival) }
  }

  private static func moment(_ text: String) -> String? {
    let parts = [(0, 4), (4, 2), (6, 2), (8, 2), (10, 2)].map { text.dropFirst($0.0).prefix($0.1) }
    return "\(parts[0])-\(parts[1])-\(parts[2])T\(parts[3]):\(parts[4]):00Z"
  }

  /// The moment in milliseconds, if it can be one.
  private static func plausible(
    _ number: Int64, _ factor: Int64, _ divisor: Int64, _ arrival: Timestamp
  ) -> Int64? {
    let (product, overflows) = (number / divisor).multipliedReportingOverflow(by: factor)
    guard !overflows, product >= IngestLimits.timeMillisecondsMin,
      product <= arrival.milliseconds + IngestLimits.futureMillisecondsMax
    else { return nil }
    return product
  }

  /// In which unit the number would be a moment.
  private static func unitThatFits(_ number: Int64, _ arrival: Timestamp) -> String? {
    let units: [(String, Int64, Int64)] = [
      ("seconds", 1_000, 1), ("milliseconds", 1, 1), ("minutes", 60_000, 1), ("microseconds", 1, 1_000),
      ("nanoseconds", 1, 1_000_000),
    ]
    return units.first { plausible(number, $0.1, $0.2, arrival) != nil }?.0
  }

  private static func implausible(
    _ number: Int64, _ parameter: String, _ unit: Unit, _ arrival: Timestamp, _ setting: String?
  ) -> IngestRefusal {
    guard let other = unitThatFits(number, arrival) else { return outOfRange(parameter, arrival) }
    let right = Unit.allCases.first { $0.word == other }
    let hint =
      if let setting, let right {
        "if the vendor counts \(other), say so in the configuration: `\(setting)` is `\"\(right.rawValue)\"`"
      } else {
        "hand the parameter over as it came"
      }
    return IngestRefusal(
      .timeUnit, parameter, "`\(parameter)` is \(number): that counts \(other), not \(unit.word)",
      hint: hint)
  }

  private static func outOfRange(_ parameter: String, _ arrival: Timestamp) -> IngestRefusal {
    IngestRefusal(
      .badTime, parameter,
      "`\(parameter)` is no moment between 2010 and a day after the arrival at \(arrival.rfc3339())",
      hint: "see that the clock is right, and that the arrival is the callback's own")
  }
}
