/// Lists and maps written in an expression.
extension Evaluation {
  mutating func list(
    _ elements: [Int], at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    try charge(Budget.allocationSteps, at: index)
    var members: [Value] = []
    members.reserveCapacity(elements.count)
    var pending: EvaluationFailure?
    for element in elements {
      switch try outcome(of: element, in: frame) {
      case .success(let value): members.append(value)
      case .failure(let failure): pending = pending?.merged(with: failure) ?? failure
      }
    }
    if let pending { throw pending }
    return .list(members)
  }

  mutating func map(
    _ entries: [(key: Int, value: Int)], at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    var built: [(key: Value, value: Value)] = []
    var keys: Set<ScalarKey> = []
    var pending: EvaluationFailure?
    try charge((entries.count + 1) * Budget.allocationSteps, at: index)
    for entry in entries {
      let outcome: Result<(Value, Value), EvaluationFailure>
      do throws(EvaluationFailure) {
        outcome = .success(try values(of: entry.key, entry.value, in: frame))
      } catch {
        if budget.isSpent { throw error }
        outcome = .failure(error)
      }
      switch outcome {
      case .success((let key, let value)):
        built.append((key: key, value: value))
        guard let fault = insert(key, into: &keys) else { continue }
        let failure = failure(fault, at: entry.key)
        pending = pending?.merged(with: failure) ?? failure
      case .failure(let failure): pending = pending?.merged(with: failure) ?? failure
      }
    }
    if let pending { throw pending }
    return .map(MapValue(entries: built))
  }

  /// Why the key cannot be inserted, nil when it was.
  private func insert(_ key: Value, into keys: inout Set<ScalarKey>) -> Fault? {
    guard MapValue.canBeKey(key), let scalar = ScalarKey(key) else {
      return Fault(.invalidArgument, "a `\(key.runtimeType.runtimeName)` cannot be a map's key")
    }
    guard keys.insert(scalar).inserted else { return Fault(.invalidArgument, "the map has this key already") }
    return nil
  }
}
