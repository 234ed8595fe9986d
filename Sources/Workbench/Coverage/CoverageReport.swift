internal import Assay

/// Which answers of which conditions the events of the authors' tests have brought about.
package struct CoverageReport: Sendable {
  /// The rules that are not off, in the rule set's order.
  package let rules: [RuleCoverage]

  /// The conditions of one rule.
  package struct RuleCoverage: Sendable {
    package let rule: String
    /// Relative to the rule set's folder.
    package let file: String
    package let line: Int
    /// Events of the tests that the rule looks at.
    package let events: Int
    /// In the order of the source.
    package let conditions: [Condition]
  }

  /// One test of a rule's condition: what has no truth values below it, or a macro over a list.
  package struct Condition: Sendable {
    /// On one line.
    package let text: String
    package let line: Int
    package let column: Int
    /// How many events gave each answer.
    package let passed: Int
    package let failed: Int
    package let unknown: Int
    /// Whether there can be events without an answer: it reads what an event may leave out.
    package let canBeUnknown: Bool

    /// The answers that no event gave.
    package var missing: [Side] {
      [
        passed == 0 ? Side.pass : nil, failed == 0 ? .fail : nil,
        unknown == 0 && canBeUnknown ? .unknown : nil,
      ]
      .compactMap(\.self)
    }

    /// How many different answers there can be.
    package var sideCount: Int { canBeUnknown ? 3 : 2 }
  }

  /// An answer of a condition.
  package enum Side: String, Sendable, CaseIterable {
    case pass = "true"
    case fail = "false"
    case unknown
  }

  /// The answers that there can be, of all conditions, and how many of them some event gave.
  package var sides: (exercised: Int, all: Int) {
    let conditions = rules.flatMap(\.conditions)
    let all = conditions.reduce(0) { $0 + $1.sideCount }
    return (all - conditions.reduce(0) { $0 + $1.missing.count }, all)
  }
}

extension CoverageReport {
  /// The conditions with an answer that no test exercises, and the counts.
  package func text(color: Bool = false) -> String {
    let paint = Paint(color: color)
    var text = ""
    for rule in rules {
      if rule.events == 0 {
        text += "\(paint("never asked", .caution)): \(rule.rule), no test has an event that it looks at\n"
        text += "  --> \(rule.file):\(rule.line)\n"
        continue
      }
      for condition in rule.conditions where !condition.missing.isEmpty {
        let sides = condition.missing.map(\.rawValue).joined(separator: " or ")
        text += "\(paint("never \(sides)", .caution)): \(rule.rule), `\(VisibleLine.of(condition.text))`\n"
        text += "  --> \(rule.file):\(condition.line):\(condition.column)\n"
      }
    }
    let (exercised, all) = sides
    let count = rules.reduce(0) { $0 + $1.conditions.count }
    let share = "\(exercised) of \(all) answers of \(count) conditions are exercised by a test"
    return (text.isEmpty ? "" : text + "\n") + paint(share, exercised == all ? .good : .caution) + "\n"
  }

  /// The report as one JSON value.
  var json: JSONValue {
    let (exercised, all) = sides
    return .object([
      .init("answers", .number(String(all))), .init("exercised", .number(String(exercised))),
      .init("rules", .array(rules.map(\.json))),
    ])
  }
}

extension CoverageReport.RuleCoverage {
  fileprivate var json: JSONValue {
    .object([
      .init("rule", .string(rule)), .init("file", .string(file)), .init("line", .number(String(line))),
      .init("events", .number(String(events))), .init("conditions", .array(conditions.map(\.json))),
    ])
  }
}

extension CoverageReport.Condition {
  fileprivate var json: JSONValue {
    .object([
      .init("source", .string(text)), .init("line", .number(String(line))),
      .init("column", .number(String(column))), .init("true", .number(String(passed))),
      .init("false", .number(String(failed))),
      .init("unknown", canBeUnknown ? .number(String(unknown)) : .null),
    ])
  }
}
