/// What macros expand to.
extension Evaluation {
  mutating func run(
    _ fold: PlanNode.Fold, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let members = try members(of: fold.range, at: index, in: frame)
    locals[fold.accumulator] = try outcome(of: fold.initial, in: frame)
    for member in members {
      try charge(1, at: index)
      locals[fold.variable] = .success(member)
      guard try proceeds(fold.condition, at: index, in: frame) else { break }
      let next = try outcome(of: fold.step, in: frame)
      if case .failure(let before) = locals[fold.accumulator], case .failure(let failure) = next {
        locals[fold.accumulator] = .failure(before.merged(with: failure))
      } else {
        locals[fold.accumulator] = next
      }
    }
    return try value(of: fold.result, in: frame)
  }

  mutating func run(
    _ collect: PlanNode.Collect, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let members = try members(of: collect.range, at: index, in: frame)
    var collected: [Value] = []
    var pending: EvaluationFailure?
    for member in members {
      try charge(1, at: index)
      locals[collect.variable] = .success(member)
      do throws(EvaluationFailure) {
        if let condition = collect.condition, try !holds(condition, at: index, in: frame) { continue }
        collected.append(try value(of: collect.element, in: frame))
      } catch {
        if budget.isSpent { throw error }
        pending = pending?.merged(with: error) ?? error
      }
    }
    if let pending { throw pending }
    return .list(collected)
  }

  /// A list's elements or a map's keys.
  private mutating func members(
    of range: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> [Value] {
    let value = try value(of: range, in: frame)
    switch value {
    case .list(let members): return members
    case .map(let map):
      try charge(map.entries.count, at: index)
      return map.entries.map(\.key)
    default:
      let message = "a `\(value.runtimeType.runtimeName)` has no elements to go through"
      throw failure(Fault(.noSuchOverload, message), at: index)
    }
  }

  private mutating func proceeds(
    _ condition: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Bool {
    let value = try value(of: condition, in: frame)
    guard case .bool(let bool) = value else {
      throw failure(Fault(.noSuchOverload, "a fold's condition must be a `bool`"), at: index)
    }
    return bool
  }
}
