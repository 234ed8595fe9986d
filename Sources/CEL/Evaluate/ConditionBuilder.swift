/// Finds the condition within a plan.
struct ConditionBuilder {
  private let plan: Plan
  private(set) var nodes: [Condition.Node] = []
  private(set) var texts: [UInt8] = []
  private(set) var sets: [TextSet] = []

  init(_ plan: Plan) { self.plan = plan }

  /// The position of the node's condition. What it cannot decide becomes an open node, so that the other operand of
  /// an `&&` may still decide.
  mutating func build(_ index: Int) -> Int32 {
    switch plan.nodes[index].operation {
    case .and(let left, let right): return pair(.and, left, right)
    case .or(let left, let right): return pair(.or, left, right)
    case .conditional(let condition, let then, let otherwise):
      let (first, second, third) = (build(condition), build(then), build(otherwise))
      return add(Condition.Node(kind: .choice, first: first, second: second, third: third))
    case .unary(.not, let operand):
      return add(Condition.Node(kind: .not, first: build(operand)))
    case .binary(.within, let left, let right): return add(textInList(left, right))
    case .binary(let function, let left, let right):
      guard let comparison = function.comparison else { return add(nil) }
      return add(compare(left, right, comparison))
    case .slot(let slot): return add(variable(slot).map { Condition.Node(kind: .flag, first: $0) })
    case .present(let slot): return add(variable(slot).map { Condition.Node(kind: .presence, first: $0) })
    case .constant(.bool(let bool), _): return add(Condition.Node(kind: .constant, literal: bool ? 1 : 0))
    case .withinSet(let operand, let set): return add(within(operand, set))
    default: return add(nil)
    }
  }

  private mutating func pair(_ kind: Condition.Node.Kind, _ left: Int, _ right: Int) -> Int32 {
    add(Condition.Node(kind: kind, first: build(left), second: build(right)))
  }

  /// Nil adds a node that is left to the plan.
  private mutating func add(_ node: Condition.Node?) -> Int32 {
    nodes.append(node ?? Condition.Node(kind: .open))
    return Int32(nodes.count - 1)
  }

  private func slot(_ node: Int) -> Int32? {
    if case .slot(let slot) = plan.nodes[node].operation { variable(slot) } else { nil }
  }

  /// A slot that no frame can have is left to the plan.
  private func variable(_ slot: Int) -> Int32? { slot >= 0 ? Int32(exactly: slot) : nil }

  private func constant(_ node: Int) -> Value? {
    if case .constant(let value, _) = plan.nodes[node].operation { value } else { nil }
  }

  private mutating func compare(_ left: Int, _ right: Int, _ comparison: Comparison) -> Condition.Node? {
    if let first = slot(left), let second = slot(right) {
      return Condition.Node(kind: .variables, comparison: comparison, first: first, second: second)
    }
    if let first = slot(left), let (factor, second) = product(right) {
      return Condition.Node(
        kind: .scaled, comparison: comparison, first: first, second: second, literal: factor.bitPattern)
    }
    if let first = slot(right), let (factor, second) = product(left) {
      return Condition.Node(
        kind: .scaled, comparison: comparison.mirrored, first: first, second: second,
        literal: factor.bitPattern)
    }
    if let first = slot(left), let value = constant(right) { return compare(first, value, comparison) }
    if let first = slot(right), let value = constant(left) {
      return compare(first, value, comparison.mirrored)
    }
    return nil
  }

  /// A constant double times a variable, in either order.
  private func product(_ node: Int) -> (factor: Double, slot: Int32)? {
    guard case .binary(.multiply, let left, let right) = plan.nodes[node].operation else { return nil }
    if case .double(let factor)? = constant(left), let variable = slot(right) { return (factor, variable) }
    if case .double(let factor)? = constant(right), let variable = slot(left) { return (factor, variable) }
    return nil
  }

  private mutating func compare(_ slot: Int32, _ value: Value, _ comparison: Comparison) -> Condition.Node? {
    var node = Condition.Node(kind: .open, comparison: comparison, first: slot)
    switch value {
    case .int(let number): (node.kind, node.literal) = (.int, UInt64(bitPattern: number))
    case .uint(let number): (node.kind, node.literal) = (.uint, number)
    case .double(let number): (node.kind, node.literal) = (.double, number.bitPattern)
    case .timestamp(let timestamp) where timestamp.nanoseconds % 1_000_000 == 0:
      (node.kind, node.literal) = (.timestamp, UInt64(bitPattern: timestamp.milliseconds))
    case .duration(let duration):
      guard let milliseconds = duration.exactMilliseconds else { return nil }
      (node.kind, node.literal) = (.duration, UInt64(bitPattern: milliseconds))
    case .bool(let bool) where comparison == .equal || comparison == .notEqual:
      // A bool equals true or differs from false: the flag itself; else its opposite.
      node.kind = .flag
      node.comparison = bool == (comparison == .equal) ? .equal : .notEqual
    case .string(let text) where comparison == .equal || comparison == .notEqual:
      guard let place = store(text) else { return nil }
      (node.kind, node.literal) = (.text, place)
    default: return nil
    }
    return node
  }

  /// Where the text lies in `texts`: its start in the upper half, its length in the lower one.
  private mutating func store(_ text: String) -> UInt64? {
    guard texts.count + text.utf8.count <= UInt32.max else { return nil }
    let start = texts.count
    texts.append(contentsOf: text.utf8)
    return UInt64(start) << 32 | UInt64(text.utf8.count)
  }

  private mutating func within(_ operand: Int, _ set: ValueSet) -> Condition.Node? {
    guard let first = slot(operand) else { return nil }
    sets.append(set.texts)
    return Condition.Node(kind: .withinSet, first: first, second: Int32(sets.count - 1))
  }

  private mutating func textInList(_ left: Int, _ right: Int) -> Condition.Node? {
    if case .string(let text)? = constant(left), let first = slot(right), let place = store(text) {
      return Condition.Node(kind: .textInList, first: first, literal: place)
    }
    guard let first = slot(left),
      case .constant(.list(let members), let prepared) = plan.nodes[right].operation
    else { return nil }
    let set = prepared ?? ValueSet(members)
    guard set.isTextOnly else { return nil }
    sets.append(set.texts)
    return Condition.Node(kind: .withinSet, first: first, second: Int32(sets.count - 1))
  }
}
