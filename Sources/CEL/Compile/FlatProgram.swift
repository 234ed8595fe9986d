/// The flat form of one expression.
///
/// It answers without allocating and without making values: numbers are compared in their slots, text in the frame's
/// arena. Where it cannot answer (an error, another type than expected, text so long that steps must be counted) the
/// plan is evaluated instead, which also tells why there is no answer.
final class FlatProgram: Sendable {
  private let code: FlatCode
  /// Ascending; empty where asks read more.
  private let slots: [Int]
  /// Whether the condition's entry gives the value too.
  private let isTruth: Bool

  /// Nil where all of it would be left to the plan.
  init?(_ plan: Plan, types: [Int: CELType]) {
    var compiler = FlatCompiler()
    let draft = compiler.add(plan, types: types)
    guard !draft.isPointless else { return nil }
    let code = compiler.assemble(values: true)
    guard code.entries[0].hasSteps || code.entries[1].hasSteps else { return nil }
    self.code = code
    slots = draft.asks ? [] : draft.slots
    isTruth = draft.isTruth
  }

  /// The expression as a condition.
  func truth(in frame: borrowing Frame) -> Truth {
    code.withMachine(over: frame) { code, machine, frame in code.run(&machine, in: frame) } ?? .open
  }

  /// The value; nil where the plan must be asked.
  func value(in frame: borrowing Frame) -> Value? {
    code.withMachine(over: frame, entry: isTruth ? 0 : 1) { code, machine, frame in
      switch code.run(&machine, in: frame) {
      case .holds: .bool(true)
      case .fails, .toldFails: .bool(false)
      case .value: Value(machine.registers[0])
      case .missing, .open: nil
      }
    } ?? nil
  }

  /// The missing slot of an unknown condition, where only one of its slots is missing; nil where the plan must tell.
  func missingSlot(in frame: borrowing Frame) -> Int? {
    var found: Int?
    for slot in slots {
      guard slot < frame.slots.count else { return nil }
      switch frame.slots[slot].kind {
      case .missing:
        guard found == nil else { return nil }
        found = slot
      // Elements may be missing too.
      case .list: return nil
      default: break
      }
    }
    return found
  }
}

extension FlatCode {
  /// Lets `body` run the entry over a frame's memory, or the entries whose bits `select` writes into the first words
  /// of `scratch`, behind which the answers are kept. Nil where the frame is too short, which the plan reports.
  @inline(__always)
  func withMachine<Result>(
    over frame: borrowing Frame, entry: Int = 0, scratch: UnsafeMutableBufferPointer<UInt64>? = nil,
    wordCount: Int = 0,
    _ body: (_ code: FlatCode, _ machine: inout Machine, _ frame: borrowing Frame) -> Result
  ) -> Result? {
    guard frame.slots.count >= slotCountMin else { return nil }
    let words = scratch?.baseAddress ?? blankWords
    return frame.slots.withUnsafeBufferPointer { slots in
      frame.arena.withUnsafeBufferPointer { arena in
        withUnsafeTemporaryAllocation(of: Operand.self, capacity: FlatCode.registerCount) { registers in
          guard let registers = registers.baseAddress else { return nil }
          var machine = Machine(
            slots: slots.baseAddress ?? UnsafePointer(blank), slotCount: slots.count,
            arena: arena.baseAddress ?? UnsafePointer(texts), arenaCount: arena.count, registers: registers,
            memos: UnsafeMutableRawPointer(words + wordCount).assumingMemoryBound(to: UInt8.self),
            isSmall: bound.left(arenaCount: arena.count, slotCount: slots.count) >= 0, entry: entry,
            words: words, wordCount: wordCount)
          return body(self, &machine, frame)
        }
      }
    }
  }
}

extension Value {
  /// What a register holds.
  fileprivate init?(_ operand: Operand) {
    switch operand.kind {
    case .null: self = .null
    case .bool: self = .bool(operand.payload != 0)
    case .int: self = .int(operand.integer)
    case .uint: self = .uint(operand.payload)
    case .double: self = .double(operand.double)
    case .string: self = .string(String(decoding: operand.bytes, as: UTF8.self))
    case .bytes: self = .bytes(Array(operand.bytes))
    case .timestamp:
      guard let timestamp = Timestamp(milliseconds: operand.integer) else { return nil }
      self = .timestamp(timestamp)
    case .duration:
      guard let duration = Duration(celMilliseconds: operand.integer) else { return nil }
      self = .duration(duration)
    case .missing, .list, .value, .failure: return nil
    }
  }
}
