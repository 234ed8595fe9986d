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

  /// `operand.?field` and `operand[?index]`: the value as an optional one.
  package static let optionalSelect = "_?._"
  package static let optionalIndex = "_[?_]"
  /// `?` before an element of a list or an entry of a map: there only if the optional value has one.
  package static let optionalElement = "?_"
  /// An entry more in the map that `transformMap` builds.
  package static let insert = "@insert"

  /// How an author writes the operator `function`, or nil when it is none.
  package static func symbol(of function: String) -> String? {
    switch function {
    case within: "in"
    case index: "[]"
    case optionalIndex: "[?]"
    case optionalSelect: ".?"
    case optionalElement: "?"
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
