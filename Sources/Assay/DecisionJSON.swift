import CEL
import RuleSets

extension Decision {
  /// The decision as one JSON object without a line break, the same bytes in every process.
  public var json: [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(512)
    write(to: &output)
    return output
  }

  /// Appends the decision as one JSON object. Members always stand in the same order; `breaker`, `recomputed`,
  /// `late`, `dry_run`, `saturated`, `warming`, `approximate` and `unlisted` are there only when they say something.
  public func write(to output: inout [UInt8]) {
    output.append(json: "{\"event\":")
    output.append(jsonString: event)
    output.append(json: outcome.member)
    output.append(jsonInteger: Int64(score))
    if isBare && breaker == nil && degraded == nil && !(repeated || recomputed || late || dryRun) {
      return output.append(contentsOf: ruleSet.plainEnd)
    }
    output.append(json: ",\"reasons\":")
    output.append(jsonList: reasons) { $1.write(to: &$0) }
    output.append(json: ",\"shadow\":")
    output.append(jsonList: shadow) { $1.write(to: &$0) }
    output.append(json: ",\"not_evaluated\":")
    output.append(jsonList: notEvaluated) { $1.write(to: &$0) }
    writeFeatures(to: &output)
    output.append(json: ",\"ruleset\":")
    output.append(contentsOf: ruleSet.json)
    breaker?.write(to: &output)
    output.append(json: ",\"degraded\":")
    output.append(jsonBool: degraded != nil)
    if let degraded {
      output.append(json: ",\"why\":")
      output.append(jsonString: degraded)
    }
    output.append(json: ",\"repeated\":")
    output.append(jsonBool: repeated)
    if recomputed { output.append(json: ",\"recomputed\":true") }
    if late { output.append(json: ",\"late\":true") }
    if dryRun { output.append(json: ",\"dry_run\":true") }
    output.append(UInt8(ascii: "}"))
  }

  private func writeFeatures(to output: inout [UInt8]) {
    output.append(json: ",\"features\":{")
    var first = true
    for feature in features {
      if !first { output.append(UInt8(ascii: ",")) }
      first = false
      output.append(jsonString: feature.name)
      output.append(UInt8(ascii: ":"))
      feature.value.write(to: &output)
    }
    output.append(UInt8(ascii: "}"))
    writeNames(",\"saturated\":", saturated, to: &output)
    writeNames(",\"warming\":", warming, to: &output)
    writeNames(",\"approximate\":", approximate, to: &output)
    writeNames(",\"unlisted\":", unlisted, to: &output)
  }

  private func writeNames(_ member: StaticString, _ names: [String], to output: inout [UInt8]) {
    guard !names.isEmpty else { return }
    output.append(json: member)
    output.append(jsonList: names) { $0.append(jsonString: $1) }
  }
}

extension Outcome {
  /// What stands between an event's id and its score.
  fileprivate var member: StaticString {
    switch self {
    case .allow: ",\"outcome\":\"allow\",\"score\":"
    case .review: ",\"outcome\":\"review\",\"score\":"
    case .block: ",\"outcome\":\"block\",\"score\":"
    }
  }
}

extension Decision.BreakerChange {
  fileprivate func write(to output: inout [UInt8]) {
    output.append(json: ",\"breaker\":{\"instead_of\":")
    output.append(jsonString: insteadOf.rawValue)
    output.append(json: ",\"blocks\":")
    output.append(jsonInteger: Int64(blocks))
    output.append(json: ",\"decisions\":")
    output.append(jsonInteger: Int64(decisions))
    output.append(UInt8(ascii: "}"))
  }
}

extension Decision.Reason {
  fileprivate func write(to output: inout [UInt8]) {
    output.append(json: "{\"rule\":")
    output.append(jsonString: rule)
    output.append(score: score, decide: decide)
    output.append(json: ",\"text\":")
    output.append(jsonString: text)
    output.append(UInt8(ascii: "}"))
  }
}

extension Decision.ShadowHit {
  fileprivate func write(to output: inout [UInt8]) {
    output.append(json: "{\"rule\":")
    output.append(jsonString: rule)
    output.append(score: score, decide: decide)
    output.append(UInt8(ascii: "}"))
  }
}

extension Decision.NotEvaluated {
  fileprivate func write(to output: inout [UInt8]) {
    output.append(json: "{\"rule\":")
    output.append(jsonString: rule)
    output.append(json: ",\"why\":\"")
    output.append(contentsOf: cause.rawValue.utf8)
    output.append(UInt8(ascii: "\""))
    if let field {
      output.append(json: ",\"field\":")
      output.append(jsonString: field)
    }
    if let detail {
      output.append(json: ",\"detail\":")
      output.append(jsonString: detail)
    }
    if let floor {
      output.append(json: ",\"then\":")
      output.append(jsonString: floor.rawValue)
    }
    output.append(UInt8(ascii: "}"))
  }
}

extension Decision.FeatureValue.Value {
  /// For machines: durations are seconds with a unit (`5400s`, `1.5s`), timestamps RFC 3339.
  func write(to output: inout [UInt8]) {
    switch self {
    case .missing: output.append(json: "null")
    case .bool(let value): output.append(jsonBool: value)
    case .int(let value): output.append(jsonInteger: value)
    case .double(let value): output.append(jsonDouble: value)
    case .duration(let value): output.append(jsonString: Self.seconds(value))
    case .text, .timestamp, .masked: output.append(jsonString: text)
    }
  }

  /// The value as a reason's text shows it.
  var text: String {
    switch self {
    case .missing: "unknown"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .double(let value): Self.short(value)
    case .text(let value): value
    case .timestamp(let value): Timestamp(milliseconds: value)?.rfc3339() ?? "out of range"
    case .duration(let value): DurationLiteral.shown(value)
    case .masked: "***"
    }
  }

  /// For readers: at most four decimals, and none that are zero; what is very small or large in full.
  private static func short(_ value: Double) -> String {
    guard value.magnitude >= 0.001 || value == 0, value.magnitude < 1e12 else { return value.description }
    let units = Int64((value * 10_000).rounded())
    let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: 10_000)
    return (units < 0 ? "-" : "") + String(whole) + decimals(rest, places: 4)
  }

  /// `.0050` is `.005`, and `.0000` nothing.
  private static func decimals(_ units: UInt64, places: Int) -> String {
    guard units > 0 else { return "" }
    let digits = String(units)
    var text = "." + String(repeating: "0", count: places - digits.utf8.count) + digits
    while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
    return text
  }

  /// `1500` milliseconds are `1.5s`.
  private static func seconds(_ milliseconds: Int64) -> String {
    let (whole, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1_000)
    return (milliseconds < 0 ? "-" : "") + String(whole) + decimals(rest, places: 3) + "s"
  }
}

extension [UInt8] {
  mutating func append(jsonBool value: Bool) { append(json: value ? "true" : "false") }

  mutating func append<Item>(
    jsonList items: [Item], _ write: (inout [UInt8], Item) -> Void
  ) {
    append(UInt8(ascii: "["))
    for index in items.indices {
      if index > 0 { append(UInt8(ascii: ",")) }
      write(&self, items[index])
    }
    append(UInt8(ascii: "]"))
  }

  fileprivate mutating func append(score: Int, decide: Outcome?) {
    if score > 0 {
      append(json: ",\"score\":")
      append(jsonInteger: Int64(score))
    }
    if let decide {
      append(json: ",\"decide\":")
      append(jsonString: decide.rawValue)
    }
  }
}
