/// Tests of slots that are not in the loop itself.
extension FlatCode {
  @inline(never)
  func testSlot(_ step: UnsafePointer<Instruction>, _ machine: inout Machine) -> Truth {
    let slot = machine.slots[Int(step.pointee.first)]
    if slot.kind == .missing { return .missing }
    switch step.pointee.kind {
    case .doubleEqual, .doubleLessOrEqual, .doubleGreaterOrEqual: return double(slot, step)
    case .moment:
      guard UInt16(slot.kind.rawValue) == step.pointee.second, Machine.isInRange(slot),
        let comparison = Comparison(rawValue: step.pointee.detail)
      else { return .open }
      return Truth(comparison.holds(Order(slot.integer, Int64(bitPattern: step.pointee.literal))))
    case .fewTexts:
      guard slot.kind == .string, let address = machine.address(of: slot) else { return .open }
      return Truth(isAmongFew(address, slot.length, step))
    case .fewNumbers:
      guard slot.kind == .int else { return .open }
      let members = numbers + Int(step.pointee.extra)
      for index in 0..<Int(step.pointee.length) where members[index] == slot.integer { return .holds }
      return .fails
    case .set: return isMember(slot, step, &machine)
    case .textInList: return isTextInList(slot, step, &machine)
    case .slots: return compare(slot, machine.slots[Int(step.pointee.second)], step, &machine)
    case .scaled: return scaled(slot, machine.slots[Int(step.pointee.second)], step)
    default: return .open
    }
  }

  /// Doubles only: every other type has rules of its own for a product.
  private func scaled(_ left: Slot, _ right: Slot, _ step: UnsafePointer<Instruction>) -> Truth {
    if right.kind == .missing { return .missing }
    guard left.kind == .double, right.kind == .double,
      let comparison = Comparison(rawValue: step.pointee.detail)
    else { return .open }
    let product = Double(bitPattern: step.pointee.literal) * right.double
    return Truth(comparison.holds(NumericOrder.compare(left.double, product)))
  }

  private func double(_ slot: Slot, _ step: UnsafePointer<Instruction>) -> Truth {
    let literal = Operand(kind: .double, payload: step.pointee.literal)
    let isSwapped = step.pointee.detail & Instruction.swapped != 0
    guard let comparison = Comparison(rawValue: step.pointee.detail & ~Instruction.swapped),
      slot.kind == .int || slot.kind == .uint || slot.kind == .double
    else { return .open }
    let holds = FlatCode.compare(Operand(kind: slot.kind, payload: slot.payload), literal, comparison)
    return isSwapped ? holds == .holds ? .fails : .holds : holds
  }

  @inline(__always)
  private func isAmongFew(
    _ address: UnsafePointer<UInt8>, _ length: UInt32, _ step: UnsafePointer<Instruction>
  ) -> Bool {
    guard length <= 8 else { return false }
    let key = CodePool.ShortText.key(address, Int(length))
    let members = fewTexts + Int(step.pointee.extra)
    for index in 0..<Int(step.pointee.length)
    where members[index].key == key && members[index].length == length { return true }
    return false
  }

  private func isMember(_ slot: Slot, _ step: UnsafePointer<Instruction>, _ machine: inout Machine) -> Truth {
    guard let operand = machine.operand(slot) else { return .open }
    return isMember(operand, step)
  }

  /// Text and whole numbers only: other members are rare.
  func isMember(_ operand: Operand, _ step: UnsafePointer<Instruction>) -> Truth {
    let set = sets[Int(step.pointee.extra)]
    switch operand.kind {
    case .string: return Truth(set._withUnsafeGuaranteedRef { $0.texts.contains(operand.bytes.span) })
    case .int: return Truth(set._withUnsafeGuaranteedRef { $0.wholes.contains(operand.integer) })
    default: return .open
    }
  }

  private func isTextInList(
    _ list: Slot, _ step: UnsafePointer<Instruction>, _ machine: inout Machine
  ) -> Truth {
    guard list.kind == .list, let elements = list.range(within: machine.slotCount) else { return .open }
    var isFound = false
    // All of them: one that is missing makes the list unknown.
    for index in elements {
      let element = machine.slots[index]
      guard element.kind == .string, let address = machine.address(of: element) else { return .open }
      let text = UnsafeBufferPointer(start: address, count: Int(element.length))
      isFound = isFound || TextOrder.equal(text.span, constantText(step))
    }
    return Truth(isFound)
  }

  private func compare(
    _ left: Slot, _ right: Slot, _ step: UnsafePointer<Instruction>, _ machine: inout Machine
  ) -> Truth {
    if right.kind == .missing { return .missing }
    guard let comparison = Comparison(rawValue: step.pointee.detail), let first = machine.operand(left),
      let second = machine.operand(right)
    else { return .open }
    return FlatCode.compare(first, second, comparison)
  }

  /// Two values as CEL compares them.
  static func compare(_ left: Operand, _ right: Operand, _ comparison: Comparison) -> Truth {
    let isEquality = comparison == .equal || comparison == .notEqual
    switch (left.kind, right.kind) {
    case (.int, .int): return Truth(comparison.holds(Order(left.integer, right.integer)))
    case (.double, .double): return Truth(comparison.holds(NumericOrder.compare(left.double, right.double)))
    case (.string, .string), (.bytes, .bytes):
      if isEquality {
        return Truth(TextOrder.equal(left.bytes.span, right.bytes.span) == (comparison == .equal))
      }
      return Truth(comparison.holds(TextOrder.compare(left.bytes.span, right.bytes.span)))
    case (.bool, .bool): return Truth(comparison.holds(Order(left.payload & 1, right.payload & 1)))
    case (.timestamp, .timestamp), (.duration, .duration):
      return Truth(comparison.holds(Order(left.integer, right.integer)))
    case (.null, .null): return isEquality ? Truth(comparison == .equal) : .open
    case (.int, .double) where isEquality:
      return Truth((Int64(exactly: right.double) == left.integer) == (comparison == .equal))
    case (.double, .int) where isEquality:
      return Truth((Int64(exactly: left.double) == right.integer) == (comparison == .equal))
    default: break
    }
    if let order = numericOrder(left, right) { return Truth(comparison.holds(order)) }
    // Values of different kinds differ, and have no order.
    return isEquality ? Truth(comparison == .notEqual) : .open
  }

  private static func numericOrder(_ left: Operand, _ right: Operand) -> Order? {
    switch (left.kind, right.kind) {
    case (.uint, .uint): Order(left.payload, right.payload)
    case (.int, .uint): NumericOrder.compare(left.integer, right.payload)
    case (.uint, .int): NumericOrder.compare(right.integer, left.payload).reversed
    case (.int, .double): NumericOrder.compare(left.integer, right.double)
    case (.double, .int): NumericOrder.compare(right.integer, left.double).reversed
    case (.uint, .double): NumericOrder.compare(left.payload, right.double)
    case (.double, .uint): NumericOrder.compare(right.payload, left.double).reversed
    default: nil
    }
  }
}
