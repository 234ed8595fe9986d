/// Values in registers.
extension FlatCode {
  /// Writes a register and goes on.
  @inline(never)
  func compute(_ step: UnsafePointer<Instruction>, _ machine: inout Machine) -> UInt16 {
    let open = Instruction.terminal(.open)
    let result: Operand?
    switch step.pointee.kind {
    case .load:
      let slot = machine.slots[Int(step.pointee.first)]
      if slot.kind == .missing { return step.pointee.missing }
      result = machine.operand(slot)
    case .constant: result = constant(step)
    case .arithmetic:
      let left = machine.registers[Int(step.pointee.first)]
      let right = machine.registers[Int(step.pointee.second)]
      guard let function = ArithmeticOperator(rawValue: step.pointee.detail) else { return open }
      result = FlatCode.compute(function, left, right)
    case .size where step.pointee.second == 1:
      let slot = machine.slots[Int(step.pointee.first)]
      if slot.kind == .missing { return step.pointee.missing }
      guard slot.kind == .list else {
        result = machine.operand(slot).flatMap(FlatCode.size)
        break
      }
      result = FlatCode.size(list: slot, &machine)
    default: result = unary(step, machine.registers[Int(step.pointee.first)])
    }
    guard let result else { return open }
    machine.registers[Int(step.pointee.result)] = result
    return step.pointee.holds
  }

  private func constant(_ step: UnsafePointer<Instruction>) -> Operand? {
    guard let kind = Slot.Kind(rawValue: step.pointee.detail) else { return nil }
    var operand = Operand(kind: kind, length: step.pointee.length, payload: step.pointee.literal)
    if kind == .string {
      operand.payload = UInt64(UInt(bitPattern: texts + Int(step.pointee.literal)))
    }
    return operand
  }

  private func unary(_ step: UnsafePointer<Instruction>, _ value: Operand) -> Operand? {
    switch (step.pointee.kind, value.kind) {
    case (.negate, .double): return .double(-value.double)
    case (.negate, .int):
      let (result, overflows) = Int64(0).subtractingReportingOverflow(value.integer)
      return overflows ? nil : .int(result)
    case (.toInt, .int), (.toUint, .uint), (.toDouble, .double): return value
    case (.toInt, .uint): return Int64(exactly: value.payload).map { .int($0) }
    case (.toInt, .double):
      guard value.double > -0x1p63, value.double < 0x1p63 else { return nil }
      return .int(Int64(value.double))
    case (.toInt, .timestamp):
      return Timestamp(milliseconds: value.integer).map { .int($0.seconds) }
    case (.toUint, .int): return value.integer >= 0 ? Operand(kind: .uint, payload: value.payload) : nil
    case (.toUint, .double):
      guard value.double >= 0, value.double < 0x1p64 else { return nil }
      return Operand(kind: .uint, payload: UInt64(value.double))
    case (.toDouble, .int): return .double(Double(value.integer))
    case (.toDouble, .uint): return .double(Double(value.payload))
    case (.size, _): return FlatCode.size(value)
    case (.timePart, .timestamp), (.timePart, .duration): return timePart(step, value)
    default: return nil
    }
  }

  private static func size(_ value: Operand) -> Operand? {
    switch value.kind {
    case .string: .int(Int64(TextOrder.codePointCount(value.bytes.span)))
    case .bytes: .int(Int64(value.length))
    default: nil
    }
  }

  /// A list with a missing element is unknown as a whole, which the tree walker tells.
  private static func size(list slot: Slot, _ machine: inout Machine) -> Operand? {
    guard let elements = slot.range(within: machine.slotCount) else { return nil }
    for index in elements where machine.slots[index].kind == .missing { return nil }
    return .int(Int64(slot.length))
  }

  private func timePart(_ step: UnsafePointer<Instruction>, _ value: Operand) -> Operand? {
    let part = TimePart.ordered[Int(step.pointee.detail)]
    if value.kind == .timestamp {
      guard let timestamp = Timestamp(milliseconds: value.integer) else { return nil }
      let offset = Int(Int64(bitPattern: step.pointee.literal))
      return .int(part.read(from: timestamp, offsetSeconds: offset))
    }
    // With a time zone only timestamps have parts.
    guard step.pointee.second != UInt16(Slot.Kind.timestamp.rawValue) else { return nil }
    switch part {
    case .hours: return .int(value.integer / 3_600_000)
    case .minutes: return .int(value.integer / 60_000)
    case .seconds: return .int(value.integer / 1_000)
    case .milliseconds: return .int(value.integer % 1_000)
    default: return nil
    }
  }

  /// Nil where the operator fails or does not take these types.
  static func compute(_ function: ArithmeticOperator, _ left: Operand, _ right: Operand) -> Operand? {
    switch (left.kind, right.kind) {
    case (.double, .double):
      switch function {
      case .add: return .double(left.double + right.double)
      case .subtract: return .double(left.double - right.double)
      case .multiply: return .double(left.double * right.double)
      case .divide: return .double(left.double / right.double)
      case .modulo: return nil
      }
    case (.int, .int): return whole(function, left.integer, right.integer).map { .int($0) }
    case (.uint, .uint):
      return whole(function, left.payload, right.payload).map { Operand(kind: .uint, payload: $0) }
    default: return moment(function, left, right)
    }
  }

  private static func whole<Number: FixedWidthInteger>(
    _ function: ArithmeticOperator, _ left: Number, _ right: Number
  ) -> Number? {
    let (result, fails) =
      switch function {
      case .add: left.addingReportingOverflow(right)
      case .subtract: left.subtractingReportingOverflow(right)
      case .multiply: left.multipliedReportingOverflow(by: right)
      case .divide: left.dividedReportingOverflow(by: right)
      case .modulo: left.remainderReportingOverflow(dividingBy: right)
      }
    return fails ? nil : result
  }

  /// Timestamps and durations; both are whole milliseconds within their ranges, so that no sum overflows.
  private static func moment(
    _ function: ArithmeticOperator, _ left: Operand, _ right: Operand
  ) -> Operand? {
    let kind: Slot.Kind
    switch (left.kind, function, right.kind) {
    case (.timestamp, .add, .duration), (.duration, .add, .timestamp), (.timestamp, .subtract, .duration):
      kind = .timestamp
    case (.timestamp, .subtract, .timestamp), (.duration, .add, .duration), (.duration, .subtract, .duration):
      kind = .duration
    default: return nil
    }
    let result = function == .add ? left.integer &+ right.integer : left.integer &- right.integer
    guard Machine.isInRange(result, kind) else { return nil }
    // Differences of timestamps must fit 64 bits of nanoseconds.
    if right.kind == .timestamp, kind == .duration, result.multipliedReportingOverflow(by: 1_000_000).overflow
    {
      return nil
    }
    return Operand(kind: kind, payload: UInt64(bitPattern: result))
  }

  @inline(never)
  func testRegisters(_ step: UnsafePointer<Instruction>, _ machine: inout Machine) -> Truth {
    let first = machine.registers[Int(step.pointee.first)]
    switch step.pointee.kind {
    case .compare:
      guard let comparison = Comparison(rawValue: step.pointee.detail) else { return .open }
      return FlatCode.compare(first, machine.registers[Int(step.pointee.second)], comparison)
    case .registerInSet: return isMember(first, step)
    case .matches:
      guard first.kind == .string else { return .open }
      return Truth(patterns[Int(step.pointee.extra)].matches(utf8: first.bytes.span))
    case .startsWith, .endsWith, .contains:
      let second = machine.registers[Int(step.pointee.second)]
      guard first.kind == .string, second.kind == .string else { return .open }
      return Truth(search(step.pointee.kind, first.bytes.span, second.bytes.span))
    default: return .open
    }
  }

  private func search(_ kind: Instruction.Kind, _ text: Span<UInt8>, _ part: Span<UInt8>) -> Bool {
    switch kind {
    case .startsWith: TextOrder.starts(text, with: part)
    case .endsWith: TextOrder.ends(text, with: part)
    default: TextOrder.contains(text, part)
    }
  }
}
