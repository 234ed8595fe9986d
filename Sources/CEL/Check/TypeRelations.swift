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
    case .ip: "ip"
    case .cidr: "cidr"
    case .optional(let value): "optional(\(value.displayName(levels: levels - 1)))"
    case .variable(CELType.openIndex): "dyn"
    case .variable: "any"
    case .error: "unknown"
    }
  }

  /// Whether nothing is known about it before it is evaluated, or it was reported already.
  var isOpen: Bool {
    switch self {
    case .dyn, .error, .variable: true
    default: false
    }
  }

  /// The type of what an empty list, an empty map or `optional.none()` would hold: any, and that of the first value that
  /// meets it. What is still open at the end of the check becomes `dyn`.
  static let open = CELType.variable(openIndex)

  fileprivate static let openIndex = -1

  /// Without open types.
  var closed: CELType {
    switch self {
    case .variable: .dyn
    case .list(let element): .list(element.closed)
    case .map(let key, let value): .map(key.closed, value.closed)
    case .optional(let value): .optional(value.closed)
    default: self
    }
  }

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
    case (.optional(let left), .optional(let right)): left.agrees(with: right)
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
    case (.optional(let left), .optional(let right)): left.isComparable(with: right)
    default: agrees(with: other)
    }
  }

  /// The narrowest type that holds both.
  func joined(with other: CELType) -> CELType {
    if self == other || other == .error || other == .open { return self }
    if self == .error || self == .open { return other }
    if isText, other.isText { return .string }
    return switch (self, other) {
    case (.list(let left), .list(let right)): .list(left.joined(with: right))
    case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
      .map(leftKey.joined(with: rightKey), leftValue.joined(with: rightValue))
    case (.optional(let left), .optional(let right)): .optional(left.joined(with: right))
    // As older implementations have it: null may stand for an optional value.
    case (.optional, .null): self
    case (.null, .optional): other
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
    case (.optional(let value), .optional(let actual)): return matches(value, actual, &bindings)
    // What is not known tells nothing of what it would hold either.
    case (.list(let element), _) where argument.isOpen: return matches(element, argument, &bindings)
    case (.map(let key, let value), _) where argument.isOpen:
      return matches(key, argument, &bindings) && matches(value, argument, &bindings)
    case (.optional(let value), _) where argument.isOpen: return matches(value, argument, &bindings)
    default: return parameter.agrees(with: argument)
    }
  }

  private static func substitute(_ type: CELType, _ bindings: [Int: CELType]) -> CELType {
    switch type {
    case .variable(let index): bindings[index] ?? .open
    case .list(let element): .list(substitute(element, bindings))
    case .map(let key, let value): .map(substitute(key, bindings), substitute(value, bindings))
    case .optional(let value): .optional(substitute(value, bindings))
    default: type
    }
  }
}
