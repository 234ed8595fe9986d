/// Why a condition is unknown.
extension Condition {
  /// The missing slots, ascending, each once, of a condition whose truth is `.missing`.
  func missingSlots(in frame: borrowing Frame) -> [Int] {
    var slots: [Int] = []
    collect(nodes.count - 1, into: &slots, in: frame)
    guard slots.count > 1 else { return slots }
    return Set(slots).sorted()
  }

  /// Only operands that are themselves unknown count: the other ones did not keep the whole from being decided.
  private func collect(_ index: Int, into slots: inout [Int], in frame: borrowing Frame) {
    let node = nodes[index]
    switch node.kind {
    case .and, .or:
      for operand in [node.first, node.second] where truth(of: Int(operand), in: frame) == .missing {
        collect(Int(operand), into: &slots, in: frame)
      }
    case .not: collect(Int(node.first), into: &slots, in: frame)
    case .choice:
      switch truth(of: Int(node.first), in: frame) {
      case .holds: collect(Int(node.second), into: &slots, in: frame)
      case .fails: collect(Int(node.third), into: &slots, in: frame)
      case .missing, .open: collect(Int(node.first), into: &slots, in: frame)
      }
    case .variables, .scaled:
      for slot in [node.first, node.second] { add(Int(slot), to: &slots, in: frame) }
    case .open, .constant, .presence: break
    default: add(Int(node.first), to: &slots, in: frame)
    }
  }

  private func add(_ slot: Int, to slots: inout [Int], in frame: borrowing Frame) {
    if slot < frame.slots.count, frame.slots[slot].kind == .missing { slots.append(slot) }
  }
}
