package import CEL
internal import CELRegex
internal import RuleSets

/// A CEL expression on its own, with the values of its variables.
package struct ExpressionEvaluation: Sendable {
  package let expression: String
  package let bindings: [Binding]
  /// Evaluate without checking names and types first.
  package let isUnchecked: Bool

  /// A variable and its value.
  package struct Binding: Sendable {
    package let name: String
    package let value: Value
    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// What it came to.
  package enum Result: Sendable {
    case value(Value)
    /// The expression cannot be evaluated at all.
    case invalid([ExpressionDiagnostic])
    /// The evaluation failed.
    case failed(EvaluationError)
  }

  package init(_ expression: String, bindings: [Binding] = [], isUnchecked: Bool = false) {
    self.expression = expression
    self.bindings = bindings
    self.isUnchecked = isUnchecked
  }

  /// Parses, checks and evaluates.
  package func result() -> Result {
    let environment = environment
    do {
      return evaluate(try program(environment))
    } catch {
      return .invalid(error.all)
    }
  }

  private func program(_ environment: Environment) throws(ExpressionDiagnostics) -> Program {
    let parsed = try Expression.parse(expression, limits: environment.limits)
    if isUnchecked { return Program(unchecked: parsed, in: environment) }
    return try Program(parsed.check(in: environment), in: environment)
  }

  private func evaluate(_ program: Program) -> Result {
    var frame = Frame(slotCount: bindings.count)
    for (slot, binding) in bindings.enumerated() { frame.slots[slot] = frame.store(binding.value) }
    do {
      return .value(try program.evaluate(frame))
    } catch {
      switch error {
      case .error(let error): return .failed(error)
      case .unknown(let slots):
        let names = slots.filter(bindings.indices.contains).map { "`\(bindings[$0].name)`" }
        let message = names.isEmpty ? "the value is unknown" : "\(names.joined(separator: ", ")) is unknown"
        return .failed(
          EvaluationError(code: .unknownName, message: message, span: 0..<expression.utf8.count))
      }
    }
  }

  private var environment: Environment {
    let variables = bindings.enumerated().map { slot, binding in
      Environment.Variable(name: binding.name, type: binding.value.declaredType, slot: slot)
    }
    return Environment(
      variables: variables, regularExpressions: RE2Engine(), timeZones: TimeZoneDatabase(),
      extensions: .usual.union(.mappedAddresses))
  }
}

extension Value {
  /// The type under which a binding is declared; elements may be of any type.
  fileprivate var declaredType: CELType { if case .null = self { .dyn } else { runtimeType } }
}
