/// How many events were worked on in how much time.
struct Pace {
  let count: Int
  /// Nil where it is not to be told.
  let elapsed: Duration?

  /// `2000 in 0.25 s, 8000 events/s`.
  var text: String {
    guard let elapsed else { return String(count) }
    let hundredths = Int((Self.seconds(elapsed) * 100).rounded())
    let seconds = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    return "\(count) in \(seconds) s, \(rate) events/s"
  }

  /// The same as members of a JSON object.
  var members: [JSONValue.Member] {
    guard let elapsed else { return [] }
    return [
      .init("seconds", .number(String(Self.seconds(elapsed)))),
      .init("events_per_second", .number(String(rate))),
    ]
  }

  private var rate: Int {
    let seconds = elapsed.map(Self.seconds) ?? 0
    return seconds > 0 ? Int((Double(count) / seconds).rounded()) : 0
  }

  private static func seconds(_ elapsed: Duration) -> Double { elapsed / .seconds(1) }
}
