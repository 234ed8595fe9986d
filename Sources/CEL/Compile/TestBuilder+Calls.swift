/// Comparisons, membership and functions that give a bool.
extension TestBuilder {
  /// The test that a call is; nil where only the tree walker can answer.
  mutating func call(_ node: Int) -> Test? {
    charge()
    switch plan.nodes[node].operation {
    case .binary(.within, let left, let right): return within(left, right)
    case .binary(let function, let left, let right):
      if let comparison = function.comparison {
        charge(0, bytes: 1)
        guard let left = term(left), let right = term(right) else { return nil }
        choicesLeft = Self.choicesMax
        return expand(left) { builder, left in
          builder.expand(right) { builder, right in builder.compare(left, right, comparison, function) }
        }
      }
      return search(function, left, right)
    case .withinSet(let operand, let set): return within(operand, set)
    case .matches(let text, let pattern):
      // Steps for each byte, in sixteenths and rounded up; the most there can be leaves every frame to the plan.
      charge(0, bytes: min(max(pattern.size, 5), 1 << 20) * 16 / 10 + 1)
      guard let text = term(text) else { return nil }
      var step = Instruction(.matches)
      step.extra = pool.number(of: pattern)
      choicesLeft = Self.choicesMax
      return expand(text) { builder, text in builder.test(step, text) }
    default: return nil
    }
  }

  private mutating func search(_ function: BinaryFunction, _ left: Int, _ right: Int) -> Test? {
    let kind: Instruction.Kind
    switch function {
    case .startsWith: kind = .startsWith
    case .endsWith: kind = .endsWith
    case .contains: kind = .contains
    default: return nil
    }
    charge(0, bytes: 5)
    guard let text = term(left), let part = term(right) else { return nil }
    choicesLeft = Self.choicesMax
    return expand(text) { builder, text in
      builder.expand(part) { builder, part in builder.test(Instruction(kind), text, part) }
    }
  }

  /// A test of one or two registers.
  private mutating func test(_ step: Instruction, _ first: Term, _ second: Term? = nil) -> Test? {
    var steps: [Instruction] = []
    guard lower(first, into: 0, &steps) else { return nil }
    if let second { guard lower(second, into: 1, &steps) else { return nil } }
    var step = step
    (step.first, step.second) = (0, second == nil ? 0 : 1)
    return leaf(steps + [step])
  }

  private mutating func compare(
    _ left: Term, _ right: Term, _ comparison: Comparison, _ function: BinaryFunction
  ) -> Test? {
    switch (left, right) {
    case (.constant(let left), .constant(let right)):
      // Of choices that were drawn out; what fails does so when it is met.
      var budget = Budget.unlimited
      if case .bool(let bool)? = try? function(left, right, &budget) { return .constant(bool) }
    case (.slot(let slot), .constant(let value)):
      if let step = compare(slot, value, comparison) { return leaf([step]) }
    case (.constant(let value), .slot(let slot)):
      if let step = compare(slot, value, comparison.mirrored) { return leaf([step]) }
    case (.slot(let first), .slot(let second)):
      var step = Instruction(.slots, first: first, second: second)
      step.detail = comparison.rawValue
      return leaf([step])
    case (.slot(let slot), .binary(.multiply, let first, let second)):
      if let step = compare(slot, first, second, comparison) { return leaf([step]) }
    case (.binary(.multiply, let first, let second), .slot(let slot)):
      if let step = compare(slot, first, second, comparison.mirrored) { return leaf([step]) }
    default: break
    }
    var step = Instruction(.compare)
    step.detail = comparison.rawValue
    return test(step, left, right)
  }

  /// One step for a slot and the product of a constant double and a slot, in either order.
  private func compare(
    _ slot: UInt16, _ first: Term, _ second: Term, _ comparison: Comparison
  ) -> Instruction? {
    switch (first, second) {
    case (.constant(.double(let factor)), .slot(let other)),
      (.slot(let other), .constant(.double(let factor))):
      var step = Instruction(.scaled, first: slot, second: other, literal: factor.bitPattern)
      step.detail = comparison.rawValue
      return step
    default: return nil
    }
  }

  /// One step for a slot and a constant of the usual kinds.
  private func compare(_ slot: UInt16, _ value: Value, _ comparison: Comparison) -> Instruction? {
    switch (value, types[Int(slot)]) {
    // Numbers that both types hold exactly are compared in the slot's own type.
    case (.int(let number), .double) where number.magnitude <= 1 << 53:
      return compare(slot, Double(number), comparison)
    case (.double(let number), .int) where number.magnitude <= 0x1p53 && number == number.rounded():
      return compare(slot, Int64(number), comparison)
    case (.uint(let number), .int) where number <= 1 << 53:
      return compare(slot, Int64(number), comparison)
    case (.int(let number), _): return compare(slot, number, comparison)
    case (.double(let number), _): return compare(slot, number, comparison)
    case (.timestamp, _), (.duration, _): return compare(slot, moment: value, comparison)
    case (.bool(let bool), _) where comparison == .equal || comparison == .notEqual:
      var step = Instruction(.flag, first: slot)
      if bool != (comparison == .equal) { step.detail = Instruction.swapped }
      return step
    case (.string(let text), _) where comparison == .equal || comparison == .notEqual:
      guard let length = UInt32(exactly: text.utf8.count), let place = pool.place(of: text) else {
        return nil
      }
      var step = Instruction(.text, first: slot, literal: CodePool.ShortText.key(of: text))
      step.length = length
      step.extra = place
      if comparison == .notEqual { step.detail = Instruction.swapped }
      return step
    default: return nil
    }
  }

  private func compare(_ slot: UInt16, _ number: Int64, _ comparison: Comparison) -> Instruction {
    let (kind, isSwapped): (Instruction.Kind, Bool) =
      switch comparison {
      case .equal: (.intEqual, false)
      case .notEqual: (.intEqual, true)
      case .less: (.intLess, false)
      case .greaterOrEqual: (.intLess, true)
      case .greater: (.intGreater, false)
      case .lessOrEqual: (.intGreater, true)
      }
    var step = Instruction(kind, first: slot, literal: UInt64(bitPattern: number))
    step.detail = comparison.rawValue | (isSwapped ? Instruction.swapped : 0)
    return step
  }

  private func compare(_ slot: UInt16, _ number: Double, _ comparison: Comparison) -> Instruction {
    let kind: Instruction.Kind =
      switch comparison {
      case .equal, .notEqual: .doubleEqual
      case .less: .doubleLess
      case .lessOrEqual: .doubleLessOrEqual
      case .greater: .doubleGreater
      case .greaterOrEqual: .doubleGreaterOrEqual
      }
    var step = Instruction(kind, first: slot, literal: number.bitPattern)
    step.detail = comparison.rawValue | (comparison == .notEqual ? Instruction.swapped : 0)
    return step
  }

  private func compare(_ slot: UInt16, moment value: Value, _ comparison: Comparison) -> Instruction? {
    guard let operand = pool.operand(value) else { return nil }
    var step = Instruction(
      .moment, first: slot, second: UInt16(operand.kind.rawValue), literal: operand.payload)
    step.detail = comparison.rawValue
    return step
  }

  private mutating func within(_ left: Int, _ right: Int) -> Test? {
    charge(0, bytes: 1)
    if case .string(let text)? = constant(left), case .slot(let slot) = plan.nodes[right].operation {
      // The elements do not overlap, so that they are no longer than the arena.
      charge(text.utf8.count >> 4, bytes: 1, lists: 2)
      guard let slot = read(slot), let length = UInt32(exactly: text.utf8.count),
        let place = pool.place(of: text)
      else { return nil }
      var step = Instruction(.textInList, first: slot)
      step.length = length
      step.extra = place
      return leaf([step])
    }
    guard case .constant(.list(let members), let prepared) = plan.nodes[right].operation else { return nil }
    // The tree walker compares with one after another.
    charge(members.count)
    for member in members {
      guard let bytes = member.constantBytes else { return nil }
      charge(bytes >> 4)
    }
    return within(left, prepared ?? ValueSet(members), members)
  }

  private mutating func within(_ operand: Int, _ set: ValueSet, _ members: [Value] = []) -> Test? {
    charge(0, bytes: 1)
    guard let term = term(operand) else { return nil }
    choicesLeft = Self.choicesMax
    return expand(term) { builder, term in
      guard case .slot(let slot) = term else {
        var step = Instruction(.registerInSet)
        step.extra = builder.pool.number(of: set)
        return builder.test(step, term)
      }
      var step = builder.few(members) ?? Instruction(.set)
      step.first = slot
      if step.kind == .set { step.extra = builder.pool.number(of: set) }
      return builder.leaf([step])
    }
  }

  /// A search through a few short members, which is faster than hashing.
  private func few(_ members: [Value]) -> Instruction? {
    guard !members.isEmpty, members.count <= 8 else { return nil }
    let numbers = members.compactMap { if case .int(let number) = $0 { number } else { nil } }
    let texts = members.compactMap { member in
      if case .string(let text) = member, text.utf8.count <= 8 { text } else { nil }
    }
    var step: Instruction
    if numbers.count == members.count, let place = pool.place(of: numbers) {
      step = Instruction(.fewNumbers)
      step.extra = place
    } else if texts.count == members.count, let place = pool.place(of: texts) {
      step = Instruction(.fewTexts)
      step.extra = place
    } else {
      return nil
    }
    step.length = UInt32(members.count)
    return step
  }
}
