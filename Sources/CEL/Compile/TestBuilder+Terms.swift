/// Values that tests are asked of.
extension TestBuilder {
  /// The node as a value in steps; nil where only the tree walker can find it.
  mutating func term(_ node: Int) -> Term? {
    charge()
    if let value = constant(node) {
      guard let bytes = value.constantBytes else { return nil }
      charge(constant: bytes)
      return .constant(value)
    }
    if isTruth(node) {
      let test = test(node)
      // What is chosen by it would be left out where it is unknown, and with it the steps that the walker takes for that.
      return pool.isBounded(test) ? .truth(test) : nil
    }
    switch plan.nodes[node].operation {
    case .slot(let slot): return read(slot).map { .slot($0) }
    case .unary(let function, let operand): return unary(function, operand)
    case .binary(let function, let left, let right):
      guard let function = ArithmeticOperator(function), let left = term(left), let right = term(right) else {
        return nil
      }
      return .binary(function, left, right)
    case .conditional(let condition, let then, let otherwise):
      let condition = test(condition)
      guard pool.isBounded(condition), let then = term(then), let otherwise = term(otherwise) else {
        return nil
      }
      return .choice(condition, then, otherwise)
    case .zonedTimePart(let part, let timestamp, let zone):
      // Named zones are tables that others own.
      guard case .string(let name)? = constant(zone), let epoch = Timestamp(seconds: 0),
        let offset = TimeZoneOffset.seconds(of: name, at: epoch, nil), let operand = term(timestamp)
      else { return nil }
      charge(16 + name.utf8.count)
      return .unary(timePart(part, kind: .timestamp, offset: offset), operand)
    default: return nil
    }
  }

  private mutating func unary(_ function: UnaryFunction, _ operand: Int) -> Term? {
    let step: Instruction
    switch function {
    case .negate: step = Instruction(.negate)
    case .int: step = Instruction(.toInt)
    case .uint: step = Instruction(.toUint)
    case .double: step = Instruction(.toDouble)
    case .dyn: return term(operand)
    case .size:
      charge(0, bytes: 1)
      if case .slot(let slot) = plan.nodes[operand].operation {
        return read(slot).map { .unary(Instruction(.size, first: $0, second: 1), .constant(.null)) }
      }
      step = Instruction(.size)
    default:
      guard let part = function.timePart else { return nil }
      step = timePart(part, kind: .missing, offset: 0)
    }
    return term(operand).map { .unary(step, $0) }
  }

  /// `kind` is the only one that has the part, or `missing` when timestamps and durations have it.
  private func timePart(_ part: TimePart, kind: Slot.Kind, offset: Int) -> Instruction {
    var step = Instruction(
      .timePart, second: UInt16(kind.rawValue), literal: UInt64(bitPattern: Int64(offset)))
    step.detail = UInt8(TimePart.ordered.firstIndex(of: part) ?? 0)
    return step
  }

  /// Draws the choices out of a term, so that what `body` makes of it has no branches: `(a ? b : c) > d` is
  /// `a ? b > d : c > d`, which fails and is unknown for the same reasons.
  mutating func expand<Result: Choosable>(
    _ term: Term, _ body: (inout TestBuilder, Term) -> Result?
  ) -> Result? {
    switch term {
    case .slot, .constant: return body(&self, term)
    case .unary(let step, let operand):
      return expand(operand) { builder, operand in body(&builder, .unary(step, operand)) }
    case .binary(let function, let left, let right):
      return expand(left) { builder, left in
        builder.expand(right) { builder, right in body(&builder, .binary(function, left, right)) }
      }
    case .choice(let condition, let then, let otherwise):
      choicesLeft -= 1
      guard choicesLeft >= 0, let then: Result = expand(then, body),
        let otherwise: Result = expand(otherwise, body)
      else {
        return nil
      }
      return .choice(condition, then, otherwise)
    case .truth(let test):
      choicesLeft -= 1
      guard choicesLeft >= 0, let then = body(&self, .constant(.bool(true))),
        let otherwise = body(&self, .constant(.bool(false)))
      else { return nil }
      return .choice(test, then, otherwise)
    }
  }

  /// Appends the steps that put a term without choices into the register, using those above it; false where the
  /// registers do not suffice.
  mutating func lower(_ term: Term, into register: UInt16, _ steps: inout [Instruction]) -> Bool {
    guard register < FlatCode.registerCount else { return false }
    switch term {
    case .slot(let slot): steps.append(Instruction(.load, first: slot, result: register))
    case .constant(let value):
      guard let step = constant(value, into: register) else { return false }
      steps.append(step)
    case .unary(var step, let operand):
      if step.kind == .size, step.second == 1 {
        step.result = register
      } else {
        guard lower(operand, into: register, &steps) else { return false }
        (step.first, step.result) = (register, register)
      }
      steps.append(step)
    case .binary(let function, let left, let right):
      guard lower(left, into: register, &steps), lower(right, into: register + 1, &steps) else {
        return false
      }
      var step = Instruction(.arithmetic, first: register, second: register + 1, result: register)
      step.detail = function.rawValue
      steps.append(step)
    case .choice, .truth: return false
    }
    return true
  }

  private func constant(_ value: Value, into register: UInt16) -> Instruction? {
    guard let operand = pool.operand(value) else { return nil }
    var step = Instruction(.constant, result: register, literal: operand.payload)
    step.detail = operand.kind.rawValue
    step.length = operand.length
    return step
  }

  mutating func yield(_ term: Term) -> Outcome? {
    var steps: [Instruction] = []
    guard lower(term, into: 0, &steps) else { return nil }
    steps.append(Instruction(.yield))
    return .yield(pool.leaf(steps))
  }
}

/// What a choice can be made between.
protocol Choosable {
  static func choice(_ condition: Test, _ then: Self, _ otherwise: Self) -> Self
}

extension Test: Choosable {}

extension Outcome: Choosable {}

extension TimePart {
  /// As steps number them.
  static let ordered: [TimePart] = [
    .fullYear, .month, .dayOfYear, .dayOfMonth, .date, .dayOfWeek, .hours, .minutes, .seconds, .milliseconds,
  ]
}

extension Value {
  /// How many bytes of text a constant has; nil for values that no register holds.
  var constantBytes: Int? {
    switch self {
    case .null, .bool, .int, .uint, .double: 0
    case .timestamp(let timestamp): timestamp.nanoseconds % 1_000_000 == 0 ? 0 : nil
    case .duration(let duration): duration.exactMilliseconds == nil ? nil : 0
    case .string(let text): text.utf8.count
    default: nil
    }
  }
}

extension CodePool {
  /// The constant as a register has it, but text named by its place among the pool's.
  func operand(_ value: Value) -> Operand? {
    switch value {
    case .null: return Operand(kind: .null, payload: 0)
    case .bool(let bool): return .bool(bool)
    case .int(let number): return .int(number)
    case .uint(let number): return Operand(kind: .uint, payload: number)
    case .double(let number): return .double(number)
    case .timestamp(let timestamp) where timestamp.nanoseconds % 1_000_000 == 0:
      return Operand(kind: .timestamp, payload: UInt64(bitPattern: timestamp.milliseconds))
    case .duration(let duration):
      return duration.exactMilliseconds.map { Operand(kind: .duration, payload: UInt64(bitPattern: $0)) }
    case .string(let text):
      guard let length = UInt32(exactly: text.utf8.count), let place = place(of: text) else { return nil }
      return Operand(kind: .string, length: length, payload: UInt64(place))
    default: return nil
    }
  }
}
