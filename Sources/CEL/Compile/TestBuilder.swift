/// Finds in a plan what a flat program can do, and bounds the steps that the tree walker would take for it.
///
/// What it does not know becomes one test that asks the tree walker, for that sub-expression only.
struct TestBuilder {
  let plan: Plan
  let pool: CodePool
  /// By slot, where the environment declares it.
  let types: [Int: CELType]
  /// The number of the plan in the pool.
  let planNumber: UInt32
  /// By node: the value, where it depends on nothing.
  private let folded: [Int: Value]
  /// The steps that the tree walker would take but for those of asks, were there no long constants.
  private var steps: StepBound
  /// Bytes of the constants that functions read as they read the frame's text.
  private var constantBytes = 0
  /// One more than the highest slot that is read outside asks.
  private(set) var slotCountMin = 0
  /// The slots that may be missing, unless asks read more.
  private(set) var slots: Set<Int> = []
  private(set) var asks = false
  /// Choices that may still be drawn out of the value at hand; each doubles what is made of it.
  var choicesLeft = 0

  static let choicesMax = 32

  init(_ plan: Plan, types: [Int: CELType], pool: CodePool) {
    self.plan = plan
    self.pool = pool
    self.types = types
    planNumber = pool.add(plan)
    var folding = ConstantFolding(plan)
    let (values, steps) = folding.run()
    folded = values
    self.steps = StepBound(fixed: steps, stepsMax: plan.stepsMax)
  }

  /// A bound of the steps that the tree walker would take, without those of asks.
  var bound: StepBound {
    var bound = steps
    bound.fixed += bound.sixteenths * (constantBytes >> 4 + 1)
    return bound
  }

  /// The node as a condition.
  mutating func test(_ node: Int) -> Test {
    if let value = folded[node] {
      charge()
      return if case .bool(let bool) = value { .constant(bool) } else { ask(node) }
    }
    switch plan.nodes[node].operation {
    case .and: return pool.join(operands(of: node, decisive: false).map { test($0) }, decisive: false)
    case .or: return pool.join(operands(of: node, decisive: true).map { test($0) }, decisive: true)
    case .unary(.not, let operand):
      charge()
      return .not(test(operand))
    case .conditional(let condition, let then, let otherwise):
      charge()
      return .choice(test(condition), test(then), test(otherwise))
    case .slot(let slot):
      guard let slot = read(slot) else { return ask(node) }
      return leaf([Instruction(.flag, first: slot)])
    case .present(let slot):
      guard let slot = read(slot, isAsked: false) else { return ask(node) }
      return leaf([Instruction(.presence, first: slot)])
    case .binary, .withinSet, .matches: return call(node) ?? ask(node)
    default: return ask(node)
    }
  }

  /// The node as a value.
  mutating func outcome(_ node: Int) -> Outcome? {
    if folded[node] == nil {
      if isTruth(node) { return .test(test(node)) }
      if case .conditional(let condition, let then, let otherwise) = plan.nodes[node].operation {
        let condition = test(condition)
        guard let then = outcome(then), let otherwise = outcome(otherwise) else { return nil }
        return .choice(condition, then, otherwise)
      }
    }
    guard let term = term(node) else { return nil }
    choicesLeft = Self.choicesMax
    return expand(term) { builder, term in builder.yield(term) }
  }

  /// Whether the node gives a bool or nothing.
  func isTruth(_ node: Int) -> Bool {
    switch plan.nodes[node].operation {
    case .and, .or, .unary(.not, _), .present, .withinSet, .matches: true
    case .binary(let function, _, _):
      switch function {
      case .within, .contains, .startsWith, .endsWith: true
      default: function.comparison != nil
      }
    default: false
    }
  }

  /// The value of a node that depends on nothing.
  func constant(_ node: Int) -> Value? { folded[node] }

  /// Leaves the node to the tree walker.
  mutating func ask(_ node: Int) -> Test {
    asks = true
    var step = Instruction(.ask, literal: UInt64(node))
    step.extra = planNumber
    return .leaf(pool.leaf([step]))
  }

  /// A leaf of these steps.
  func leaf(_ steps: [Instruction]) -> Test { .leaf(pool.leaf(steps)) }

  /// Notes that a slot is read; nil for one that a step cannot name.
  mutating func read(_ slot: Int, isAsked: Bool = true) -> UInt16? {
    guard slot >= 0, let number = UInt16(exactly: slot) else { return nil }
    charge(bytes: 1, lists: 1)
    slotCountMin = max(slotCountMin, slot + 1)
    if isAsked { slots.insert(slot) }
    return number
  }

  /// Steps of one node, sixteenths of a step for each byte of text, and steps for each element of lists.
  mutating func charge(_ count: Int = StepBound.nodeSteps, bytes: Int = 0, lists: Int = 0) {
    steps.fixed += count
    steps.sixteenths += bytes
    steps.lists += lists
  }

  /// Notes a constant that a function may read, which costs as much as text of the frame does.
  mutating func charge(constant bytes: Int) { constantBytes += bytes }

  /// The operands of nested `&&` or `||`, from left to right.
  private mutating func operands(of node: Int, decisive: Bool) -> [Int] {
    var found: [Int] = []
    var pending = [node]
    while let next = pending.popLast() {
      switch plan.nodes[next].operation {
      case .and(let left, let right) where !decisive && folded[next] == nil:
        charge()
        pending += [right, left]
      case .or(let left, let right) where decisive && folded[next] == nil:
        charge()
        pending += [right, left]
      default: found.append(next)
      }
    }
    return found
  }
}

/// A bound of the steps that the tree walker takes for what a flat program does: as long as it keeps the budget, the
/// two agree on errors too, whatever is asked first and whatever is left out.
struct StepBound: BitwiseCopyable, Sendable {
  var fixed: Int
  /// Sixteenths of a step for each byte of the frame's arena.
  var sixteenths = 0
  /// Steps for each slot of the frame, of which a list may have as many elements.
  var lists = 0
  var stepsMax: Int

  /// A visit, the report that a slot is missing, and some more.
  static let nodeSteps = 8

  /// Steps that are left for asks; negative where the tree walker might not keep its budget.
  @inline(__always)
  func left(arenaCount: Int, slotCount: Int) -> Int {
    stepsMax &- fixed &- sixteenths &* (arenaCount &>> 4 &+ 1) &- lists &* slotCount
  }
}

/// The nodes of a plan that depend on nothing, with their values.
struct ConstantFolding {
  private let plan: Plan
  private var folded: [Int: Value] = [:]
  private var steps = 0

  /// More than that is worth no folding: it would be done when the expression is loaded.
  private static let stepsMax = 10_000

  init(_ plan: Plan) { self.plan = plan }

  /// The values, and the steps that the tree walker takes to find them.
  mutating func run() -> (values: [Int: Value], steps: Int) {
    // Children come before their parents.
    for node in plan.nodes.indices { fold(node) }
    return (folded, steps)
  }

  private mutating func fold(_ node: Int) {
    if case .constant(let value, _) = plan.nodes[node].operation {
      folded[node] = value
      return
    }
    guard dependsOnNothing(plan.nodes[node].operation) else { return }
    var evaluation = Evaluation(plan, steps: Self.stepsMax)
    guard let value = try? evaluation.value(of: node, in: Frame()) else { return }
    steps += Self.stepsMax - evaluation.budget.left
    folded[node] = value
  }

  private func dependsOnNothing(_ operation: PlanNode.Operation) -> Bool {
    switch operation {
    case .unary(let function, let operand): function != .notStrictlyFalse && folded[operand] != nil
    case .binary(let function, let left, let right):
      // Long lists are searched through a set that the plan has made.
      function != .index && folded[left] != nil && folded[right] != nil
    case .and(let left, let right), .or(let left, let right): folded[left] != nil && folded[right] != nil
    case .conditional(let condition, let then, let otherwise):
      folded[condition] != nil && folded[then] != nil && folded[otherwise] != nil
    case .withinSet(let operand, _), .matches(let operand, _): folded[operand] != nil
    default: false
    }
  }
}
