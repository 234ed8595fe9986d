/// Functions of extensions, and operators of optional values.
extension Evaluation {
  mutating func call(
    _ function: ExtensionFunction, _ operands: [Int], at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let values = try values(of: operands, at: index, in: frame)
    do throws(Fault) { return try function(values, &budget) } catch { throw failure(error, at: index) }
  }

  /// `left.or(right)` and `left.orValue(right)`.
  mutating func either(
    _ left: Int, _ right: Int, unwraps: Bool, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let first = try value(of: left, in: frame)
    guard case .optional(let inner) = first else {
      throw failure(.noSuchOverload(unwraps ? "orValue" : "or", first), at: index)
    }
    if let inner { return unwraps ? inner : first }
    let second = try value(of: right, in: frame)
    if !unwraps {
      guard case .optional = second else { throw failure(.noSuchOverload("or", first, second), at: index) }
    }
    return second
  }

  /// The value of a slot that may be missing.
  mutating func optional(slot: Int, at index: Int, in frame: borrowing Frame) throws(EvaluationFailure)
    -> Value
  {
    try charge(Budget.allocationSteps, at: index)
    return try .optional(isPresent(slot, in: frame) ? read(slot: slot, at: index, in: frame) : nil)
  }

  mutating func optionalField(
    _ field: String, of operand: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let container = try value(of: operand, in: frame)
    do throws(Fault) {
      return .optional(try Membership.optionalField(field, of: container, &budget))
    } catch { throw failure(error, at: index) }
  }

  mutating func optionalElement(
    of operand: Int, at position: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let (container, position) = try values(of: operand, position, in: frame)
    try charge(Budget.allocationSteps, at: index)
    do throws(Fault) {
      return .optional(try Membership.optionalElement(of: container, at: position, &budget))
    } catch { throw failure(error, at: index) }
  }
}
