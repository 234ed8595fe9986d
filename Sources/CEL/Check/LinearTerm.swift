/// A whole-number value of the form `factor * value of slot + offset`, such as `n * 2 + 1`.
///
/// Where the arithmetic overflows at run time the expression fails and does not hold, so that what is concluded here
/// about whole numbers of any size also keeps a condition from holding there.
struct LinearTerm {
  /// The variable whose value it is made of.
  let slot: Int
  /// What the value is multiplied by.
  let factor: Int64
  /// What is added to the product.
  let offset: Int64

  /// A comparison of the term with a number, as a comparison of the slot's value; nil where none is equivalent.
  func solve(_ function: String, _ number: Int64) -> (function: String, number: Int64)? {
    let (distance, overflows) = number.subtractingReportingOverflow(offset)
    guard !overflows, factor != 0, factor > 0 || distance != .min else { return nil }
    let isMirrored = factor < 0
    guard let function = isMirrored ? Self.mirrored[function] : function else { return nil }
    let (top, bottom) = isMirrored ? (-distance, 0 &- factor) : (distance, factor)
    guard bottom > 0 else { return nil }
    let floor = top / bottom - (top % bottom < 0 ? 1 : 0)
    let isWhole = top % bottom == 0
    switch function {
    case "_>_", "_<=_": return (function, floor)
    case "_>=_", "_<_":
      let (ceiling, overflows) = floor.addingReportingOverflow(isWhole ? 0 : 1)
      return overflows ? nil : (function, ceiling)
    default: return isWhole ? (function, floor) : nil
    }
  }

  /// The comparisons, and what each becomes with its sides exchanged.
  static let mirrored = [
    "_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_", "_==_": "_==_", "_!=_": "_!=_",
  ]
}

extension CheckedExpression {
  /// The whole number that stands in the source at `id`.
  package func wholeNumber(_ id: NodeID) -> Int64? {
    if case .literal(.int(let number)) = expression[id].kind { number } else { nil }
  }

  /// The node as a linear term of one `int` value. Follows additions, subtractions and multiplications by constants,
  /// no deeper than an expression may be.
  func linearTerm(_ id: NodeID) -> LinearTerm? {
    guard types[Int(id.index)] == .int else { return nil }
    if case .variable(let slot)? = references[Int(id.index)] {
      if case .select(_, _, presence: true) = expression[id].kind { return nil }
      return LinearTerm(slot: slot, factor: 1, offset: 0)
    }
    guard case .call(let function, nil, let arguments) = expression[id].kind, arguments.count == 2 else {
      return nil
    }
    if let number = wholeNumber(arguments[1]), let term = linearTerm(arguments[0]) {
      return term.applying(function, number)
    }
    guard function != "_-_", let number = wholeNumber(arguments[0]), let term = linearTerm(arguments[1])
    else {
      return nil
    }
    return term.applying(function, number)
  }

  /// A comparison of a linear term with a number, solved for the slot; what the node is of any other kind: nil.
  package func solvedComparison(_ id: NodeID) -> (slot: Int, function: String, number: Int64)? {
    guard case .call(let function, nil, let arguments) = expression[id].kind, arguments.count == 2,
      let mirrored = LinearTerm.mirrored[function]
    else { return nil }
    let sides = [(arguments[0], arguments[1], function), (arguments[1], arguments[0], mirrored)]
    for (value, other, comparison) in sides {
      guard let number = wholeNumber(other), let term = linearTerm(value),
        let solved = term.solve(comparison, number)
      else { continue }
      return (term.slot, solved.function, solved.number)
    }
    return nil
  }
}

extension LinearTerm {
  fileprivate func applying(_ function: String, _ number: Int64) -> LinearTerm? {
    let (factor, offset, overflows): (Int64, Int64, Bool)
    switch function {
    case "_+_":
      (offset, overflows) = self.offset.addingReportingOverflow(number)
      factor = self.factor
    case "_-_":
      (offset, overflows) = self.offset.subtractingReportingOverflow(number)
      factor = self.factor
    case "_*_":
      let (product, overflowsFirst) = self.factor.multipliedReportingOverflow(by: number)
      let (moved, overflowsSecond) = self.offset.multipliedReportingOverflow(by: number)
      (factor, offset, overflows) = (product, moved, overflowsFirst || overflowsSecond)
    default: return nil
    }
    return overflows ? nil : LinearTerm(slot: slot, factor: factor, offset: offset)
  }
}
