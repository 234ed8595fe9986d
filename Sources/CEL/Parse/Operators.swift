/// The functions that operators stand for, under the names of the language definition.
package enum Operator {
  package static let add = "_+_"
  package static let subtract = "_-_"
  package static let multiply = "_*_"
  package static let divide = "_/_"
  package static let modulo = "_%_"
  package static let negate = "-_"
  package static let not = "!_"
  package static let and = "_&&_"
  package static let or = "_||_"
  package static let conditional = "_?_:_"
  package static let equal = "_==_"
  package static let notEqual = "_!=_"
  package static let less = "_<_"
  package static let lessOrEqual = "_<=_"
  package static let greater = "_>_"
  package static let greaterOrEqual = "_>=_"
  package static let within = "@in"
  package static let index = "_[_]"
  /// True unless its argument is false: errors and unknowns let a fold go on.
  package static let notStrictlyFalse = "@not_strictly_false"

  /// How an author writes the operator `function`, or nil when it is none.
  package static func symbol(of function: String) -> String? {
    switch function {
    case within: "in"
    case index: "[]"
    case conditional: "?:"
    case notStrictlyFalse: nil
    case _ where function.hasPrefix("_") && function.hasSuffix("_") && function.count > 2:
      String(function.dropFirst().dropLast())
    case negate, not: String(function.dropLast())
    default: nil
    }
  }
}

extension Token.Kind {
  /// The operator between two values: relations bind loosest (1), then sums (2), then products (3).
  var binaryOperator: (function: String, precedence: Int)? {
    switch self {
    case .equal: (Operator.equal, 1)
    case .notEqual: (Operator.notEqual, 1)
    case .less: (Operator.less, 1)
    case .lessOrEqual: (Operator.lessOrEqual, 1)
    case .greater: (Operator.greater, 1)
    case .greaterOrEqual: (Operator.greaterOrEqual, 1)
    case .plus: (Operator.add, 2)
    case .minus: (Operator.subtract, 2)
    case .star: (Operator.multiply, 3)
    case .slash: (Operator.divide, 3)
    case .percent: (Operator.modulo, 3)
    default: nil
    }
  }
}
