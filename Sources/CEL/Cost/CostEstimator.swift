/// Adds up what an evaluation of a plan charges at most: over sizes instead of values, every branch taken and every loop
/// run to its end.
///
/// In the order of the plan's nodes, children before parents, so that no nesting needs a deep stack.
struct CostEstimator {
  private typealias Estimate = (steps: StepCount, size: ValueSize)

  private let plan: Plan
  private let variables: [Int: ValueSize]
  private var locals: [ValueSize]
  /// By node.
  private var estimates: [Estimate] = []
  /// Locals get their sizes once the node is estimated that they come from.
  private var bindings: [Int: [Binding]] = [:]

  private enum Binding {
    /// The accumulator, when its initial value is known.
    case accumulator(PlanNode.Fold)
    /// The accumulator, when a step is known.
    case result(PlanNode.Fold)
    /// The variables, when the range is known.
    case variables(range: Int, Int, second: Int?)
  }

  init(_ plan: Plan, _ environment: Environment) {
    self.plan = plan
    let sizes = environment.sizes
    variables = Dictionary(
      environment.variables.map { ($0.slot, ValueSize($0.type, sizes.extent(of: $0.slot))) },
      uniquingKeysWith: { $0.joined(with: $1) })
    locals = Array(repeating: .anything, count: plan.localCount)
    for node in plan.nodes {
      switch node.operation {
      case .fold(let fold): bind(fold, second: nil)
      case .pairFold(let fold, let second): bind(fold, second: second)
      case .collect(let collect): bind(collect.range, collect.variable, second: nil)
      case .pairCollect(let collect, let second): bind(collect.range, collect.variable, second: second)
      case .mapCollect(let collect): bind(collect.range, collect.variable, second: collect.second)
      default: break
      }
    }
  }

  private mutating func bind(_ fold: PlanNode.Fold, second: Int?) {
    bindings[fold.initial, default: []] += [
      .accumulator(fold), .variables(range: fold.range, fold.variable, second: second),
    ]
    bindings[fold.step, default: []].append(.result(fold))
  }

  private mutating func bind(_ range: Int, _ variable: Int, second: Int?) {
    bindings[range, default: []].append(.variables(range: range, variable, second: second))
  }

  /// The steps of each node with all below it, by node; the last one's are those of the whole.
  mutating func steps() -> [StepCount] {
    estimates.reserveCapacity(plan.nodes.count)
    for index in plan.nodes.indices {
      let own = estimate(plan.nodes[index].operation)
      estimates.append((1 + own.steps, own.size))
      for binding in bindings[index] ?? [] { apply(binding) }
    }
    return estimates.map(\.steps)
  }

  private mutating func apply(_ binding: Binding) {
    switch binding {
    case .accumulator(let fold): locals[fold.accumulator] = estimates[fold.initial].size
    case .result(let fold): if !isSteady(fold) { locals[fold.accumulator] = .anything }
    case .variables(let range, let variable, let second):
      let size = estimates[range].size
      locals[variable] = second == nil ? size.member : size.position
      if let second { locals[second] = size.element }
    }
  }

  /// Without the visit of the node itself. What is not known here costs without bound.
  private func estimate(_ operation: PlanNode.Operation) -> Estimate {
    if case .failure = operation { return (0, .nothing) }
    switch operation {
    case .constant(let value, let members): return (0, members?.size ?? ValueSize(value))
    case .slot(let slot): return variable(slot)
    case .local(let local): return (0, locals[local])
    case .present: return (0, .scalar)
    case .select(let operand, let field): return select(field, of: operand)
    case .has(let operand, let field): return (select(field, of: operand).steps, .scalar)
    case .unary(let function, let operand):
      let cost = FunctionCost.unary(function.rawValue, estimates[operand].size)
      return (estimates[operand].steps + cost.steps, cost.result)
    case .binary(let function, let left, let right):
      let cost = FunctionCost.binary(function.rawValue, estimates[left].size, estimates[right].size)
      return (sum(left, right) + cost.steps, cost.result)
    case .and(let left, let right), .or(let left, let right): return (sum(left, right), .scalar)
    case .conditional(let condition, let then, let otherwise):
      let branches = max(estimates[then].steps, estimates[otherwise].steps)
      return (
        estimates[condition].steps + branches, estimates[then].size.joined(with: estimates[otherwise].size)
      )
    case .withinSet(let operand, let set): return within(operand, set)
    case .withinRanges(let operand, _, _):
      return (estimates[operand].steps + StepCount(AddressFunctions.readingSteps), .scalar)
    case .matches(let text, let pattern):
      return (estimates[text].steps + matchSteps(text, pattern.size), .scalar)
    case .matchesDynamic(let text, let pattern):
      let states = Evaluation.dynamicPatternSizeMax
      let match = StepCount(states * Evaluation.stateSteps) + matchSteps(text, states)
      let use = max(match, StepCount(Evaluation.refusalSteps))
      return (sum(text, pattern) + StepCount(Evaluation.compilationSteps) + use, .scalar)
    case .zonedTimePart(_, let timestamp, let zone): return (sum(timestamp, zone) + 16, .scalar)
    case .list(let elements): return list(elements)
    case .map(let entries): return map(entries)
    case .fold(let fold), .pairFold(let fold, _): return self.fold(fold)
    case .collect(let collect), .pairCollect(let collect, _): return self.collect(collect)
    case .mapCollect(let collect): return self.collect(collect)
    case .call(let function, let operands): return call(function.name, operands)
    case .optionalList(let elements): return list(elements.map(\.element), areOptional: true)
    case .optionalMap(let entries): return map(entries.map { ($0.key, $0.value) }, areOptional: true)
    case .optionalOr(let left, let right, let unwraps):
      let own = estimates[left].size
      return (sum(left, right), (unwraps ? own.element : own).joined(with: estimates[right].size))
    case .optionalSlot(let slot):
      let own = variable(slot)
      return (own.steps + StepCount(Budget.allocationSteps), .optional(own.size))
    case .optionalSelect(let operand, let field):
      let steps = StepCount(Budget.allocationSteps) + StepCount(field.utf8.count) >> 4
      return (estimates[operand].steps + steps, .optional(estimates[operand].size.selected))
    case .optionalIndex(let operand, let index):
      let steps = StepCount(Budget.allocationSteps) + estimates[index].size.bytes >> 4
      return (sum(operand, index) + steps, .optional(estimates[operand].size.selected))
    default: return (.unbounded, .anything)
    }
  }

  private func matchSteps(_ text: Int, _ size: Int) -> StepCount {
    guard let bytes = estimates[text].size.bytes.bounded else { return .unbounded }
    let (steps, overflows) = bytes.multipliedReportingOverflow(by: max(5, size))
    return overflows ? .unbounded : StepCount(steps / 10)
  }

  private func sum(_ left: Int, _ right: Int) -> StepCount { estimates[left].steps + estimates[right].steps }

  /// Reading a list visits its elements, reading text copies it.
  private func variable(_ slot: Int) -> Estimate {
    let size = variables[slot] ?? .anything
    let read = max(size.kinds.contains(.list) ? size.count : 0, size.bytes >> 4)
    return (max(read, StepCount(Budget.allocationSteps)), size)
  }

  private func select(_ field: String, of operand: Int) -> Estimate {
    // Of an optional value the result is one too.
    let size = estimates[operand].size
    let isOptional = size.kinds.contains(.optional)
    let steps = StepCount(field.utf8.count) >> 4 + StepCount(isOptional ? Budget.allocationSteps : 0)
    let selected = size.selected
    return (
      estimates[operand].steps + steps, isOptional ? selected.joined(with: .optional(selected)) : selected
    )
  }

  private func within(_ operand: Int, _ set: ValueSet) -> Estimate {
    let searched = set.others.reduce(0 as StepCount) { $0 + 1 + ValueSize($1).comparisonSteps }
    return (estimates[operand].steps + max(estimates[operand].size.bytes >> 4, searched), .scalar)
  }

  private func list(_ elements: [Int], areOptional: Bool = false) -> Estimate {
    var steps = StepCount(Budget.allocationSteps)
    var size = ValueSize.nothing
    for element in elements {
      steps += estimates[element].steps
      size = size.joined(with: estimates[element].size)
      if areOptional { size = size.joined(with: estimates[element].size.element) }
    }
    return (steps, .list(StepCount(elements.count), of: size))
  }

  /// A function of an extension, whose operands are put into a list.
  private func call(_ name: String, _ operands: [Int]) -> Estimate {
    let cost = FunctionCost.extension(name, operands.map { estimates[$0].size })
    return (list(operands).steps + cost.steps, cost.result)
  }

  private func map(_ entries: [(key: Int, value: Int)], areOptional: Bool = false) -> Estimate {
    var steps = StepCount((entries.count + 1) * Budget.allocationSteps)
    var keyBytes: StepCount = 0
    var values = ValueSize.nothing
    for entry in entries {
      let bytes = estimates[entry.key].size.bytes
      steps += sum(entry.key, entry.value) + bytes >> 4
      keyBytes = max(keyBytes, bytes)
      values = values.joined(with: estimates[entry.value].size)
      if areOptional { values = values.joined(with: estimates[entry.value].size.element) }
    }
    return (steps, .map(StepCount(entries.count), keyBytes: keyBytes, values: values))
  }
}

extension CostEstimator {
  /// Whether no step makes the accumulator larger: those of `all`, `exists` and `exists_one` have no size, that of `cel.bind`
  /// stays as it is. One that grows has no bound.
  private func isSteady(_ fold: PlanNode.Fold) -> Bool {
    let initial = estimates[fold.initial].size
    return initial.joined(with: estimates[fold.step].size) == initial
  }

  /// What a macro goes through; the keys of a map are collected first.
  private func range(_ node: Int) -> (steps: StepCount, count: StepCount) {
    let size = estimates[node].size
    return (estimates[node].steps + (size.kinds.contains(.map) ? size.count : 0), size.count)
  }

  private func fold(_ fold: PlanNode.Fold) -> (steps: StepCount, size: ValueSize) {
    let result = estimates[fold.result]
    guard isSteady(fold) else { return (.unbounded, result.size) }
    let range = range(fold.range)
    let rounds = range.count * (1 + sum(fold.condition, fold.step))
    return (range.steps + estimates[fold.initial].steps + rounds + result.steps, result.size)
  }

  private func collect(_ collect: PlanNode.Collect) -> (steps: StepCount, size: ValueSize) {
    let range = range(collect.range)
    let condition = collect.condition.map { estimates[$0].steps } ?? 0
    let rounds = range.count * (1 + condition + estimates[collect.element].steps)
    return (range.steps + rounds, .list(range.count, of: estimates[collect.element].size))
  }

  private func collect(_ collect: PlanNode.MapCollect) -> (steps: StepCount, size: ValueSize) {
    let range = range(collect.range)
    let condition = collect.condition.map { estimates[$0].steps } ?? 0
    let key = estimates[collect.key]
    let insertion = StepCount(Budget.allocationSteps)
    guard let value = collect.value else {
      // Each step makes a map, whose entries are taken over.
      let entries = key.size.count * (insertion + key.size.keyBytes >> 4)
      let size = ValueSize.map(
        range.count * key.size.count, keyBytes: key.size.keyBytes, values: key.size.element)
      return (range.steps + range.count * (1 + condition + key.steps + entries), size)
    }
    let step = 1 + condition + key.steps + estimates[value].steps + insertion + key.size.bytes >> 4
    let size = ValueSize.map(range.count, keyBytes: key.size.bytes, values: estimates[value].size)
    return (range.steps + range.count * step, size)
  }
}
