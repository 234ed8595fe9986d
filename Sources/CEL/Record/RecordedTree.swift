/// From nodes of a plan, as the evaluator meets them, to the tree that an author would draw.
extension Plan {
  /// A node that was evaluated, with those of its children that were not.
  func seen(_ position: Int, _ seen: Recorder.Open, _ outcome: RecordedNode.Outcome) -> RecordedNode {
    let node = nodes[position]
    return RecordedNode(
      kind: kind(node.operation), span: node.span, outcome: outcome, wasLookedAt: true,
      children: children(node.operation, seen), stepsOmitted: seen.stepsOmitted, position: position)
  }

  /// A node that was passed over with all below it. As deep as the expression, whose depth is limited.
  func unseen(_ position: Int) -> RecordedNode {
    let node = nodes[position]
    return RecordedNode(
      kind: kind(node.operation), span: node.span, outcome: .notLookedAt, wasLookedAt: false,
      children: children(node.operation, Recorder.Open()), stepsOmitted: 0, position: position)
  }

  private func children(_ operation: PlanNode.Operation, _ seen: Recorder.Open) -> [RecordedNode] {
    func child(_ position: Int) -> RecordedNode {
      seen.children.first { $0.position == position } ?? unseen(position)
    }
    guard let parts = parts(operation) else { return operation.operands.map(child) }
    if let body = parts.boundBody { return [child(parts.range), child(body)] }
    var elements: [RecordedNode] = []
    for (index, step) in seen.steps.enumerated() {
      let end = index + 1 < seen.steps.count ? seen.steps[index + 1].start : seen.children.count
      if let element = element(step.member, parts, seen.children[step.start..<end]) {
        elements.append(element)
      }
    }
    if elements.isEmpty { elements = element(nil, parts, []).map { [$0] } ?? [] }
    return [child(parts.range)] + elements
  }

  /// One step of a fold; nil where the fold ended before its body.
  private func element(
    _ member: Int?, _ parts: FoldParts, _ seen: ArraySlice<RecordedNode>
  ) -> RecordedNode? {
    // What an author wrote may stand within the step that the macro made of it.
    let found = seen.flatMap { [$0] + $0.children }
    let bodies = parts.bodies.map { body in found.first { $0.position == body } }
    if member != nil && bodies.allSatisfy({ $0 == nil }) { return nil }
    let children = zip(parts.bodies, bodies).map { $1 ?? unseen($0) }
    guard let first = children.first else { return nil }
    return RecordedNode(
      kind: .element(position: member), span: first.span, outcome: first.outcome,
      wasLookedAt: first.wasLookedAt,
      children: children, stepsOmitted: 0, position: first.position)
  }

  private func kind(_ operation: PlanNode.Operation) -> RecordedNode.Kind {
    switch operation {
    case .constant: .constant
    case .slot(let slot), .optionalSlot(let slot): .variable(slot: slot)
    case .local: .local
    case .present(let slot): .presence(slot: slot)
    case .and: .and
    case .or: .or
    case .unary(.not, _): .not
    case .conditional: .conditional
    case .binary(let function, _, _): kind(function)
    case .withinSet, .withinRanges: .membership
    case .matches, .matchesDynamic: .textTest
    case .fold, .pairFold, .collect, .pairCollect, .mapCollect:
      parts(operation)?.boundBody == nil ? .fold : .binding
    default: .other
    }
  }

  private func kind(_ function: BinaryFunction) -> RecordedNode.Kind {
    switch function {
    case .within: .membership
    case .contains, .startsWith, .endsWith: .textTest
    default: function.comparison.map { .comparison($0) } ?? .other
    }
  }
}

/// The parts of a fold that an author has written.
private struct FoldParts {
  /// What it goes through, or the value that it gives a name.
  let range: Int
  /// What is run for each element.
  var bodies: [Int] = []
  /// For a fold that only gives a value a name: what reads it.
  var boundBody: Int?
}

extension Plan {
  private func parts(_ operation: PlanNode.Operation) -> FoldParts? {
    switch operation {
    case .fold(let fold), .pairFold(let fold, _): parts(fold)
    case .collect(let collect), .pairCollect(let collect, _): parts(collect)
    case .mapCollect(let collect):
      FoldParts(
        range: collect.range, bodies: [collect.condition, collect.value ?? collect.key].compactMap { $0 })
    default: nil
    }
  }

  private func parts(_ fold: PlanNode.Fold) -> FoldParts {
    // Nothing but the macros that give a value a name never take a step.
    if case .constant(.bool(false), _) = nodes[fold.condition].operation {
      return FoldParts(range: fold.initial, boundBody: fold.result)
    }
    return FoldParts(range: fold.range, bodies: [body(of: fold)])
  }

  private func parts(_ collect: PlanNode.Collect) -> FoldParts {
    guard let condition = collect.condition else {
      return FoldParts(range: collect.range, bodies: [collect.element])
    }
    // `filter` takes the element as it is.
    let isFilter = isLocal(collect.element, collect.variable)
    return FoldParts(range: collect.range, bodies: isFilter ? [condition] : [condition, collect.element])
  }

  /// The argument of `all`, `exists` or `exists_one` within the step that the macro made of it.
  private func body(of fold: PlanNode.Fold) -> Int {
    switch nodes[fold.step].operation {
    case .and(let left, let right), .or(let left, let right):
      isLocal(left, fold.accumulator) ? right : isLocal(right, fold.accumulator) ? left : fold.step
    case .conditional(let condition, _, let otherwise):
      isLocal(otherwise, fold.accumulator) ? condition : fold.step
    default: fold.step
    }
  }

  private func isLocal(_ position: Int, _ local: Int) -> Bool {
    if case .local(local) = nodes[position].operation { true } else { false }
  }
}

extension PlanNode.Operation {
  /// The nodes right below, as the source has them; none for folds.
  fileprivate var operands: [Int] {
    switch self {
    case .constant, .slot, .local, .present, .optionalSlot, .failure: []
    case .select(let operand, _), .has(let operand, _), .unary(_, let operand), .withinSet(let operand, _),
      .withinRanges(let operand, _, _),
      .matches(let operand, _), .optionalSelect(let operand, _):
      [operand]
    case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right),
      .matchesDynamic(let left, let right), .zonedTimePart(_, let left, let right),
      .optionalOr(let left, let right, _), .optionalIndex(let left, let right):
      [left, right]
    case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
    case .list(let elements), .call(_, let elements): elements
    case .optionalList(let elements): elements.map(\.element)
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .optionalMap(let entries): entries.flatMap { [$0.key, $0.value] }
    case .fold, .collect, .pairFold, .pairCollect, .mapCollect: []
    }
  }
}
