/// One made-up event: its members, when it happened, when it arrived, and what it truly was.
struct StreamEvent {
  /// A JSON scalar, or a list of texts.
  enum Member {
    case text(String)
    case int(Int64)
    case bool(Bool)
    case texts([String])
  }

  let id: String
  let type: String
  /// Milliseconds since 1970.
  var time: Int64
  var arrival: Int64
  let user: String
  /// The kind of fraud it belongs to; nil for an honest player's event.
  let fraud: String?
  /// Dotted paths; those that share a parent stand together.
  var members: [(path: String, value: Member)]

  /// The event as one line of JSON, without the line's end.
  var line: String {
    var writer = LineWriter()
    writer.add("id", .text(id))
    writer.add("type", .text(type))
    writer.add("time", .text(rfc3339(time)))
    for member in members { writer.add(member.path, member.value) }
    return writer.finish()
  }

  /// The event's truth as one line of JSON; nil for an honest player's event.
  var label: String? {
    guard let fraud else { return nil }
    return "{\"event\":\"\(id)\",\"user\":\"\(user)\",\"fraud\":\"\(fraud)\"}"
  }
}

/// Writes dotted paths as nested objects, in the order in which they come.
///
/// Texts are written as they are: the generator makes none that would need an escape.
private struct LineWriter {
  private var text = "{"
  private var open: [Substring] = []
  private var atStart = true

  mutating func add(_ path: String, _ value: StreamEvent.Member) {
    let parts = path.split(separator: ".")
    let parents = parts.dropLast()
    var shared = 0
    while shared < open.count, shared < parents.count, open[shared] == parts[shared] { shared += 1 }
    while open.count > shared {
      open.removeLast()
      text += "}"
      atStart = false
    }
    for parent in parents.dropFirst(shared) {
      writeName(parent)
      text += "{"
      open.append(parent)
      atStart = true
    }
    writeName(parts[parts.count - 1])
    text += literal(value)
  }

  mutating func finish() -> String {
    for _ in open { text += "}" }
    return text + "}"
  }

  private mutating func writeName(_ name: Substring) {
    if !atStart { text += "," }
    atStart = false
    text += "\"\(name)\":"
  }

  private func literal(_ value: StreamEvent.Member) -> String {
    switch value {
    case .text(let text): "\"\(text)\""
    case .int(let number): String(number)
    case .bool(let flag): flag ? "true" : "false"
    case .texts(let texts): "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }
  }
}

/// RFC 3339 text in UTC, with milliseconds where there are any.
func rfc3339(_ milliseconds: Int64) -> String {
  let seconds = milliseconds / 1000
  let (year, month, day) = civilDate(days: seconds / 86_400)
  let clock = seconds % 86_400
  let fraction = milliseconds % 1000
  let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  let time = "\(padded(clock / 3600, 2)):\(padded(clock / 60 % 60, 2)):\(padded(clock % 60, 2))"
  return date + "T" + time + (fraction == 0 ? "" : "." + padded(fraction, 3)) + "Z"
}

private func padded(_ number: Int64, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// The proleptic Gregorian date of a day counted from 1970-01-01 (Hinnant, "chrono-compatible date
/// algorithms").
private func civilDate(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let shifted = days + 719_468
  let era = shifted / 146_097
  let dayOfEra = shifted % 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}
