import CEL
import Foundation
import TestSupport
import Testing

/// The cases of the public conformance suite (github.com/google/cel-spec, `tests/simple/testdata`), as far as the
/// front end goes: what has a value must parse and check.
@Suite("Checking: conformance")
struct CheckConformanceTests {
  static let file = SharedData.url("data/conformance/cel.json")

  struct Case: Decodable {
    let file: String
    let section: String
    let name: String
    let expr: String
    let plain: Bool
    let value: Typed?
    let bindings: [String: Typed]?
    let disableCheck: Bool?

    enum CodingKeys: String, CodingKey {
      case file, section, name, expr, plain, value, bindings
      case disableCheck = "disable_check"
    }
  }

  /// A value in the typed form of the suite, of which only the type is read.
  struct Typed: Decodable {
    let type: CELType

    enum CodingKeys: String, CodingKey { case type, value }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      switch try container.decode(String.self, forKey: .type) {
      case "int64": type = .int
      case "uint64": type = .uint
      case "double": type = .double
      case "bool": type = .bool
      case "string": type = .string
      case "bytes": type = .bytes
      case "null": type = .null
      case "list":
        let elements = try container.decode([Typed].self, forKey: .value)
        let first = elements.first?.type ?? .dyn
        type = .list(elements.allSatisfy { $0.type == first } ? first : .dyn)
      case "map":
        let entries = try container.decode([[Typed]].self, forKey: .value)
        let first = (entries.first?.first?.type ?? .dyn, entries.first?.last?.type ?? .dyn)
        let isUniform = entries.allSatisfy { $0.first?.type == first.0 && $0.last?.type == first.1 }
        type = isUniform ? .map(first.0, first.1) : .map(.dyn, .dyn)
      default: type = .dyn
      }
    }
  }

  struct Suite: Decodable {
    let tests: [Case]
  }

  static func cases() throws -> [Case] {
    guard let file else { return [] }
    return try JSONDecoder().decode(Suite.self, from: Data(contentsOf: file)).tests
  }

  @Test("Plain cases with a value parse and check", .enabled(if: file != nil, "shared data is absent"))
  func plainCases() throws {
    let cases = try Self.cases().filter { $0.plain && $0.value != nil && $0.disableCheck != true }
    var passed = 0
    for test in cases {
      let variables = (test.bindings ?? [:]).sorted { $0.key < $1.key }.enumerated().map {
        Environment.Variable(name: $1.key, type: $1.value.type, slot: $0)
      }
      do {
        _ = try Expression.parse(test.expr).check(in: Environment(variables: variables))
        passed += 1
      } catch {
        Issue.record("\(test.file) \(test.section) \(test.name): \(test.expr): \(error.all)")
      }
    }
    print("conformance, front end: \(passed) of \(cases.count) plain cases with a value check")
    #expect(cases.count > 800)
  }

  @Test("Unchecked plain cases parse", .enabled(if: file != nil, "shared data is absent"))
  func uncheckedCases() throws {
    let cases = try Self.cases().filter { $0.plain && $0.disableCheck == true }
    for test in cases {
      #expect(throws: Never.self, "\(test.file) \(test.section) \(test.name)") {
        try Expression.parse(test.expr)
      }
    }
    #expect(cases.count > 50)
  }

  @Test("All other cases parse", .enabled(if: file != nil))
  func otherCases() throws {
    for test in try Self.cases().filter({ !$0.plain }) {
      #expect(throws: Never.self, "\(test.file) \(test.section) \(test.name)") {
        try Expression.parse(test.expr, extensions: .all)
      }
    }
  }

  @Test("Without extensions only their syntax is refused", .enabled(if: file != nil))
  func casesWithoutExtensions() throws {
    let refusable: Set<String> = ["cel-optional-syntax", "cel-macro-arguments", "cel-macro-variable"]
    let extensions: Set<String> = ["block_ext.textproto", "macros2.textproto", "optionals.textproto"]
    for test in try Self.cases().filter({ !$0.plain }) {
      do throws(ExpressionDiagnostics) {
        _ = try Expression.parse(test.expr, extensions: [])
      } catch {
        #expect(refusable.contains(error.all[0].code), "\(test.file) \(test.name): \(error.all)")
        #expect(extensions.contains(test.file), "\(test.file) \(test.name): \(error.all)")
      }
    }
  }
}
