internal import Assay

extension MutantReport {
  /// The survivors with what each test lacks, and the counts.
  package func text(color: Bool = false) -> String {
    let paint = Paint(color: color)
    var text = survivors.map { $0.text(paint) + "\n" }.joined()
    let share =
      "\(noticed) of \(tried) \(tried == 1 ? "mutant is" : "mutants are") noticed by a test (\(shownPercent) %)"
    text += paint(share, survivors.isEmpty ? .good : .caution) + "\n"
    for kind in Mutant.Kind.allCases {
      guard let count = kinds[kind] else { continue }
      text += "  \(kind.rawValue.padded(to: 10)) \(count.noticed) of \(count.tried)\n"
    }
    if leftOut > 0 { text += "\(leftOut) more \(leftOut == 1 ? "was" : "were") not tried\n" }
    return text
  }

  /// The report as one JSON object.
  package func json() -> String {
    func number(_ value: Int) -> JSONValue { .number(String(value)) }
    let byKind = Mutant.Kind.allCases.compactMap { kind in
      kinds[kind].map { count in
        JSONValue.Member(
          kind.rawValue,
          .object([.init("tried", number(count.tried)), .init("noticed", number(count.noticed))]))
      }
    }
    return JSONValue.object([
      .init("tried", number(tried)), .init("noticed", number(noticed)),
      .init("percent", .number(shownPercent)), .init("left_out", number(leftOut)),
      .init("kinds", .object(byKind)), .init("survivors", .array(survivors.map(\.json))),
    ]).encoded() + "\n"
  }

  /// With one decimal place, rounded down: 100 is only what has no survivor.
  package var shownPercent: String {
    let tenths = tried == 0 ? 1_000 : noticed * 1_000 / tried
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}

extension MutantReport.Survivor {
  fileprivate func text(_ paint: Paint) -> String {
    let change =
      became.isEmpty
      ? "`\(VisibleLine.of(was))` left out" : "`\(VisibleLine.of(was))` became `\(VisibleLine.of(became))`"
    return paint("unnoticed", .caution) + ": \(owner), \(change)\n  --> \(file):\(line):\(column)\n"
      + "  add: \(VisibleLine.of(missing))\n"
  }

  fileprivate var json: JSONValue {
    .object([
      .init("file", .string(file)), .init("line", .number(String(line))),
      .init("column", .number(String(column))), .init(isFeature ? "feature" : "rule", .string(owner)),
      .init("kind", .string(kind.rawValue)), .init("was", .string(was)),
      .init("became", became.isEmpty ? .null : .string(became)), .init("add", .string(missing)),
    ])
  }
}
