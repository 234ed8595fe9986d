/// Many conditions that are asked of one frame after another, as one flat program.
///
/// A condition that needs a slot to equal a constant (`country == "DE" && …`) is found by that slot's value and is not
/// run for frames with another one; where the slot is missing or of another type it is run all the same, so that the
/// answers are those of each condition alone. What several conditions ask is asked once for each frame.
public final class ConditionSet: Sendable {
  /// What a condition comes to.
  public enum Answer: Sendable {
    case holds
    /// Told only of the conditions that are `always` to be told of.
    case fails
    /// Unknown or failed: `Program.holds(_:)` throws the reason.
    case undecided
  }

  private let conditions: [Program]
  private let code: FlatCode
  private let index: ConditionIndex
  private let always: Set<Int>

  /// The conditions in the order in which they are told of; those in `always` are told of when they fail, too.
  public init(_ conditions: [Program], always: Set<Int> = []) {
    self.conditions = conditions
    self.always = always
    var compiler = FlatCompiler()
    var drafts: [FlatCompiler.Draft] = []
    for condition in conditions { drafts.append(compiler.add(condition.plan, types: condition.types)) }
    code = compiler.assemble(values: false, alwaysTold: always)
    // What is left to the tree walker is left to it whatever the frame holds.
    index = ConditionIndex(
      drafts.map { $0.isLeft ? .constant(true) : $0.condition }, always: always, compiler)
  }

  /// Tells of the conditions that do not fail, in their order.
  public func evaluate(_ frame: borrowing Frame, _ found: (_ condition: Int, _ answer: Answer) -> Void) {
    let wordCount = index.wordCount
    let isDone: Void? = withUnsafeTemporaryAllocation(
      of: UInt64.self, capacity: wordCount + (code.memoCount + 7) / 8 + 1
    ) { scratch in
      scratch.initialize(repeating: 0)
      return code.withMachine(over: frame, scratch: scratch, wordCount: wordCount) { code, machine, frame in
        index.select(scratch, machine, code)
        machine.bits = scratch[0]
        guard machine.advance() else { return }
        while true {
          let truth = code.run(&machine, in: frame)
          if truth == .fails { return }
          tell(machine.entry, truth, frame, found)
          guard machine.advance() else { return }
        }
      }
    }
    guard isDone == nil else { return }
    for condition in conditions.indices { tell(condition, .open, frame, found) }
  }

  private func tell(
    _ condition: Int, _ truth: Truth, _ frame: borrowing Frame, _ found: (Int, Answer) -> Void
  ) {
    switch truth {
    case .holds: found(condition, .holds)
    case .toldFails: found(condition, .fails)
    case .missing: found(condition, .undecided)
    case .fails, .open, .value: walk(condition, frame, found)
    }
  }

  /// Apart, so that the way of most conditions is short.
  @inline(never)
  private func walk(_ condition: Int, _ frame: borrowing Frame, _ found: (Int, Answer) -> Void) {
    guard let holds = try? conditions[condition].walkCondition(frame) else {
      return found(condition, .undecided)
    }
    if holds || always.contains(condition) { found(condition, holds ? .holds : .fails) }
  }

  /// How many conditions are found by a slot's value rather than run for every frame.
  package var indexedCount: Int { index.indexedCount }

  /// How many conditions the values of the frame do not rule out.
  package func candidateCount(in frame: borrowing Frame) -> Int {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: index.wordCount) { words in
      words.initialize(repeating: 0)
      code.withMachine(over: frame, scratch: words, wordCount: words.count) { code, machine, _ in
        index.select(words, machine, code)
      }
      return words.reduce(0) { $0 + $1.nonzeroBitCount }
    }
  }
}
