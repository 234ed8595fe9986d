extension PlanBuilder {
  /// A macro's fold; `map` and `filter` are recognised by their shape.
  mutating func buildFold(_ fold: Node.Comprehension, _ span: Range<Int>) -> Int {
    let range = build(fold.range)
    let initial = build(fold.initial)
    let outer = scope.count
    scope += [fold.accumulator, fold.variable]
    localCount = max(localCount, scope.count)
    let (accumulator, variable) = (outer, outer + 1)
    let condition = build(fold.condition)
    let stepStart = nodes.count
    let step = build(fold.step)
    scope.removeLast()
    let result = build(fold.result)
    scope.removeLast()
    let whole = PlanNode.Fold(
      range: range, variable: variable, accumulator: accumulator, initial: initial, condition: condition,
      step: step,
      result: result)
    if let collect = collect(whole, stepStart: stepStart) { return add(.collect(collect), span) }
    return add(.fold(whole), span)
  }

  /// The fold as `map` or `filter`: it starts with no elements, each step is `accumulator + [x]` or
  /// `condition ? accumulator + [x] : accumulator`, and nothing else reads the accumulator.
  private func collect(_ fold: PlanNode.Fold, stepStart: Int) -> PlanNode.Collect? {
    guard
      case .list(let members)? = constant(fold.initial), members.isEmpty,
      case .bool(true)? = constant(fold.condition), isLocal(fold.result, fold.accumulator)
    else { return nil }
    let uses = nodes[stepStart..<nodes.count].indices.count { isLocal($0, fold.accumulator) } - 1
    if let element = appended(fold.step, fold.accumulator) {
      guard uses == 1 else { return nil }
      return PlanNode.Collect(range: fold.range, variable: fold.variable, condition: nil, element: element)
    }
    guard
      case .conditional(let condition, let then, let otherwise) = nodes[fold.step].operation,
      isLocal(otherwise, fold.accumulator), let element = appended(then, fold.accumulator), uses == 2
    else { return nil }
    return PlanNode.Collect(
      range: fold.range, variable: fold.variable, condition: condition, element: element)
  }

  private func isLocal(_ node: Int, _ local: Int) -> Bool {
    if case .local(local) = nodes[node].operation { true } else { false }
  }

  /// The `x` of `accumulator + [x]`.
  private func appended(_ node: Int, _ accumulator: Int) -> Int? {
    guard
      case .binary(.add, let left, let right) = nodes[node].operation, isLocal(left, accumulator),
      case .list(let elements) = nodes[right].operation, elements.count == 1
    else { return nil }
    return elements[0]
  }
}
