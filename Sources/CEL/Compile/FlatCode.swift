/// Flat programs that were made together, with their constants, in memory of their own.
///
/// Pointers rather than arrays, so that a run counts no references and checks no bounds: every position was given out
/// by the assembler, and the slots that a run reads are counted before it begins. Immutable from the end of `init` on.
final class FlatCode: Sendable {
  /// What a run needs to know of one condition or expression.
  struct Entry: BitwiseCopyable, Sendable {
    /// The first step among all; 0 where everything is left to the tree walker.
    var start: UInt32
    var asks: Bool
    var bound: StepBound

    var hasSteps: Bool { start > 0 }
  }

  static let registerCount = 8
  /// Answers that are kept for other conditions of the same frame, the unused first one included.
  static let memosMax = 256

  nonisolated(unsafe) let code: UnsafeMutablePointer<Instruction>
  nonisolated(unsafe) let texts: UnsafeMutablePointer<UInt8>
  nonisolated(unsafe) let fewTexts: UnsafeMutablePointer<CodePool.ShortText>
  nonisolated(unsafe) let numbers: UnsafeMutablePointer<Int64>
  /// Kept alive by `setOwners`.
  nonisolated(unsafe) let sets: UnsafeMutablePointer<Unmanaged<ValueSet>>
  nonisolated(unsafe) let entries: UnsafeMutablePointer<Entry>
  /// By entry its start, once more, as that is all that most runs read of it.
  nonisolated(unsafe) let starts: UnsafeMutablePointer<UInt32>
  /// A missing slot, for frames without any.
  nonisolated(unsafe) let blank: UnsafeMutablePointer<Slot>
  /// For programs that keep no answers and run alone.
  nonisolated(unsafe) let blankWords: UnsafeMutablePointer<UInt64>
  /// Whether any entry asks the tree walker.
  let asks: Bool
  /// One more than the highest slot that is read outside asks.
  let slotCountMin: Int
  /// Larger than that of every entry that has steps of its own.
  let bound: StepBound
  let memoCount: Int
  let patterns: [any RegularExpression]
  let plans: [Plan]
  private let setOwners: [ValueSet]

  /// Steps one after another, with the first of each entry.
  init(
    _ steps: [Instruction], entries: [Entry], pool: CodePool, slotCountMin: Int, memoCount: Int
  ) {
    code = FlatCode.copy(steps)
    texts = FlatCode.copy(pool.texts)
    fewTexts = FlatCode.copy(pool.fewTexts)
    numbers = FlatCode.copy(pool.numbers)
    sets = FlatCode.copy(pool.sets.map { Unmanaged.passUnretained($0) })
    self.entries = FlatCode.copy(entries)
    blank = FlatCode.copy([.missing])
    blankWords = FlatCode.copy([0])
    starts = FlatCode.copy(entries.map(\.start))
    asks = entries.contains(where: \.asks)
    self.slotCountMin = slotCountMin
    // One costly condition that is left to the tree walker does not make every frame a large one for the others.
    let bounds = entries.filter(\.hasSteps).map(\.bound)
    bound = StepBound(
      fixed: bounds.map(\.fixed).max() ?? 0, sixteenths: bounds.map(\.sixteenths).max() ?? 0,
      lists: bounds.map(\.lists).max() ?? 0, stepsMax: bounds.map(\.stepsMax).min() ?? 0)
    self.memoCount = memoCount
    patterns = pool.patterns
    plans = pool.plans
    setOwners = pool.sets
  }

  deinit {
    code.deallocate()
    texts.deallocate()
    fewTexts.deallocate()
    numbers.deallocate()
    sets.deallocate()
    entries.deallocate()
    starts.deallocate()
    blank.deallocate()
    blankWords.deallocate()
  }

  private static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    memory.initialize(from: elements, count: elements.count)
    return memory
  }
}

/// Where one run, or the runs over one frame, find what they read and write.
struct Machine {
  let slots: UnsafePointer<Slot>
  let slotCount: Int
  let arena: UnsafePointer<UInt8>
  let arenaCount: Int
  let registers: UnsafeMutablePointer<Operand>
  let memos: UnsafeMutablePointer<UInt8>
  /// Whether the frame is so small that no entry needs its own bound.
  let isSmall: Bool
  /// Steps that asks may still spend.
  var askSteps = 0
  /// The entry that runs, and bit for bit those that are still to run: of its own word, and of those after it.
  var entry = 0
  var bits: UInt64 = 0
  var word = 0
  let words: UnsafePointer<UInt64>
  let wordCount: Int

  /// Goes to the next entry; false after the last one.
  @inline(__always)
  mutating func advance() -> Bool {
    while bits == 0 {
      word &+= 1
      guard word < wordCount else { return false }
      bits = words[word]
    }
    entry = word &<< 6 | bits.trailingZeroBitCount
    bits &= bits &- 1
    return true
  }

  /// The slot in a register's form: nil for what no register holds.
  @inline(__always)
  func operand(_ slot: Slot) -> Operand? {
    switch slot.kind {
    case .null, .bool, .int, .uint, .double: return Operand(kind: slot.kind, payload: slot.payload)
    case .string, .bytes:
      guard let address = address(of: slot) else { return nil }
      return Operand(
        kind: slot.kind, length: slot.length, payload: UInt64(UInt(bitPattern: address)))
    case .timestamp, .duration:
      guard Machine.isInRange(slot) else { return nil }
      return Operand(kind: slot.kind, payload: slot.payload)
    case .missing, .list, .value, .failure: return nil
    }
  }

  /// Where the text lies; nil when it ends behind the arena.
  @inline(__always)
  func address(of slot: Slot) -> UnsafePointer<UInt8>? {
    guard slot.payload <= UInt64(arenaCount),
      Int(slot.payload) &+ Int(slot.length) <= arenaCount
    else { return nil }
    return arena + Int(slot.payload)
  }

  /// Whether a timestamp or a duration is one that CEL knows.
  @inline(__always)
  static func isInRange(_ slot: Slot) -> Bool { isInRange(slot.integer, slot.kind) }

  @inline(__always)
  static func isInRange(_ milliseconds: Int64, _ kind: Slot.Kind) -> Bool {
    kind == .timestamp
      ? milliseconds >= -62_135_596_800_000 && milliseconds < 253_402_300_800_000
      : milliseconds.magnitude <= UInt64(Duration.secondsMax) * 1_000
  }
}
