extension CELType {
  /// How messages show it; what is nested deeper than four levels as an ellipsis.
  package var displayName: String { displayName(levels: 4) }

  private func displayName(levels: Int) -> String {
    if levels == 0 { return "…" }
    return switch self {
    case .dyn: "dyn"
    case .null: "null"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .list(let element): "list(\(element.displayName(levels: levels - 1)))"
    case .map(let key, let value): "map(\(key.displayName), \(value.displayName(levels: levels - 1)))"
    case .enumeration: "enum"
    case .type: "type"
    case .variable: "any"
    case .error: "unknown"
    }
  }

  /// Whether nothing is known about it before it is evaluated, or it was reported already.
  var isOpen: Bool { self == .dyn || self == .error }

  var isNumeric: Bool { self == .int || self == .uint || self == .double }

  var isEnumeration: Bool {
    if case .enumeration = self { true } else { false }
  }

  /// An enumeration is text to every operator and function.
  var isText: Bool { self == .string || isEnumeration }

  /// Whether a value of one may stand where the other is needed; `dyn` agrees with everything.
  func agrees(with other: CELType) -> Bool {
    if isOpen || other.isOpen || (isText && other.isText) { return true }
    return switch (self, other) {
    case (.list(let left), .list(let right)): left.agrees(with: right)
    case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
      leftKey.agrees(with: rightKey) && leftValue.agrees(with: rightValue)
    default: self == other
    }
  }

  /// Whether two values can be equal: numbers compare by value, whatever their types.
  func isComparable(with other: CELType) -> Bool {
    if isNumeric, other.isNumeric { return true }
    return switch (self, other) {
    case (.list(let left), .list(let right)): left.isComparable(with: right)
    case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
      leftKey.isComparable(with: rightKey) && leftValue.isComparable(with: rightValue)
    default: agrees(with: other)
    }
  }

  /// The narrowest type that holds both.
  func joined(with other: CELType) -> CELType {
    if self == other || other == .error { return self }
    if self == .error { return other }
    if isText, other.isText { return .string }
    return switch (self, other) {
    case (.list(let left), .list(let right)): .list(left.joined(with: right))
    case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
      .map(leftKey.joined(with: rightKey), leftValue.joined(with: rightValue))
    default: .dyn
    }
  }
}

extension Overload {
  /// The type it gives for arguments of these types, or nil when it does not take them.
  package func result(for arguments: [CELType]) -> CELType? {
    guard arguments.count == parameters.count else { return nil }
    var bindings: [Int: CELType] = [:]
    for (parameter, argument) in zip(parameters, arguments)
    where !Self.matches(parameter, argument, &bindings) { return nil }
    return Self.substitute(result, bindings)
  }

  private static func matches(_ parameter: CELType, _ argument: CELType, _ bindings: inout [Int: CELType])
    -> Bool
  {
    switch (parameter, argument) {
    case (.variable(let index), _):
      guard let bound = bindings[index] else {
        bindings[index] = argument
        return true
      }
      guard bound.agrees(with: argument) else { return false }
      bindings[index] = bound.joined(with: argument)
      return true
    case (.list(let element), .list(let actual)): return matches(element, actual, &bindings)
    case (.map(let key, let value), .map(let actualKey, let actualValue)):
      return matches(key, actualKey, &bindings) && matches(value, actualValue, &bindings)
    default: return parameter.agrees(with: argument)
    }
  }

  private static func substitute(_ type: CELType, _ bindings: [Int: CELType]) -> CELType {
    switch type {
    case .variable(let index): bindings[index] ?? .dyn
    case .list(let element): .list(substitute(element, bindings))
    case .map(let key, let value): .map(substitute(key, bindings), substitute(value, bindings))
    default: type
    }
  }
}
