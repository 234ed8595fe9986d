import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// The schemas in the hands of a validator that others wrote, Debian's `python3-jsonschema`.
@Suite(.enabled(if: SchemaValidator.isThere, "needs python3-jsonschema"))
struct SchemaValidationTests {
  /// Whatever the repository ships loads, and its schema accepts it.
  @Test func everyRuleFileOfTheRepositoryIsAccepted() throws {
    let files =
      YAMLFiles.all(below: "Rules") + YAMLFiles.all(below: "Fixtures/commands/rules/small")
      + YAMLFiles.all(below: "Fixtures/commands/rules/wallet")
      + YAMLFiles.all(below: "Fixtures/commands/rules/failing") + (try YAMLFiles.readme())
    let instances = try files.map { file in
      SchemaValidator.Instance(
        name: file.path, schema: try #require(file.kind, "\(file)"),
        json: YAMLFiles.json(try #require(YAMLFiles.tree(file.bytes), "\(file)")))
    }
    #expect(instances.count > 25)
    for (instance, problem) in zip(instances, try SchemaValidator.problems(of: instances)) {
      #expect(problem == nil, "\(instance.name): \(problem ?? "")")
    }
  }

  /// What is wrong with a file by itself: the schema sees it as the loader does.
  private static let codes: Set<String> = [
    "unknown-key", "missing-key", "wrong-type", "unknown-choice", "empty-text", "bad-duration", "bad-moment",
    "no-effect", "no-window", "no-aggregation", "bad-name",
  ]
  /// Findings of those kinds that need another file, or more than a schema can say.
  private static let beyond: [String: String] = [
    "suppressed-value": "whether a value fits its field", "test-values": "whether values fit their fields",
    "test-member": "whether the schema has such a place",
    "out-of-range": "which of two is greater",
    "lateness-below-skew": "which of two is greater",
    "test-without-events": "said of the list's length, not as a kind of its own",
  ]

  @Test func mistakesInAFileAreRefusedAndNothingElse() throws {
    var instances: [SchemaValidator.Instance] = []
    var wrong: [Bool] = []
    for test in DiagnosticCase.all where Self.beyond[test.name] == nil {
      let loaded = test.load()
      for (path, bytes) in test.files.sorted(by: { $0.key < $1.key }) {
        let file = YAMLFiles.File(path: "\(test.name)/\(path)", bytes: bytes)
        guard let kind = file.kind, let tree = YAMLFiles.tree(bytes) else { continue }
        let errors = loaded.diagnostics.filter { $0.severity == .error && $0.file == path }
        // A file with errors of other kinds only is the loader's business alone.
        let isWrong = errors.contains { Self.codes.contains($0.code) }
        if !isWrong, !errors.isEmpty { continue }
        instances.append(.init(name: file.path, schema: kind, json: YAMLFiles.json(tree)))
        wrong.append(isWrong)
      }
    }
    #expect(instances.count > 40 && wrong.count { $0 } > 12, "\(instances.count), \(wrong.count { $0 })")
    for ((instance, isWrong), problem) in zip(
      zip(instances, wrong), try SchemaValidator.problems(of: instances))
    {
      #expect((problem != nil) == isWrong, "\(instance.name): \(problem ?? "accepted")")
    }
  }

  @Test func theSchemasAreSchemas() throws {
    let instances = RuleFileSchema.allCases.map {
      SchemaValidator.Instance(name: $0.rawValue, schema: $0, json: .object([]))
    }
    // Every kind needs at least one key; that the schemas hold by their own is checked on the way.
    #expect(try SchemaValidator.problems(of: instances).allSatisfy { $0 != nil })
  }
}

/// Runs the validator once for many files.
enum SchemaValidator {
  struct Instance {
    let name: String
    let schema: RuleFileSchema
    let json: JSONValue
  }

  static let isThere = (try? run("import jsonschema", "")) != nil

  private struct Failure: Error, CustomStringConvertible { let description: String }

  /// What is wrong with each instance; nil where the schema accepts it.
  static func problems(of instances: [Instance]) throws -> [String?] {
    let schemas = try RuleFileSchema.allCases.map {
      JSONValue.Member($0.rawValue, try JSONValue(parsing: $0.text))
    }
    let input = JSONValue.object([
      .init("schemas", .object(schemas)),
      .init(
        "instances",
        .array(instances.map { .array([.string($0.schema.rawValue), $0.json]) })),
    ])
    let script = """
      import json, sys, jsonschema
      data = json.load(sys.stdin)
      for schema in data["schemas"].values(): jsonschema.Draft7Validator.check_schema(schema)
      validators = {name: jsonschema.Draft7Validator(schema) for name, schema in data["schemas"].items()}
      def problem(kind, instance):
          error = next(iter(sorted(validators[kind].iter_errors(instance), key=lambda e: list(map(str, e.path)))), None)
          return error and "/".join(map(str, error.path)) + ": " + error.message[:200]
      print(json.dumps([problem(*instance) for instance in data["instances"]]))
      """
    let output = try run(script, input.encoded())
    return try #require(try JSONValue(parsing: output).array).map(\.text)
  }

  private static func run(_ script: String, _ input: String) throws -> String {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    let output = folder.url.appending(path: "output")
    try Data().write(to: output)
    process.standardInput = try FileHandle(
      forReadingFrom: URL(filePath: try folder.write("input", input)))
    process.standardOutput = try FileHandle(forWritingTo: output)
    let errors = folder.url.appending(path: "errors")
    try Data().write(to: errors)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: try String(contentsOf: errors, encoding: .utf8))
    }
    return try String(contentsOf: output, encoding: .utf8).trimmingCharacters(in: .newlines)
  }
}
