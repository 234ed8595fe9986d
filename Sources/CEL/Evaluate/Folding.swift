/// What a fold goes through: a list's elements or a map's keys; with a second variable positions and elements, or keys
/// and values.
private enum Members {
  case list([Value])
  case map(MapValue)

  var count: Int {
    switch self {
    case .list(let members): members.count
    case .map(let map): map.entries.count
    }
  }

  /// The value of the only variable.
  subscript(position: Int) -> Value {
    switch self {
    case .list(let members): members[position]
    case .map(let map): map.entries[position].key
    }
  }

  /// The values of two variables.
  func pair(_ position: Int) -> (Value, Value) {
    switch self {
    case .list(let members): (.int(Int64(position)), members[position])
    case .map(let map): (map.entries[position].key, map.entries[position].value)
    }
  }
}

/// What macros expand to.
extension Evaluation {
  mutating func run(
    _ fold: PlanNode.Fold, second: Int? = nil, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let members = try members(of: fold.range, at: index, in: frame)
    locals[fold.accumulator] = try outcome(of: fold.initial, in: frame)
    for position in 0..<members.count {
      try charge(1, at: index)
      bind(members, position, fold.variable, second)
      recorder?.begin(member: position)
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
    _ collect: PlanNode.Collect, second: Int? = nil, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let members = try members(of: collect.range, at: index, in: frame)
    var collected: [Value] = []
    var pending: EvaluationFailure?
    for position in 0..<members.count {
      try charge(1, at: index)
      bind(members, position, collect.variable, second)
      recorder?.begin(member: position)
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

  mutating func run(
    _ collect: PlanNode.MapCollect, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let members = try members(of: collect.range, at: index, in: frame)
    var built = MapEntries()
    var pending: EvaluationFailure?
    for position in 0..<members.count {
      try charge(1, at: index)
      bind(members, position, collect.variable, collect.second)
      recorder?.begin(member: position)
      do throws(EvaluationFailure) {
        if let condition = collect.condition, try !holds(condition, at: index, in: frame) { continue }
        try insert(collect, into: &built, at: index, in: frame)
      } catch {
        if budget.isSpent { throw error }
        pending = pending?.merged(with: error) ?? error
      }
    }
    if let pending { throw pending }
    return .map(MapValue(entries: built.entries))
  }

  /// Adds the entries of one step.
  private mutating func insert(
    _ collect: PlanNode.MapCollect, into built: inout MapEntries, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) {
    guard let value = collect.value else {
      let entries = try self.value(of: collect.key, in: frame)
      guard case .map(let map) = entries else {
        throw failure(.noSuchOverload("transformMapEntry", entries), at: index)
      }
      for entry in map.entries { try insert(entry.key, entry.value, into: &built, at: collect.key) }
      return
    }
    let (key, inserted) = try values(of: collect.key, value, in: frame)
    try insert(key, inserted, into: &built, at: collect.key)
  }

  private mutating func insert(
    _ key: Value, _ value: Value, into built: inout MapEntries, at index: Int
  ) throws(EvaluationFailure) {
    try charge(Budget.allocationSteps, at: index)
    try charge(key: key, at: index)
    if let fault = built.insert(key, value) { throw failure(fault, at: index) }
  }

  private mutating func bind(_ members: Members, _ position: Int, _ variable: Int, _ second: Int?) {
    guard let second else {
      locals[variable] = .success(members[position])
      return
    }
    let (first, other) = members.pair(position)
    locals[variable] = .success(first)
    locals[second] = .success(other)
  }

  private mutating func members(
    of range: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Members {
    let value = try value(of: range, in: frame)
    switch value {
    case .list(let members): return .list(members)
    case .map(let map): return .map(map)
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
