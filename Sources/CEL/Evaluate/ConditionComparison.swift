/// Slots against constants and against each other.
extension Condition {
  @inline(__always)
  func compare(_ slot: Slot, _ node: Node, in frame: borrowing Frame) -> Truth {
    if slot.kind == .missing { return node.kind == .presence ? .fails : .missing }
    switch node.kind {
    case .int: return compare(slot, int: Int64(bitPattern: node.literal), node.comparison)
    case .double:
      let literal = Double(bitPattern: node.literal)
      guard slot.kind == .double else { return compare(number: slot, literal, node.comparison) }
      return Truth(node.comparison.holds(NumericOrder.compare(slot.double, literal)))
    case .uint:
      switch slot.kind {
      case .uint: return Truth(node.comparison.holds(Order(slot.payload, node.literal)))
      case .int: return Truth(node.comparison.holds(NumericOrder.compare(slot.integer, node.literal)))
      default: return .open
      }
    case .timestamp:
      guard slot.kind == .timestamp else { return .open }
      return Truth(node.comparison.holds(Order(slot.integer, Int64(bitPattern: node.literal))))
    case .duration:
      guard slot.kind == .duration else { return .open }
      return Truth(node.comparison.holds(Order(slot.integer, Int64(bitPattern: node.literal))))
    case .flag: return slot.kind == .bool ? Truth((slot.payload != 0) == (node.comparison == .equal)) : .open
    case .presence: return .holds
    case .text: return compare(text: slot, node, in: frame)
    case .variables: return compare(slot, with: node, in: frame)
    case .scaled: return compare(slot, scaled: node, in: frame)
    case .withinSet: return isWithin(slot, sets[Int(node.second)], in: frame)
    case .textInList: return holds(text: node, slot, in: frame)
    default: return .open
    }
  }

  @inline(__always)
  private func compare(_ slot: Slot, int literal: Int64, _ comparison: Comparison) -> Truth {
    switch slot.kind {
    case .int: return Truth(comparison.holds(Order(slot.integer, literal)))
    case .double where slot.double != 0x1p63:
      return Truth(comparison.holds(NumericOrder.compare(literal, slot.double).reversed))
    case .uint: return Truth(comparison.holds(NumericOrder.compare(literal, slot.payload).reversed))
    default: return .open
    }
  }

  private func compare(number slot: Slot, _ literal: Double, _ comparison: Comparison) -> Truth {
    switch slot.kind {
    case .int where literal != 0x1p63: Truth(comparison.holds(NumericOrder.compare(slot.integer, literal)))
    case .uint: Truth(comparison.holds(NumericOrder.compare(slot.payload, literal)))
    default: .open
    }
  }

  private func compare(text slot: Slot, _ node: Node, in frame: borrowing Frame) -> Truth {
    guard slot.kind == .string, let range = slot.range(within: frame.arena.count) else { return .open }
    let texts = texts
    let isEqual = TextOrder.equal(frame.arena.span.extracting(range), texts.span.extracting(place(node)))
    return Truth(isEqual == (node.comparison == .equal))
  }

  /// Where the constant text of a node lies in `texts`.
  private func place(_ node: Node) -> Range<Int> {
    let start = Int(node.literal >> 32)
    return start..<start + Int(node.literal & 0xFFFF_FFFF)
  }

  /// Only variables of the same type; the plan does the rest.
  private func compare(_ slot: Slot, with node: Node, in frame: borrowing Frame) -> Truth {
    let position = Int(node.second)
    guard position < frame.slots.count else { return .open }
    let other = frame.slots[position]
    if other.kind == .missing { return .missing }
    guard slot.kind == other.kind else { return .open }
    switch slot.kind {
    case .int, .timestamp, .duration: return Truth(node.comparison.holds(Order(slot.integer, other.integer)))
    case .uint, .bool: return Truth(node.comparison.holds(Order(slot.payload, other.payload)))
    case .double: return Truth(node.comparison.holds(NumericOrder.compare(slot.double, other.double)))
    case .string:
      guard
        slot.length <= Condition.comparedBytesMax, let range = slot.range(within: frame.arena.count),
        let otherRange = other.range(within: frame.arena.count)
      else { return .open }
      let order = TextOrder.compare(
        frame.arena.span.extracting(range), frame.arena.span.extracting(otherRange))
      return Truth(node.comparison.holds(order))
    default: return .open
    }
  }

  /// Doubles only: every other type has rules of its own for a product.
  private func compare(_ slot: Slot, scaled node: Node, in frame: borrowing Frame) -> Truth {
    let position = Int(node.second)
    guard position < frame.slots.count else { return .open }
    let other = frame.slots[position]
    if other.kind == .missing { return .missing }
    guard slot.kind == .double, other.kind == .double else { return .open }
    let product = Double(bitPattern: node.literal) * other.double
    return Truth(node.comparison.holds(NumericOrder.compare(slot.double, product)))
  }

  private func isWithin(_ slot: Slot, _ set: TextSet, in frame: borrowing Frame) -> Truth {
    guard slot.kind == .string, let range = slot.range(within: frame.arena.count) else { return .open }
    return Truth(set.contains(frame.arena.span.extracting(range)))
  }

  /// Longer lists are left to the plan, which counts its steps.
  private func holds(text node: Node, _ list: Slot, in frame: borrowing Frame) -> Truth {
    guard
      list.kind == .list, list.length <= Condition.elementsMax,
      let elements = list.range(within: frame.slots.count)
    else { return .open }
    let texts = texts
    var isFound = false
    for index in elements {
      let element = frame.slots[index]
      guard element.kind == .string, let range = element.range(within: frame.arena.count) else {
        return .open
      }
      let text = frame.arena.span.extracting(range)
      isFound = isFound || TextOrder.equal(text, texts.span.extracting(place(node)))
    }
    return Truth(isFound)
  }
}
