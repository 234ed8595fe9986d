import CEL
import CELRegex
import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// The plain cases of the conformance suite of the Common Expression Language.
@Suite(.enabled(if: SharedData.url("data/conformance/cel.json") != nil, "the shared data is not here"))
struct ConformanceTests {
  /// Passing cases of each file, and what it has; a change that lowers one is a regression.
  static let floors: [(file: String, passing: Int, total: Int)] = [
    ("basic", 40, 40), ("comparisons", 333, 333), ("conversions", 83, 83), ("fields", 59, 59),
    ("fp_math", 30, 30), ("integer_math", 64, 64), ("lists", 39, 39), ("logic", 30, 30), ("macros", 44, 44),
    ("parse", 129, 129), ("plumbing", 5, 5), ("string", 47, 47), ("timestamps", 73, 73),
  ]

  /// Cases that do not pass, `file/section/name`, each with the reason.
  static let failing: [String: String] = [:]

  @Test func plainCasesPass() throws {
    let url = try #require(SharedData.url("data/conformance/cel.json"))
    let suite = try JSONValue(parsing: String(decoding: Data(contentsOf: url), as: UTF8.self))
    let cases = try #require(suite["tests"]?.array).filter { $0["plain"]?.bool == true }
    #expect(cases.count == 976)
    var passing: [String: Int] = [:]
    var totals: [String: Int] = [:]
    for json in cases {
      let test = try ConformanceCase(json)
      totals[test.file, default: 0] += 1
      let problem = test.problem()
      if problem == nil { passing[test.file, default: 0] += 1 }
      if let problem, ConformanceTests.failing[test.path] == nil {
        Issue.record("\(test.path): `\(test.source)`: \(problem)")
      }
      if problem == nil { #expect(ConformanceTests.failing[test.path] == nil, "\(test.path) passes by now") }
    }
    for floor in ConformanceTests.floors {
      print("conformance \(floor.file): \(passing[floor.file] ?? 0) of \(totals[floor.file] ?? 0)")
      #expect(passing[floor.file] ?? 0 >= floor.passing, "\(floor.file)")
      #expect(totals[floor.file] == floor.total, "\(floor.file)")
    }
  }
}

/// One case: an expression, bindings, and a value or an error.
private struct ConformanceCase {
  let file: String
  let path: String
  let source: String
  let isChecked: Bool
  let bindings: [(name: String, value: Value)]
  /// Nil where an error is expected.
  let expected: Value?

  init(_ json: JSONValue) throws {
    file = try #require(json["file"]?.text).replacing(".textproto", with: "")
    path = "\(file)/\(json["section"]?.text ?? "")/\(json["name"]?.text ?? "")"
    source = try #require(json["expr"]?.text)
    isChecked = json["disable_check"]?.bool != true
    var bindings: [(name: String, value: Value)] = []
    if case .object(let members)? = json["bindings"] {
      for member in members {
        bindings.append((name: member.key, value: try TypedValue.decode(member.value)))
      }
    }
    self.bindings = bindings
    expected = try json["value"].map { try TypedValue.decode($0) }
  }

  /// What is wrong, nil when the case passes. Errors may come before the evaluation: the checker finds some of them.
  func problem() -> String? {
    let outcome = Result { try evaluate() }
    switch (outcome, expected) {
    case (.success(let value), let expected?):
      return isSame(value, expected) ? nil : "is \(value), not \(expected)"
    case (.success(let value), nil): return "is \(value), not an error"
    case (.failure(let error), _?): return "fails: \(error)"
    case (.failure, nil): return nil
    }
  }

  private func evaluate() throws -> Value {
    var frame = Frame(slotCount: bindings.count)
    var environment = Environment(regularExpressions: RE2Engine(), timeZones: TimeZoneDatabase())
    for (slot, binding) in bindings.enumerated() {
      let stored = frame.store(binding.value)
      frame.slots[slot] = stored
      environment.variables.append(.init(name: binding.name, type: declaredType(binding.value), slot: slot))
    }
    let expression = try Expression.parse(source)
    guard isChecked else { return try Program(unchecked: expression, in: environment).evaluate(frame) }
    let checked = try expression.check(in: environment)
    let program = try Program(checked, in: environment)
    if case .bool(let bool) = try program.evaluate(frame) { #expect(try program.holds(frame) == bool) }
    return try program.evaluate(frame)
  }

  private func declaredType(_ value: Value) -> CELType {
    switch value {
    case .list(let elements): .list(elements.first.map { declaredType($0) } ?? .dyn)
    case .map(let map):
      .map(
        map.entries.first.map { declaredType($0.key) } ?? .dyn,
        map.entries.first.map { declaredType($0.value) } ?? .dyn)
    case .null: .dyn
    default: value.runtimeType
    }
  }

  /// Same type and value; NaN is the same as NaN here.
  private func isSame(_ value: Value, _ expected: Value) -> Bool {
    if case .double(let number) = value, case .double(let other) = expected, number.isNaN {
      return other.isNaN
    }
    return value.runtimeType == expected.runtimeType && value.isEqual(to: expected)
  }
}
