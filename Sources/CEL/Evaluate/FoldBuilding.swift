extension PlanBuilder {
  /// A macro's fold; `map` and `filter` are recognised by their shape.
  mutating func buildFold(_ fold: Node.Comprehension, _ span: Range<Int>) -> Int {
    if let insertion = insertion(fold) { return build(insertion, of: fold, span) }
    let range = build(fold.range)
    let initial = build(fold.initial)
    let outer = scope.count
    scope += [fold.accumulator, fold.variable]
    if let second = fold.secondVariable { scope.append(second) }
    localCount = max(localCount, scope.count)
    let (accumulator, variable) = (outer, outer + 1)
    let condition = build(fold.condition)
    let stepStart = nodes.count
    let step = build(fold.step)
    scope.removeLast(scope.count - outer - 1)
    let result = build(fold.result)
    scope.removeLast()
    let whole = PlanNode.Fold(
      range: range, variable: variable, accumulator: accumulator, initial: initial, condition: condition,
      step: step,
      result: result)
    let collect = collect(whole, stepStart: stepStart)
    guard fold.secondVariable != nil else { return add(collect.map { .collect($0) } ?? .fold(whole), span) }
    return add(
      collect.map { .pairCollect($0, second: variable + 1) } ?? .pairFold(whole, second: variable + 1), span)
  }

  /// What a step of `transformMap` or `transformMapEntry` adds: a key with a value, or a map.
  private typealias Insertion = (condition: NodeID?, key: NodeID, value: NodeID?)

  /// The fold as one of these macros; nothing but the parser makes such a call.
  private func insertion(_ fold: Node.Comprehension) -> Insertion? {
    func call(_ id: NodeID, _ function: String) -> [NodeID]? {
      guard expression.nodes.indices.contains(Int(id.index)),
        case .call(function, nil, let arguments) = expression[id].kind
      else { return nil }
      return arguments
    }
    var step = fold.step
    var condition: NodeID?
    if let choice = call(step, Operator.conditional), choice.count == 3 {
      condition = choice[0]
      step = choice[1]
    }
    guard fold.secondVariable != nil, beginsEmpty(fold), let arguments = call(step, Operator.insert),
      2...3 ~= arguments.count
    else { return nil }
    return (condition, arguments[1], arguments.count > 2 ? arguments[2] : nil)
  }

  private func beginsEmpty(_ fold: Node.Comprehension) -> Bool {
    guard expression.nodes.indices.contains(Int(fold.initial.index)),
      case .map(let entries) = expression[fold.initial].kind
    else { return false }
    return entries.isEmpty
  }

  private mutating func build(
    _ insertion: Insertion, of fold: Node.Comprehension, _ span: Range<Int>
  ) -> Int {
    let range = build(fold.range)
    let outer = scope.count
    scope += [fold.variable, fold.secondVariable ?? ""]
    localCount = max(localCount, scope.count)
    let collect = PlanNode.MapCollect(
      range: range, variable: outer, second: outer + 1, condition: insertion.condition.map { build($0) },
      key: build(insertion.key), value: insertion.value.map { build($0) })
    scope.removeLast(2)
    return add(.mapCollect(collect), span)
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
