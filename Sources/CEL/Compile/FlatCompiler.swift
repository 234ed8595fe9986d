/// Makes flat programs of plans, several with common constants.
struct FlatCompiler {
  private let pool = CodePool()
  private var drafts: [Draft] = []

  /// A plan's tests, and what running them takes.
  struct Draft {
    let condition: Test
    /// Nil where the condition is the value, or there is none.
    let value: Outcome?
    let bound: StepBound
    let slotCountMin: Int
    /// The slots that are read, ascending; without those that asks read.
    let slots: [Int]
    let asks: Bool
    /// Whether the plan is worth no flat form: all of it would be asked.
    let isPointless: Bool
    /// Whether the condition also tells the value.
    let isTruth: Bool

    /// Whether everything is left to the tree walker, even over a small frame.
    var isLeft: Bool { bound.left(arenaCount: 1_024, slotCount: 64) < 0 }
  }

  // What is larger is left to the plan, whose steps are counted.
  private static let nodesMax = 4_096

  /// Adds a plan; the types of its slots say in which form constants are compared.
  mutating func add(_ plan: Plan, types: [Int: CELType]) -> Draft {
    var builder = TestBuilder(plan, types: types, pool: pool)
    var condition: Test
    var value: Outcome?
    let isTruth = plan.nodes.count <= Self.nodesMax && builder.isTruth(plan.root)
    if plan.nodes.count > Self.nodesMax {
      condition = builder.ask(plan.root)
    } else if isTruth {
      condition = builder.test(plan.root)
    } else {
      condition = builder.test(plan.root)
      value = builder.outcome(plan.root)
    }
    var isPointless = false
    if case .leaf(let leaf) = condition {
      isPointless = pool.leaves[leaf].first?.kind == .ask && value == nil
    }
    let draft = Draft(
      condition: condition, value: value, bound: builder.bound, slotCountMin: builder.slotCountMin,
      slots: builder.slots.sorted(), asks: builder.asks,
      isPointless: isPointless, isTruth: isTruth)
    drafts.append(draft)
    return draft
  }

  /// One entry for each condition, and after them, if wanted, one for each value.
  func assemble(values: Bool, alwaysTold: Set<Int> = []) -> FlatCode {
    let (memos, memoCount) = memos(of: drafts.count)
    var assembler = Assembler(pool, memos: memos)
    // What is left to the tree walker begins and ends here.
    var steps = [Instruction(.leave)]
    var entries: [FlatCode.Entry] = []
    func add(_ draft: Draft, _ code: [Instruction]?) {
      var entry = FlatCode.Entry(start: 0, asks: draft.asks, bound: draft.bound)
      if let code, steps.count + code.count <= Int(Int32.max) {
        entry.start = UInt32(steps.count)
        steps += code
      }
      entries.append(entry)
    }
    for (number, draft) in drafts.enumerated() {
      let isLeft = draft.isLeft || draft.isPointless
      let isAlwaysTold = alwaysTold.contains(number)
      add(draft, isLeft ? nil : assembler.condition(draft.condition, isAlwaysTold: isAlwaysTold))
    }
    for draft in drafts where values {
      add(draft, draft.isLeft ? nil : draft.value.flatMap { assembler.value($0) })
    }
    return FlatCode(
      steps, entries: entries, pool: pool, slotCountMin: drafts.map(\.slotCountMin).max() ?? 0,
      memoCount: memoCount)
  }

  /// Answers that more than one condition asks for, and that cost more to find than to keep.
  private func memos(of count: Int) -> (memos: [UInt16], count: Int) {
    guard count > 1 else { return ([], 0) }
    var memos = [UInt16](repeating: 0, count: pool.leaves.count)
    var next: UInt16 = 1
    for (leaf, steps) in pool.leaves.enumerated() where pool.uses[leaf] > 1 && next < FlatCode.memosMax {
      // Asks count their steps for each condition; what is kept is not turned around as some tests are.
      guard let test = steps.last?.kind, test != .ask, test != .yield, !test.maySwap,
        steps.reduce(0, { $0 + $1.cost }) >= Self.memoCostMin
      else { continue }
      memos[leaf] = next
      next += 1
    }
    return (memos, Int(next))
  }

  /// Below that, asking again is as fast.
  private static let memoCostMin = 3

  /// What the tests name.
  var leaves: [[Instruction]] { pool.leaves }
  var texts: [UInt8] { pool.texts }
  var fewTexts: [CodePool.ShortText] { pool.fewTexts }
  var numbers: [Int64] { pool.numbers }

  func isBounded(_ test: Test) -> Bool { pool.isBounded(test) }
}
