/// Lays tests out as steps.
///
/// Each test is laid out for three places to go on at: where it holds, where it fails, where it is unknown. After an
/// operand of `&&` that holds comes the next one; after one that is unknown comes the next one too, but with nowhere
/// left to go where it holds: another copy of it, which is shared wherever the three places are the same. So a run
/// never looks back, and needs no memory of what it has met.
struct Assembler {
  private let pool: CodePool
  /// By leaf: where its answer is kept, 0 where it is not.
  private let memos: [UInt16]
  /// In the order in which they were laid out: the steps that a step goes on at come before it.
  private var steps: [Instruction] = []
  private var places: [Place: UInt16] = [:]

  private struct Place: Hashable {
    let leaf: Int
    let holds: UInt16
    let fails: UInt16
    let missing: UInt16
  }

  /// Tests that may still be laid out; the conditions of nested choices have more copies than others.
  private var visitsLeft = 0

  /// More than that is left to the tree walker.
  static let stepsMax = 32_768
  private static let visitsMax = 200_000

  init(_ pool: CodePool, memos: [UInt16] = []) {
    self.pool = pool
    self.memos = memos
  }

  /// The steps of a condition, the first one first; nil when there are too many.
  mutating func condition(_ test: Test, isAlwaysTold: Bool = false) -> [Instruction]? {
    start()
    let entry = lay(
      test, holds: Instruction.terminal(.holds),
      fails: Instruction.terminal(isAlwaysTold ? .toldFails : .fails),
      missing: Instruction.terminal(.missing))
    return finish(entry)
  }

  /// The steps of an expression with a value.
  mutating func value(_ outcome: Outcome) -> [Instruction]? {
    start()
    let entry = lay(outcome)
    return finish(entry)
  }

  private var hasRoom: Bool { steps.count < Self.stepsMax && visitsLeft >= 0 }

  private mutating func start() {
    steps = []
    places = [:]
    visitsLeft = Self.visitsMax
  }

  /// The steps from first to last; the entry is the one laid out last.
  private func finish(_ entry: UInt16) -> [Instruction]? {
    guard hasRoom else { return nil }
    if entry >= Instruction.terminals {
      // Nothing is left to ask: one step says so.
      var step = Instruction(.constant)
      step.holds = entry
      return [step]
    }
    // What was laid out first comes last, and what was laid out after the entry is not reached.
    func turned(_ place: UInt16) -> UInt16 { place >= Instruction.terminals ? place : entry &- place }
    return steps[...Int(entry)].reversed().map { step in
      var step = step
      (step.holds, step.fails) = (turned(step.holds), turned(step.fails))
      step.missing = turned(step.missing)
      return step
    }
  }

  private mutating func lay(_ outcome: Outcome) -> UInt16 {
    switch outcome {
    case .test(let test):
      return lay(
        test, holds: Instruction.terminal(.holds), fails: Instruction.terminal(.fails),
        missing: Instruction.terminal(.missing))
    case .yield(let leaf): return lay(leaf: leaf, holds: 0, fails: 0, missing: Instruction.terminal(.missing))
    case .choice(let condition, let then, let otherwise):
      let (holds, fails) = (lay(then), lay(otherwise))
      return lay(condition, holds: holds, fails: fails, missing: Instruction.terminal(.missing))
    }
  }

  private mutating func lay(_ test: Test, holds: UInt16, fails: UInt16, missing: UInt16) -> UInt16 {
    visitsLeft -= 1
    guard hasRoom else { return Instruction.terminal(.open) }
    // All the same: nothing hangs on it, unless it asks the tree walker, which counts its steps.
    if holds == fails, fails == missing, pool.isBounded(test) { return holds }
    switch test {
    case .constant(let value): return value ? holds : fails
    case .leaf(let leaf): return lay(leaf: leaf, holds: holds, fails: fails, missing: missing)
    case .not(let test): return lay(test, holds: fails, fails: holds, missing: missing)
    case .choice(let condition, let then, let otherwise):
      let first = lay(then, holds: holds, fails: fails, missing: missing)
      let second = lay(otherwise, holds: holds, fails: fails, missing: missing)
      return lay(condition, holds: first, fails: second, missing: missing)
    case .all(let tests):
      return lay(tests, next: holds, missing: missing) { assembler, test, next, missing in
        assembler.lay(test, holds: next, fails: fails, missing: missing)
      }
    case .any(let tests):
      return lay(tests, next: fails, missing: missing) { assembler, test, next, missing in
        assembler.lay(test, holds: holds, fails: next, missing: missing)
      }
    }
  }

  /// From the last operand to the first, each once with everything known before it and once with something unknown.
  private mutating func lay(
    _ tests: [Test], next: UInt16, missing: UInt16,
    _ lay: (inout Assembler, Test, _ next: UInt16, _ missing: UInt16) -> UInt16
  ) -> UInt16 {
    var (next, missing) = (next, missing)
    for (index, test) in tests.enumerated().reversed() {
      guard hasRoom else { return Instruction.terminal(.open) }
      let known = lay(&self, test, next, missing)
      // Nothing comes before the first operand that could be unknown.
      if index > 0 { missing = next == missing ? known : lay(&self, test, missing, missing) }
      next = known
    }
    return next
  }

  private mutating func lay(leaf: Int, holds: UInt16, fails: UInt16, missing: UInt16) -> UInt16 {
    let place = Place(leaf: leaf, holds: holds, fails: fails, missing: missing)
    if let known = places[place] { return known }
    guard hasRoom else { return Instruction.terminal(.open) }
    let memo = memos.indices.contains(leaf) ? memos[leaf] : 0
    var next: UInt16 = 0
    for (offset, template) in pool.leaves[leaf].reversed().enumerated() {
      var step = template
      step.missing = missing
      if offset == 0 {
        let isSwapped = step.kind.maySwap && step.detail & Instruction.swapped != 0
        (step.holds, step.fails) = isSwapped ? (fails, holds) : (holds, fails)
        step.memo = memo
      } else {
        step.holds = next
      }
      next = append(step)
    }
    if memo != 0 {
      var recall = Instruction(.recall)
      (recall.holds, recall.fails, recall.missing, recall.memo) = (holds, fails, missing, memo)
      next = append(recall)
    }
    places[place] = next
    return next
  }

  private mutating func append(_ step: Instruction) -> UInt16 {
    steps.append(step)
    return UInt16(steps.count - 1)
  }
}

extension Instruction.Kind {
  /// Whether `detail` may say `Instruction.swapped`.
  var maySwap: Bool {
    switch self {
    case .flag, .intEqual, .intLess, .intGreater, .doubleEqual, .text: true
    default: false
    }
  }
}
