import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// The loader says which keys it knows when it meets one that it does not: the schemas have exactly those.
struct SchemaKeyTests {
  /// A mapping of rule files: what the loader calls it, where it is in a schema, and files in which it has a key that
  /// nobody knows. Several where the keys depend on others.
  struct Mapping: CustomStringConvertible, Sendable {
    let name: String
    let schema: RuleFileSchema
    /// The keys of objects and indices of lists that lead to its `properties`.
    let path: String
    let files: [[String: String]]
    var description: String { name }

    init(_ name: String, _ schema: RuleFileSchema, _ path: String, _ file: String, _ texts: [String]) {
      (self.name, self.schema, self.path) = (name, schema, path)
      files = texts.map { [file: $0] }
    }
  }

  static let mappings: [Mapping] = [
    Mapping("`ruleset.yaml`", .ruleset, "", "ruleset.yaml", ["zzzzzzzz: 1\n"]),
    Mapping("`decision`", .ruleset, "properties/decision", "ruleset.yaml", ["decision: {zzzzzzzz: 1}\n"]),
    Mapping("`breaker`", .ruleset, "properties/breaker", "ruleset.yaml", ["breaker: {zzzzzzzz: 1}\n"]),
    Mapping("`schema.yaml`", .schema, "", "schema.yaml", ["zzzzzzzz: 1\n"]),
    Mapping("`event`", .schema, "properties/event", "schema.yaml", ["event: {zzzzzzzz: 1}\n"]),
    Mapping(
      "`type`", .schema, "properties/event/properties/type/anyOf/1", "schema.yaml",
      ["event: {type: {zzzzzzzz: 1}}\n"]),
    Mapping(
      "`time`", .schema, "properties/event/properties/time/anyOf/1", "schema.yaml",
      ["event: {time: {zzzzzzzz: 1}}\n"]),
    Mapping(
      "a field", .schema, "properties/fields/additionalProperties", "schema.yaml",
      ["string", "int", "double", "timestamp", "money", "list", "ip", "bool"].map {
        "fields:\n  a: {type: \($0), zzzzzzzz: 1}\n"
      } + ["fields:\n  a: {enum: [A], zzzzzzzz: 1}\n"]),
    Mapping(
      "`of`", .schema, "properties/fields/additionalProperties/properties/of/anyOf/1", "schema.yaml",
      ["fields:\n  a: {type: list, of: {zzzzzzzz: 1}}\n"]),
    Mapping("`features.yaml`", .features, "", "features.yaml", ["zzzzzzzz: 1\n"]),
    Mapping(
      "a feature", .features, "properties/features/anyOf/1/additionalProperties", "features.yaml",
      ["count: any", "sum: a", "last: a"].map { "features:\n  a: {\($0), over: 1h, zzzzzzzz: 1}\n" }),
    Mapping("`lists.yaml`", .lists, "", "lists.yaml", ["zzzzzzzz: 1\n"]),
    Mapping(
      "a list", .lists, "properties/lists/anyOf/1/additionalProperties/anyOf/1", "lists.yaml",
      ["lists:\n  a: {zzzzzzzz: 1}\n"]),
    Mapping("a file of rules", .rules, "", "rules/rules.yaml", ["zzzzzzzz: 1\n"]),
    Mapping("a rule", .rules, "properties/rules/items", "rules/rules.yaml", ["rules: [{zzzzzzzz: 1}]\n"]),
    Mapping(
      "`sample`", .rules, "properties/rules/items/properties/sample", "rules/rules.yaml",
      ["rules: [{sample: {zzzzzzzz: 1}}]\n"]),
    Mapping(
      "a suppression", .rules, "properties/rules/items/properties/suppress/items", "rules/rules.yaml",
      ["rules: [{suppress: [{zzzzzzzz: 1}]}]\n"]),
    Mapping("a file of tests", .tests, "", "tests/tests.yaml", ["zzzzzzzz: 1\n"]),
    Mapping("a test", .tests, "properties/tests/items", "tests/tests.yaml", ["tests: [{zzzzzzzz: 1}]\n"]),
    Mapping(
      "an event", .tests, "properties/tests/items/properties/events/items", "tests/tests.yaml",
      ["tests: [{events: [{zzzzzzzz: 1}]}]\n"]),
    Mapping(
      "`expect`", .tests, "properties/tests/items/properties/events/items/properties/expect",
      "tests/tests.yaml", ["tests: [{events: [{expect: {zzzzzzzz: 1}}]}]\n"]),
    Mapping(
      "a file of streams", .streams, "", "tests/streams.yaml", ["zzzzzzzz: 1\n"]),
    Mapping(
      "a count", .streams, "properties/rules/additionalProperties/anyOf/1", "tests/streams.yaml",
      ["rules: {payout-burst: {zzzzzzzz: 1}}\n"]),
  ]

  @Test(arguments: mappings) func theSchemaHasTheLoadersKeys(_ mapping: Mapping) throws {
    var known: Set<String> = []
    for files in mapping.files {
      let loaded = RuleSetLoader.load(
        folder: DiagnosticCase.rest, replacing: files.mapValues { Array($0.utf8) })
      let hint = try #require(
        loaded.diagnostics.first { $0.message == "\(mapping.name) has no key `zzzzzzzz`" }?.hint,
        "\(loaded.rendered())")
      let start = try #require(hint.range(of: " are ")?.upperBound)
      known.formUnion(hint[start...].matches(of: /`([^`]+)`/).map { String($0.1) })
    }
    var node = try JSONValue(parsing: mapping.schema.text)
    for step in mapping.path.split(separator: "/").map(String.init) {
      node = try #require(
        Int(step).flatMap { index in node.array.map { $0[index] } } ?? node[step], "\(step)")
    }
    guard case .object(let members)? = node["properties"] else {
      Issue.record("no properties at \(mapping.path)")
      return
    }
    #expect(known.subtracting(members.map(\.key)).sorted() == [], "not in the schema")
    #expect(Set(members.map(\.key)).subtracting(known).sorted() == [], "not known to the loader")
    #expect(node["additionalProperties"] == .bool(false))
    // Hover help: no key without a text.
    for member in members { #expect(member.value["description"] != nil, "\(mapping.name): \(member.key)") }
  }

  /// A new kind of mapping in the loader needs a line above.
  @Test func everyMappingOfTheLoaderIsLookedAt() throws {
    let folder = SharedData.projectRoot.appending(path: "Sources/RuleSets/Load")
    var named: Set<String> = ["`features.yaml`", "`lists.yaml`"]
    for case let path as String in FileManager.default.enumerator(atPath: folder.path) ?? .init() {
      let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      named.formUnion(text.matches(of: /MappingReader\(\s*\w+,\s*"([^"]+)"/).map { String($0.1) })
    }
    #expect(named.subtracting(Self.mappings.map(\.name)).sorted() == [])
    #expect(Set(Self.mappings.map(\.name)).subtracting(named).sorted() == [])
  }
}
