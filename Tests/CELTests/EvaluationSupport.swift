import CEL
import CELRegex
import RuleSets

/// Variables with values for a test, `nil` for a missing one; slots are numbered in their order.
struct Bindings {
  var frame: Frame
  var environment: Environment

  init(
    _ variables: [(name: String, type: CELType, value: Value?)] = [], constants: [Environment.Constant] = []
  ) {
    frame = Frame(slotCount: variables.count)
    environment = Environment(
      constants: constants, regularExpressions: RE2Engine(), timeZones: TimeZoneDatabase())
    for (slot, variable) in variables.enumerated() {
      environment.variables.append(.init(name: variable.name, type: variable.type, slot: slot))
      guard let value = variable.value else { continue }
      let stored = frame.store(value)
      frame.slots[slot] = stored
    }
  }

  /// The value without a check, so that types may clash.
  func evaluate(_ source: String) throws -> Value {
    try Program(unchecked: Expression.parse(source), in: environment).evaluate(frame)
  }

  func holds(_ source: String) throws -> Bool {
    try Program(unchecked: Expression.parse(source), in: environment).holds(frame)
  }

  func checked(_ source: String) throws -> Program {
    try Program(Expression.parse(source).check(in: environment), in: environment)
  }

  /// How the evaluation ends, for comparison with another one.
  func outcome(_ source: String) -> String {
    do { return "\(try evaluate(source))" } catch { return Bindings.describe(error) }
  }

  static func describe(_ error: any Error) -> String {
    switch error {
    case EvaluationFailure.error(let error): "error \(error.code)"
    case EvaluationFailure.unknown(let slots): "unknown \(slots)"
    default: "\(error)"
    }
  }
}
