/// One run of a plan: what is left of the budget, and the variables of the folds that are under way.
struct Evaluation: ~Copyable {
  typealias Outcome = Result<Value, EvaluationFailure>

  let plan: Plan
  var budget: Budget
  var locals: [Outcome]
  /// The last pattern that was not constant: folds ask for the same one again and again.
  var lastPattern: (source: String, compiled: any RegularExpression)?
  /// Is told of every node that is looked at; nil but for explanations.
  let recorder: Recorder?

  /// `steps` is what may be spent, the plan's own limit where it is nil.
  init(_ plan: Plan, steps: Int? = nil, recorder: Recorder? = nil) {
    self.plan = plan
    self.recorder = recorder
    budget = Budget(steps: steps ?? plan.stepsMax)
    locals = Array(repeating: .success(.null), count: plan.localCount)
  }

  /// The value of a node.
  mutating func value(of index: Int, in frame: borrowing Frame) throws(EvaluationFailure) -> Value {
    if recorder != nil { return try recordedValue(of: index, in: frame) }
    return try dispatch(index, in: frame)
  }

  /// The same, told to the recorder on the way in and out. Apart, so that it takes no stack where nothing is recorded.
  @inline(never)
  private mutating func recordedValue(
    of index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    recorder?.enter(index)
    do throws(EvaluationFailure) {
      let value = try dispatch(index, in: frame)
      recorder?.leave(index, .value(value))
      return value
    } catch {
      recorder?.leave(index, RecordedNode.Outcome(error))
      throw error
    }
  }

  /// Has no variables of its own, so that deep expressions need little stack.
  @inline(__always)
  private mutating func dispatch(_ index: Int, in frame: borrowing Frame) throws(EvaluationFailure) -> Value {
    try charge(index)
    switch plan.nodes[index].operation {
    case .constant(let value, _): return value
    case .slot(let slot): return try read(slot: slot, at: index, in: frame)
    case .local(let local): return try locals[local].get()
    case .present(let slot): return .bool(isPresent(slot, in: frame))
    case .select(let operand, let field): return try select(field, of: operand, at: index, in: frame)
    case .has(let operand, let field): return try has(field, of: operand, at: index, in: frame)
    case .unary(let function, let operand): return try call(function, operand, at: index, in: frame)
    case .binary(let function, let left, let right):
      return try call(function, left, right, at: index, in: frame)
    case .and(let left, let right): return try combine(left, right, decisive: false, at: index, in: frame)
    case .or(let left, let right): return try combine(left, right, decisive: true, at: index, in: frame)
    case .conditional(let condition, let then, let otherwise):
      return try value(of: try holds(condition, at: index, in: frame) ? then : otherwise, in: frame)
    case .withinSet(let operand, let set): return try find(operand, in: set, at: index, in: frame)
    case .withinRanges(let operand, let ranges, let acceptsMapped):
      return try find(operand, in: ranges, acceptsMapped, at: index, in: frame)
    case .matches(let text, let pattern): return try match(text, pattern, at: index, in: frame)
    case .matchesDynamic(let text, let pattern):
      return try match(text, dynamic: pattern, at: index, in: frame)
    case .zonedTimePart(let part, let timestamp, let zone):
      return try read(part, of: timestamp, zone: zone, at: index, in: frame)
    case .list(let elements): return try list(elements, at: index, in: frame)
    case .map(let entries): return try map(entries, at: index, in: frame)
    case .fold(let fold): return try run(fold, at: index, in: frame)
    case .collect(let collect): return try run(collect, at: index, in: frame)
    case .pairFold(let fold, let second): return try run(fold, second: second, at: index, in: frame)
    case .pairCollect(let collect, let second): return try run(collect, second: second, at: index, in: frame)
    case .mapCollect(let collect): return try run(collect, at: index, in: frame)
    case .optionalList(let elements): return try list(elements, at: index, in: frame)
    case .optionalMap(let entries): return try map(entries, at: index, in: frame)
    case .call(let function, let operands): return try call(function, operands, at: index, in: frame)
    case .optionalOr(let left, let right, let unwraps):
      return try either(left, right, unwraps: unwraps, at: index, in: frame)
    case .optionalSlot(let slot): return try optional(slot: slot, at: index, in: frame)
    case .optionalSelect(let operand, let field):
      return try optionalField(field, of: operand, at: index, in: frame)
    case .optionalIndex(let operand, let position):
      return try optionalElement(of: operand, at: position, at: index, in: frame)
    case .failure(let fault): throw failure(fault, at: index)
    }
  }

  /// The value of a node or why it has none; a spent budget ends the whole run instead.
  mutating func outcome(of index: Int, in frame: borrowing Frame) throws(EvaluationFailure) -> Outcome {
    do throws(EvaluationFailure) {
      return .success(try value(of: index, in: frame))
    } catch {
      if budget.isSpent { throw error }
      return .failure(error)
    }
  }

  /// Both values. All operands are looked at even when one fails, so that every missing slot is reported.
  mutating func values(
    of left: Int, _ right: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> (Value, Value) {
    let first = try outcome(of: left, in: frame)
    let second = try outcome(of: right, in: frame)
    switch (first, second) {
    case (.success(let first), .success(let second)): return (first, second)
    case (.failure(let failure), .success), (.success, .failure(let failure)): throw failure
    case (.failure(let first), .failure(let second)): throw first.merged(with: second)
    }
  }

  /// A condition of `?:` or of a filter.
  mutating func holds(
    _ condition: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Bool {
    let value = try value(of: condition, in: frame)
    guard case .bool(let bool) = value else { throw failure(.noSuchOverload("_?_:_", value), at: index) }
    return bool
  }

  func failure(_ fault: Fault, at index: Int) -> EvaluationFailure {
    .error(EvaluationError(code: fault.code, message: fault.message, span: plan.nodes[index].span))
  }

  private mutating func charge(_ index: Int) throws(EvaluationFailure) {
    do throws(Fault) { try budget.charge(1) } catch { throw failure(error, at: index) }
  }
}

extension EvaluationFailure {
  /// Both causes as one: unknown outweighs an error, since with the missing value there might be none; the first of
  /// two errors stands.
  func merged(with other: EvaluationFailure) -> EvaluationFailure {
    switch (self, other) {
    case (.unknown(let left), .unknown(let right)):
      left == right ? self : .unknown(slots: Set(left).union(right).sorted())
    case (.error, .unknown): other
    case (.unknown, .error), (.error, .error): self
    }
  }
}
