/// Reading variables and calling functions.
extension Evaluation {
  mutating func read(slot: Int, at index: Int, in frame: borrowing Frame) throws(EvaluationFailure) -> Value {
    guard frame.slots.indices.contains(slot) else { throw .unknown(slots: [slot]) }
    let stored = frame.slots[slot]
    switch stored.kind {
    case .missing:
      try charge(Budget.allocationSteps, at: index)
      throw .unknown(slots: [slot])
    case .failure: throw failure(Fault(.invalidArgument, "the value could not be computed"), at: index)
    case .list:
      guard let range = stored.range(within: frame.slots.count) else { break }
      try charge(range.count, at: index)
      for element in range where frame.slots[element].kind == .missing { throw .unknown(slots: [slot]) }
    case .string, .bytes: try charge(Int(stored.length) >> 4, at: index)
    default: break
    }
    guard let value = Value.read(stored, in: frame, depth: 0) else {
      throw failure(Fault(.invalidArgument, "the value is out of the range of its type"), at: index)
    }
    return value
  }

  func isPresent(_ slot: Int, in frame: borrowing Frame) -> Bool {
    frame.slots.indices.contains(slot) && frame.slots[slot].kind != .missing
  }

  mutating func select(
    _ field: String, of operand: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let container = try value(of: operand, in: frame)
    do throws(Fault) {
      return try Membership.field(field, of: container, &budget)
    } catch { throw failure(error, at: index) }
  }

  mutating func has(
    _ field: String, of operand: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let container = try value(of: operand, in: frame)
    do throws(Fault) {
      return .bool(try Membership.has(field, in: container, &budget))
    } catch { throw failure(error, at: index) }
  }

  mutating func call(
    _ function: UnaryFunction, _ operand: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    if function == .notStrictlyFalse {
      if case .success(.bool(false)) = try outcome(of: operand, in: frame) { return .bool(false) }
      return .bool(true)
    }
    let value = try value(of: operand, in: frame)
    do throws(Fault) { return try function(value, &budget) } catch { throw failure(error, at: index) }
  }

  mutating func call(
    _ function: BinaryFunction, _ left: Int, _ right: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let (first, second) = try values(of: left, right, in: frame)
    do throws(Fault) { return try function(first, second, &budget) } catch { throw failure(error, at: index) }
  }

  mutating func find(
    _ operand: Int, in set: ValueSet, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let value = try value(of: operand, in: frame)
    do throws(Fault) {
      return .bool(try set.contains(value, &budget))
    } catch { throw failure(error, at: index) }
  }

  mutating func find(
    _ operand: Int, in ranges: AddressRanges, _ acceptsMapped: Bool, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let value = try value(of: operand, in: frame)
    do throws(Fault) {
      let functions = AddressFunctions(acceptsMapped: acceptsMapped)
      let address = try functions.address(Arguments(function: "containsIP", values: [value]), 0, &budget)
      return .bool(ranges.contains(address))
    } catch { throw failure(error, at: index) }
  }

  mutating func read(
    _ part: TimePart, of timestamp: Int, zone: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let (moment, zone) = try values(of: timestamp, zone, in: frame)
    // A named zone is a look-up in tables that this module does not own.
    try charge(16, at: index)
    do throws(Fault) {
      return try part.read(from: moment, in: zone, plan.timeZones)
    } catch { throw failure(error, at: index) }
  }

  mutating func charge(_ steps: Int, at index: Int) throws(EvaluationFailure) {
    do throws(Fault) { try budget.charge(steps) } catch { throw failure(error, at: index) }
  }
}
