/// Running a flat program.
extension FlatCode {
  /// Runs entries until one does not fail, which `machine.entry` then names; `fails` when all have run.
  ///
  /// One loop for all of them: a call for each would cost as much as most conditions do. Every step goes on at a later
  /// step of the same entry or at an end, so that no entry runs for ever.
  func run(_ machine: inout Machine, in frame: borrowing Frame) -> Truth {
    repeat {
      let truth = runEntry(&machine, in: frame)
      if truth != .fails { return truth }
    } while machine.advance()
    return .fails
  }

  @inline(__always)
  private func runEntry(_ machine: inout Machine, in frame: borrowing Frame) -> Truth {
    if asks || !machine.isSmall {
      let entry = entries[machine.entry]
      machine.askSteps = entry.bound.left(arenaCount: machine.arenaCount, slotCount: machine.slotCount)
      guard machine.askSteps >= 0 else { return .open }
    }
    let first = code + Int(starts[machine.entry])
    var place: UInt16 = 0
    while place < Instruction.terminals {
      let step = first + Int(place)
      switch step.pointee.kind {
      case .intEqual: place = int(step, machine) { $0 == $1 }
      case .intLess: place = int(step, machine) { $0 < $1 }
      case .intGreater: place = int(step, machine) { $0 > $1 }
      case .doubleLess: place = double(step, machine) { $0 < $1 }
      case .doubleGreater: place = double(step, machine) { $0 > $1 }
      case .flag: place = flag(step, machine)
      case .text: place = text(step, machine)
      case .presence:
        let isMissing = machine.slots[Int(step.pointee.first)].kind == .missing
        place = isMissing ? step.pointee.fails : step.pointee.holds
      case .recall:
        let kept = machine.memos[Int(step.pointee.memo)]
        switch kept {
        case 0: place &+= 1
        case 1: place = step.pointee.fails
        case 2: place = step.pointee.holds
        default: place = step.pointee.missing
        }
      case .yield: place = Instruction.terminal(.value)
      case .leave: place = Instruction.terminal(.open)
      case .doubleEqual, .doubleLessOrEqual, .doubleGreaterOrEqual, .moment, .fewTexts, .fewNumbers, .set,
        .textInList, .slots, .scaled:
        place = end(step, testSlot(step, &machine), &machine)
      case .compare, .startsWith, .endsWith, .contains, .registerInSet, .matches:
        place = end(step, testRegisters(step, &machine), &machine)
      case .load, .constant, .arithmetic, .negate, .toInt, .toUint, .toDouble, .size, .timePart:
        place = compute(step, &machine)
      case .ask: place = next(step, ask(step, &machine, in: frame))
      }
    }
    return Truth(rawValue: UInt8(truncatingIfNeeded: place &- Instruction.terminals)) ?? .open
  }

  @inline(__always)
  private func int(
    _ step: UnsafePointer<Instruction>, _ machine: Machine, _ compare: (Int64, Int64) -> Bool
  ) -> UInt16 {
    let slot = machine.slots[Int(step.pointee.first)]
    guard slot.kind == .int else { return next(step, number(slot, .int, step)) }
    let holds = compare(slot.integer, Int64(bitPattern: step.pointee.literal))
    return holds ? step.pointee.holds : step.pointee.fails
  }

  @inline(__always)
  private func double(
    _ step: UnsafePointer<Instruction>, _ machine: Machine, _ compare: (Double, Double) -> Bool
  ) -> UInt16 {
    let slot = machine.slots[Int(step.pointee.first)]
    guard slot.kind == .double else { return next(step, number(slot, .double, step)) }
    let holds = compare(slot.double, Double(bitPattern: step.pointee.literal))
    return holds ? step.pointee.holds : step.pointee.fails
  }

  @inline(__always)
  private func flag(_ step: UnsafePointer<Instruction>, _ machine: Machine) -> UInt16 {
    let slot = machine.slots[Int(step.pointee.first)]
    guard slot.kind == .bool else {
      return slot.kind == .missing ? step.pointee.missing : Instruction.terminal(.open)
    }
    return slot.payload != 0 ? step.pointee.holds : step.pointee.fails
  }

  @inline(__always)
  private func text(_ step: UnsafePointer<Instruction>, _ machine: Machine) -> UInt16 {
    let slot = machine.slots[Int(step.pointee.first)]
    guard slot.kind == .string, let address = machine.address(of: slot) else {
      return slot.kind == .missing ? step.pointee.missing : Instruction.terminal(.open)
    }
    return isEqual(address, slot.length, step) ? step.pointee.holds : step.pointee.fails
  }

  /// Where the answer leads, kept for the next condition that asks the same.
  @inline(__always)
  private func end(_ step: UnsafePointer<Instruction>, _ truth: Truth, _ machine: inout Machine) -> UInt16 {
    let memo = Int(step.pointee.memo)
    if memo != 0, truth != .open { machine.memos[memo] = truth.rawValue &+ 1 }
    return next(step, truth)
  }

  /// Where the answer to what the test's comparison asks leads.
  @inline(__always)
  private func next(_ step: UnsafePointer<Instruction>, _ truth: Truth) -> UInt16 {
    switch truth {
    case .holds: step.pointee.holds
    case .fails: step.pointee.fails
    case .missing: step.pointee.missing
    default: Instruction.terminal(.open)
    }
  }

  /// A comparison of numbers whose types differ.
  @inline(never)
  private func number(_ slot: Slot, _ kind: Slot.Kind, _ step: UnsafePointer<Instruction>) -> Truth {
    if slot.kind == .missing { return .missing }
    let literal = Operand(kind: kind, payload: step.pointee.literal)
    let comparison = Comparison(rawValue: step.pointee.detail & ~Instruction.swapped)
    guard let comparison, slot.kind == .int || slot.kind == .uint || slot.kind == .double else {
      return .open
    }
    let holds = FlatCode.compare(Operand(kind: slot.kind, payload: slot.payload), literal, comparison)
    guard step.pointee.detail & Instruction.swapped != 0 else { return holds }
    return holds == .holds ? .fails : .holds
  }

  @inline(__always)
  private func isEqual(
    _ address: UnsafePointer<UInt8>, _ length: UInt32, _ step: UnsafePointer<Instruction>
  ) -> Bool {
    guard length == step.pointee.length,
      CodePool.ShortText.key(address, Int(length)) == step.pointee.literal
    else { return false }
    guard length > 8 else { return true }
    let text = UnsafeBufferPointer(start: address, count: Int(length))
    return TextOrder.equal(text.span, constantText(step))
  }

  /// The constant text of a step.
  @inline(__always)
  @_lifetime(borrow self)
  func constantText(_ step: UnsafePointer<Instruction>) -> Span<UInt8> {
    let text = UnsafeBufferPointer(start: texts + Int(step.pointee.extra), count: Int(step.pointee.length))
    return _overrideLifetime(text.span, borrowing: self)
  }

  /// One sub-expression by the tree walker.
  @inline(never)
  private func ask(
    _ step: UnsafePointer<Instruction>, _ machine: inout Machine, in frame: borrowing Frame
  ) -> Truth {
    var evaluation = Evaluation(plans[Int(step.pointee.extra)], steps: machine.askSteps)
    do throws(EvaluationFailure) {
      let value = try evaluation.value(of: Int(step.pointee.literal), in: frame)
      machine.askSteps = evaluation.budget.left
      guard case .bool(let bool) = value else { return .open }
      return Truth(bool)
    } catch {
      machine.askSteps = evaluation.budget.left
      guard case .unknown = error, !evaluation.budget.isSpent else { return .open }
      return .missing
    }
  }
}
