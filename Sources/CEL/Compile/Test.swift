/// What a condition asks, between the tree and the flat program: tests joined by logic, without regard to order of
/// evaluation, since what is unknown or fails is absorbed the same way on either side of `&&` and `||`.
indirect enum Test {
  case constant(Bool)
  /// Steps without a branch, by their number in the pool: values into registers, then one test.
  case leaf(Int)
  case all([Test])
  case any([Test])
  case not(Test)
  case choice(Test, Test, Test)
}

/// What an expression with a value comes to.
indirect enum Outcome {
  case test(Test)
  /// Steps without a branch, of which the last yields a register.
  case yield(Int)
  case choice(Test, Outcome, Outcome)
}

/// A value that a test is asked of.
indirect enum Term {
  case slot(UInt16)
  case constant(Value)
  case unary(Instruction, Term)
  case binary(ArithmeticOperator, Term, Term)
  case choice(Test, Term, Term)
  case truth(Test)
}

extension CodePool {
  /// Whether the test never asks the tree walker, so that its steps have a bound known now.
  func isBounded(_ test: Test) -> Bool {
    switch test {
    case .constant: true
    case .leaf(let leaf): leaves[leaf].last?.kind != .ask
    case .all(let tests), .any(let tests): tests.allSatisfy(isBounded)
    case .not(let test): isBounded(test)
    case .choice(let condition, let then, let otherwise):
      isBounded(condition) && isBounded(then) && isBounded(otherwise)
    }
  }

  /// What the test costs, roughly; for the order of tests only.
  func cost(_ test: Test) -> Int {
    switch test {
    case .constant: 0
    case .leaf(let leaf): leaves[leaf].reduce(0) { $0 + $1.cost }
    case .all(let tests), .any(let tests): tests.reduce(0) { $0 + cost($1) }
    case .not(let test): cost(test)
    case .choice(let condition, let then, let otherwise): cost(condition) + cost(then) + cost(otherwise)
    }
  }

  /// `&&` (`decisive` is false) or `||` of the tests.
  ///
  /// The cheapest go first, which changes no result: an operand that decides does so from either side, and what is
  /// unknown or failed is told by the tree walker. Only a test that asks it stays where its author put it, and so do
  /// the tests on either side of it: how many steps are spent depends on what was asked before.
  func join(_ operands: [Test], decisive: Bool) -> Test {
    var ordered: [Test] = []
    var run: [(test: Test, cost: Int)] = []
    func close() {
      ordered += run.enumerated().sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }.map(
        \.element.test)
      run = []
    }
    for operand in operands {
      guard isBounded(operand) else {
        close()
        ordered.append(operand)
        continue
      }
      if case .constant(let value) = operand {
        guard value == decisive else { continue }
        // What stood before was bounded, so that nobody misses it.
        if ordered.isEmpty { return operand }
      }
      run.append((operand, cost(operand)))
    }
    close()
    if ordered.isEmpty { return .constant(!decisive) }
    return ordered.count == 1 ? ordered[0] : decisive ? .any(ordered) : .all(ordered)
  }
}
