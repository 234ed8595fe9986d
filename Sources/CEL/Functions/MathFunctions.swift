/// Functions of numbers.
enum MathFunctions {
  static let functions: [ExtensionFunction] = [
    extreme("math.greatest", .greater), extreme("math.least", .less),
    rounding("math.ceil", .up), rounding("math.floor", .down), rounding("math.trunc", .towardZero),
    rounding("math.round", .toNearestOrAwayFromZero), test("math.isNaN") { $0.isNaN },
    test("math.isInf") { $0.isInfinite }, test("math.isFinite") { $0.isFinite },
    .function("math.abs", each: numbers, { .init($0, gives: $0) }, body: abs),
    .function("math.sign", each: numbers, { .init($0, gives: $0) }, body: sign),
    .function("math.sqrt", each: numbers, { .init($0, gives: .double) }, body: squareRoot),
  ]

  private static let numbers: [CELType] = [.int, .uint, .double]

  /// Whether the parser puts three and more arguments into a list.
  static func takesAnyCount(_ function: String) -> Bool {
    function == "math.greatest" || function == "math.least"
  }

  /// `math.greatest` or `math.least` of one value, two, or a list of them.
  private static func extreme(_ name: String, _ wanted: Order) -> ExtensionFunction {
    let alone = numbers.flatMap {
      [ExtensionFunction.Signature($0, gives: $0), .init(.list($0), gives: $0)]
    }
    let pairs = numbers.flatMap { left in
      numbers.map { ExtensionFunction.Signature(left, $0, gives: left == $0 ? left : .dyn) }
    }
    return .function(name, alone + pairs) { arguments, budget throws(Fault) in
      var candidates = arguments.values
      if arguments.count == 1, case .list(let members) = arguments[0] { candidates = members }
      guard var best = candidates.first else {
        throw Fault(.invalidArgument, "`\(name)` of an empty list has no value")
      }
      try budget.charge(candidates.count)
      for candidate in candidates {
        // Also tells a single value that is no number.
        guard let order = Value.numericOrder(candidate, best) else { throw arguments.mismatch }
        guard order != .unordered else { throw Fault(.invalidArgument, "NaN has no order") }
        if order == wanted { best = candidate }
      }
      return best
    }
  }

  private static func rounding(_ name: String, _ rule: FloatingPointRoundingRule) -> ExtensionFunction {
    .function(name, .init(.double, gives: .double)) { arguments, _ throws(Fault) in
      .double(try arguments.double(0).rounded(rule))
    }
  }

  private static func test(
    _ name: String, _ holds: @escaping @Sendable (Double) -> Bool
  ) -> ExtensionFunction {
    .function(name, .init(.double, gives: .bool)) { arguments, _ throws(Fault) in
      .bool(holds(try arguments.double(0)))
    }
  }

  private static func abs(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    switch arguments[0] {
    case .int(let number): try number < 0 ? Arithmetic.negate(arguments[0]) : arguments[0]
    case .uint: arguments[0]
    case .double(let number): .double(number.magnitude)
    default: throw arguments.mismatch
    }
  }

  private static func sign(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    switch arguments[0] {
    case .int(let number): .int(number.signum())
    case .uint(let number): .uint(number == 0 ? 0 : 1)
    case .double(let number): .double(number > 0 ? 1 : number < 0 ? -1 : number)
    default: throw arguments.mismatch
    }
  }

  /// NaN of what is below zero.
  private static func squareRoot(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    switch arguments[0] {
    case .int(let number): .double(Double(number).squareRoot())
    case .uint(let number): .double(Double(number).squareRoot())
    case .double(let number): .double(number.squareRoot())
    default: throw arguments.mismatch
    }
  }
}
