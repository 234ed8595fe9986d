/// The part of a plan that is comparisons of variables with constants under `&&`, `||`, `!` and `?:`.
///
/// It answers without allocating and without making values: numbers are compared in their slots, text in the frame's
/// arena. Where it cannot answer (a missing slot, another type than expected, any other function) it says so and
/// the plan is evaluated instead, which also tells why there is no answer.
final class Condition: Sendable {
  enum Truth: UInt8, Sendable {
    case fails, holds
    /// Unknown for no other reason than missing slots.
    case missing
    /// Ask the plan.
    case open

    @inline(__always)
    init(_ holds: Bool) { self = holds ? .holds : .fails }
  }

  /// 24 bytes without references, so that walking the nodes counts none.
  struct Node: BitwiseCopyable, Sendable {
    enum Kind: UInt8, Sendable {
      case open, constant, flag, presence
      /// A variable against a constant of this type in `literal`.
      case int, uint, double, timestamp, duration
      /// A variable against constant text: `literal` is its place in `texts`.
      case text
      /// A variable against another one.
      case variables
      /// A variable against another one times the double in `literal`.
      case scaled
      /// A variable in the constant list `sets[second]`.
      case withinSet
      /// Constant text in a variable that is a list.
      case textInList
      case and, or, not, choice
    }
    var kind: Kind
    var comparison = Comparison.equal
    /// A slot, or the position of the first operand.
    var first: Int32 = 0
    var second: Int32 = 0
    var third: Int32 = 0
    var literal: UInt64 = 0
  }

  // What is larger is left to the plan, which counts its steps.
  static let nodesMax = 1_024
  static let elementsMax = 64
  static let comparedBytesMax = 256

  let nodes: [Node]
  let texts: [UInt8]
  let sets: [TextSet]

  /// Returns nil when the whole is left to the plan.
  init?(_ plan: Plan) {
    guard plan.nodes.count <= Condition.nodesMax else { return nil }
    var builder = ConditionBuilder(plan)
    let root = Int(builder.build(plan.root))
    guard builder.nodes[root].kind != .open else { return nil }
    nodes = builder.nodes
    texts = builder.texts
    sets = builder.sets
  }

  func truth(in frame: borrowing Frame) -> Truth { truth(of: nodes.count - 1, in: frame) }

  func truth(of index: Int, in frame: borrowing Frame) -> Truth {
    let node = nodes[index]
    switch node.kind {
    case .and: return all(node, decisive: .fails, in: frame)
    case .or: return all(node, decisive: .holds, in: frame)
    case .not:
      switch truth(of: Int(node.first), in: frame) {
      case .holds: return .fails
      case .fails: return .holds
      case .missing: return .missing
      case .open: return .open
      }
    case .choice:
      switch truth(of: Int(node.first), in: frame) {
      case .holds: return truth(of: Int(node.second), in: frame)
      case .fails: return truth(of: Int(node.third), in: frame)
      case .missing: return .missing
      case .open: return .open
      }
    case .constant: return Truth(node.literal != 0)
    case .open: return .open
    default:
      let position = Int(node.first)
      guard position < frame.slots.count else { return .open }
      return compare(frame.slots[position], node, in: frame)
    }
  }

  /// `&&` and `||`: an operand that is `decisive` decides, whatever the other one is.
  @inline(__always)
  private func all(_ node: Node, decisive: Truth, in frame: borrowing Frame) -> Truth {
    let first = truth(of: Int(node.first), in: frame)
    if first == decisive { return decisive }
    let second = truth(of: Int(node.second), in: frame)
    if second == decisive { return decisive }
    if first == .open || second == .open { return .open }
    return first == .missing ? .missing : second
  }
}
