/// The entries of a map that is being built, each key once.
struct MapEntries {
  private(set) var entries: [(key: Value, value: Value)] = []
  private var keys: Set<ScalarKey> = []

  /// Why the entry cannot be inserted, nil when it was.
  mutating func insert(_ key: Value, _ value: Value) -> Fault? {
    guard MapValue.canBeKey(key), let scalar = ScalarKey(key) else {
      return Fault(.invalidArgument, "a `\(key.runtimeType.runtimeName)` cannot be a map's key")
    }
    guard keys.insert(scalar).inserted else { return Fault(.invalidArgument, "the map has this key already") }
    entries.append((key: key, value: value))
    return nil
  }
}

/// Lists and maps written in an expression.
extension Evaluation {
  mutating func list(
    _ elements: [Int], at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    .list(try values(of: elements, at: index, in: frame))
  }

  mutating func list(
    _ elements: [(element: Int, isOptional: Bool)], at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let values = try values(of: elements.map(\.element), at: index, in: frame)
    var members: [Value] = []
    members.reserveCapacity(values.count)
    for (value, element) in zip(values, elements) {
      if let present = try present(value, element.isOptional, at: element.element) { members.append(present) }
    }
    return .list(members)
  }

  /// Every value. All are looked at even when one fails, so that every missing slot is reported.
  mutating func values(
    of elements: [Int], at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> [Value] {
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
    return members
  }

  mutating func map(
    _ entries: [(key: Int, value: Int)], at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    try map(entries.map { (key: $0.key, value: $0.value, isOptional: false) }, at: index, in: frame)
  }

  mutating func map(
    _ entries: [(key: Int, value: Int, isOptional: Bool)], at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    var built = MapEntries()
    var pending: EvaluationFailure?
    try charge((entries.count + 1) * Budget.allocationSteps, at: index)
    for entry in entries {
      do throws(EvaluationFailure) {
        let (key, value) = try values(of: entry.key, entry.value, in: frame)
        guard let present = try present(value, entry.isOptional, at: entry.value) else { continue }
        try charge(key: key, at: entry.key)
        if let fault = built.insert(key, present) { throw failure(fault, at: entry.key) }
      } catch {
        if budget.isSpent { throw error }
        pending = pending?.merged(with: error) ?? error
      }
    }
    if let pending { throw pending }
    return .map(MapValue(entries: built.entries))
  }

  /// A key is hashed.
  mutating func charge(key: Value, at index: Int) throws(EvaluationFailure) {
    if case .string(let text) = key { try charge(text.utf8.count >> 4, at: index) }
  }

  /// What becomes of an element or entry: nil where it is optional and absent.
  private func present(
    _ value: Value, _ isOptional: Bool, at index: Int
  ) throws(EvaluationFailure) -> Value? {
    guard isOptional else { return value }
    guard case .optional(let inner) = value else {
      throw failure(.noSuchOverload(Operator.optionalElement, value), at: index)
    }
    return inner
  }
}
