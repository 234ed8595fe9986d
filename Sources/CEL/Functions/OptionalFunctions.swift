/// Functions of values that may be absent. `or` and `orValue`, which need not look at their argument, are not among them.
enum OptionalFunctions {
  private static let any = CELType.variable(0)

  static let functions: [ExtensionFunction] = [
    .function("optional.of", .init(any, gives: .optional(any))) { arguments, budget throws(Fault) in
      try wrapped(arguments[0], &budget)
    },
    .function("optional.ofNonZeroValue", .init(any, gives: .optional(any))) {
      arguments, budget throws(Fault) in
      try isZero(arguments[0]) ? .optional(nil) : wrapped(arguments[0], &budget)
    },
    .function("optional.none", .init(gives: .optional(any))) { _, _ throws(Fault) in .optional(nil) },
    .function("optional.unwrap", .init(.list(.optional(any)), gives: .list(any)), body: unwrap),
    .method("unwrapOpt", .init(.list(.optional(any)), gives: .list(any)), body: unwrap),
    .method("hasValue", .init(.optional(any), gives: .bool)) { arguments, _ throws(Fault) in
      .bool(try value(arguments[0], of: arguments) != nil)
    },
    .method("value", .init(.optional(any), gives: any)) { arguments, _ throws(Fault) in
      guard let value = try value(arguments[0], of: arguments) else {
        throw Fault(.invalidArgument, "the optional value is absent")
      }
      return value
    },
    lazy("or", .init(.optional(any), .optional(any), gives: .optional(any))),
    lazy("orValue", .init(.optional(any), any, gives: any)),
  ]

  /// Whether the evaluator has an operation of its own for it.
  static func isLazy(_ name: String) -> Bool { name == "or" || name == "orValue" }

  private static func lazy(_ name: String, _ signature: ExtensionFunction.Signature) -> ExtensionFunction {
    .method(name, signature) { arguments, _ throws(Fault) in throw arguments.mismatch }
  }

  static func wrapped(_ value: Value, _ budget: inout Budget) throws(Fault) -> Value {
    try budget.charge(Budget.allocationSteps)
    return .optional(value)
  }

  private static func value(_ value: Value, of arguments: Arguments) throws(Fault) -> Value? {
    guard case .optional(let inner) = value else { throw arguments.mismatch }
    return inner
  }

  /// The values of a list that are there.
  private static func unwrap(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let members = try arguments.list(0)
    try budget.charge(Budget.allocationSteps + members.count)
    var present: [Value] = []
    for member in members {
      if let value = try value(member, of: arguments) { present.append(value) }
    }
    return .list(present)
  }

  /// What a field that was never set would hold.
  private static func isZero(_ value: Value) -> Bool {
    switch value {
    case .null: true
    case .bool(let flag): !flag
    case .int(let number): number == 0
    case .uint(let number): number == 0
    case .double(let number): number == 0
    case .string(let text): text.isEmpty
    case .bytes(let bytes): bytes.isEmpty
    case .timestamp(let timestamp): timestamp.seconds == 0 && timestamp.nanoseconds == 0
    case .duration(let duration): duration == .zero
    case .list(let members): members.isEmpty
    case .map(let map): map.entries.isEmpty
    case .optional(let inner): inner == nil
    case .type, .ip, .cidr: false
    }
  }
}
