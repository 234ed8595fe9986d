import CEL
import CELRegex
import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// One case of the public conformance suite (github.com/google/cel-spec, `tests/simple/testdata`): an expression, bindings,
/// and a value, an error or a type.
struct ConformanceCase {
  /// Without `.textproto`.
  let file: String
  /// `file/section/name`.
  let path: String
  let source: String
  /// Neither messages nor a container nor extensions.
  let isPlain: Bool
  let isChecked: Bool
  let container: String
  /// Everything that the suite says of it, to look for names in.
  let text: String
  private let bindings: [(name: String, value: JSONValue)]
  private let value: JSONValue?
  private let isCheckOnly: Bool

  static let suite = SharedData.url("data/conformance/cel.json")

  /// Every case of the suite.
  static func all() throws -> [ConformanceCase] {
    let url = try #require(suite)
    let json = try JSONValue(parsing: String(decoding: Data(contentsOf: url), as: UTF8.self))
    return try #require(json["tests"]?.array).map { try ConformanceCase($0) }
  }

  private init(_ json: JSONValue) throws {
    file = try #require(json["file"]?.text).replacing(".textproto", with: "")
    path = "\(file)/\(json["section"]?.text ?? "")/\(json["name"]?.text ?? "")"
    source = try #require(json["expr"]?.text)
    isPlain = json["plain"]?.bool == true
    isChecked = json["disable_check"]?.bool != true
    container = json["container"]?.text ?? ""
    text = json.encoded()
    var bindings: [(name: String, value: JSONValue)] = []
    if case .object(let members)? = json["bindings"] {
      for member in members { bindings.append((name: member.key, value: member.value)) }
    }
    self.bindings = bindings
    value = json["value"]
    isCheckOnly = json["check_only"]?.bool == true
  }

  /// Whether an error is what is wanted.
  var wantsError: Bool { value == nil && !isCheckOnly }

  /// What is wrong, nil when the case passes. Errors may come before the evaluation: the checker finds some of them.
  func problem() -> String? {
    let outcome = Result { try evaluate() }
    switch outcome {
    case .success(let value) where wantsError: return "is \(value.map(\.text) ?? "checked"), not an error"
    case .success(let value?):
      guard let expected = Result(catching: { try self.value.map { try TypedValue.decode($0) } }).value else {
        return "expects what is no value here"
      }
      return isSame(value, expected) ? nil : "is \(value.text), not \(expected?.text ?? "nothing")"
    case .success(nil): return nil
    case .failure(let error): return wantsError ? nil : "fails: \(error)"
    }
  }

  /// The value, nil where only the type counts.
  private func evaluate() throws -> Value? {
    var frame = Frame(slotCount: bindings.count)
    var environment = Environment(
      regularExpressions: RE2Engine(), timeZones: TimeZoneDatabase(), extensions: .all)
    environment.container = container
    for (slot, binding) in bindings.enumerated() {
      let value = try ConformanceCase.decode(binding.value)
      let stored = frame.store(value)
      frame.slots[slot] = stored
      environment.variables.append(.init(name: binding.name, type: declaredType(value), slot: slot))
    }
    let expression = try Expression.parse(source, extensions: .all)
    guard isChecked else { return try Program(unchecked: expression, in: environment).evaluate(frame) }
    let checked = try expression.check(in: environment)
    if let type = ConformanceTypes.deduced[path] {
      guard type == checked.type else { throw OtherType(type: checked.type) }
    }
    guard !isCheckOnly else { return nil }
    let program = try Program(checked, in: environment)
    if case .bool(let bool) = try program.evaluate(frame) { #expect(try program.holds(frame) == bool) }
    return try program.evaluate(frame)
  }

  /// A binding that only protobuf has.
  struct NotAValue: Error {}

  /// A type that is not the deduced one.
  struct OtherType: Error {
    let type: CELType
  }

  /// A binding; a protobuf duration is a duration of the language.
  private static func decode(_ json: JSONValue) throws -> Value {
    guard json["type"]?.text == "proto" else { return try TypedValue.decode(json) }
    let text = json.encoded()
    let parts = text.firstMatch(
      of:
        /google\.protobuf\.Duration\]":\[\{"seconds":\[\{"\$lit":"(\d+)"\}\],"nanos":\[\{"\$lit":"(\d+)"\}\]/)
    guard let found = parts else { throw NotAValue() }
    return .duration(.seconds(Int64(found.1) ?? 0) + .nanoseconds(Int64(found.2) ?? 0))
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
  private func isSame(_ value: Value, _ expected: Value?) -> Bool {
    guard let expected else { return false }
    if case .double(let number) = value, case .double(let other) = expected, number.isNaN {
      return other.isNaN
    }
    return value.runtimeType == expected.runtimeType && value.isEqual(to: expected)
  }
}

extension Result {
  /// The success, nil for a failure.
  fileprivate var value: Success? { try? get() }
}
