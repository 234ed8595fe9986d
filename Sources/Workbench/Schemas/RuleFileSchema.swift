/// The kinds of YAML files that a rule set has, each with a JSON Schema for editors.
///
/// A schema says what can be said about one file by itself: keys, forms of values, what stands together. What needs the
/// other files, such as whether a field exists, is for `assay check`.
package enum RuleFileSchema: String, CaseIterable, Sendable {
  case ruleset, schema, features, rules, lists, tests, streams

  /// Which files of a rule set it is about.
  package var files: String {
    switch self {
    case .ruleset, .schema, .features, .lists: "\(rawValue).yaml"
    case .rules, .tests: "\(rawValue)/*.yaml"
    case .streams: "tests/\(rawValue).yaml"
    }
  }

  /// What the file is called when the schemas are written into a folder.
  package var fileName: String { "\(rawValue).json" }

  /// The schema as JSON, laid out for reading.
  package var text: String { root.json.indented() + "\n" }

  /// The order in which an author says things; of keys in one group the author's own.
  static func keyOrder(of mapping: OrderedMapping) -> [[String]] {
    switch mapping {
    case .rule: return rule.map { [$0.name] }
    case .test:
      // Some say what is expected before the events, some behind them.
      let head = ["name", "rule", "fires"]
      return head.map { [$0] } + [test.map(\.name).filter { !head.contains($0) }]
    case .event: return event.map { [$0.name] }
    case .feature:
      // What counts, whose, and how far back reads well in several orders.
      let window = ["by", "over", "last", "delay", "where"]
      let names = feature.map(\.name)
      let before = names.prefix { !window.contains($0) }
      return before.map { [$0] } + [window]
        + names.dropFirst(before.count).filter { !window.contains($0) }.map { [$0] }
    }
  }

  /// Mappings that are written many times over.
  enum OrderedMapping { case rule, feature, test, event }

  /// How the title of each schema begins.
  static let titlePrefix = "assay: "

  private var root: JSONSchema {
    let body: JSONSchema
    switch self {
    case .ruleset: body = Self.header
    case .schema: body = Self.eventSchema
    case .features: body = Self.featureFile
    case .rules: body = Self.ruleFile
    case .lists: body = Self.listFile
    case .tests: body = Self.testFile
    case .streams: body = Self.streamFile
    }
    return JSONSchema(
      [
        .init("$schema", .string("http://json-schema.org/draft-07/schema#")),
        .init("title", .string(Self.titlePrefix + files)),
      ] + body.members)
  }
}
