/// The steps that an evaluation may still take; what functions touch is charged, so that no input takes long.
package struct Budget: Sendable {
  private(set) var left: Int
  /// Set by the first charge that could not be paid; from then on nothing may absorb the error.
  private(set) var isSpent = false

  package init(steps: Int) { left = steps }

  /// For comparisons outside an evaluation, whose operands are known to be small.
  package static var unlimited: Budget { Budget(steps: .max) }

  @inline(__always)
  package mutating func charge(_ steps: Int) throws(Fault) {
    left &-= steps
    if left < 0 { throw spend() }
  }

  /// What takes about as long as four visits of a node: making an entry of a map, a text of a number, or the report
  /// that a variable is missing.
  static let allocationSteps = 4

  /// Sixteen bytes that are read or copied count as one step.
  @inline(__always)
  mutating func charge(bytes: Int) throws(Fault) { try charge(bytes >> 4) }

  private mutating func spend() -> Fault {
    isSpent = true
    left = 0
    return Fault(.budgetSpent, "the evaluation takes more steps than allowed")
  }
}

/// A failed function, before the evaluator adds the place.
package struct Fault: Error, Sendable {
  let code: EvaluationError.Code
  let message: String

  init(_ code: EvaluationError.Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
