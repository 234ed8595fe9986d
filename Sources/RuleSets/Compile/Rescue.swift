internal import CEL

/// What makes a condition true although some of what it reads is missing.
///
/// `a || b` is true where `a` is, whatever became of `b`, and `a && b` is false where `a` is: that is how the expression
/// language treats what is unknown. A choice reads only the side that it takes.
struct Rescue {
  private let checked: CheckedExpression
  /// By node: whether it or something below reads what is missing.
  private let isLost: [Bool]

  init(_ checked: CheckedExpression, lost slots: Set<Int>) {
    self.checked = checked
    var isLost: [Bool] = []
    // Children stand before their parents.
    for (index, node) in checked.expression.nodes.enumerated() {
      var lost = node.kind.children.contains {
        isLost.indices.contains(Int($0.index)) && isLost[Int($0.index)]
      }
      switch checked.references[index] {
      case .variable(let slot)?, .optionalVariable(let slot)?: lost = lost || slots.contains(slot)
      default: break
      }
      isLost.append(lost)
    }
    self.isLost = isLost
  }

  /// `` `a > 3` holds``; nil where nothing makes up for it.
  var text: String? {
    let ways = ways(checked.expression.root, isTrue: true)
    return ways.isEmpty ? nil : ways.prefix(2).joined(separator: " or ")
  }

  /// In which cases the node is true, or false, without what is missing; empty where in none. As deep as expressions are.
  private func ways(_ id: NodeID, isTrue: Bool) -> [String] {
    guard isLost[Int(id.index)], case .call(let function, _, let arguments) = checked.expression[id].kind
    else {
      return []
    }
    switch (function, arguments.count) {
    case (Operator.not, 1): return ways(arguments[0], isTrue: !isTrue)
    case (isTrue ? Operator.or : Operator.and, 2):
      return arguments.flatMap { side in
        isLost[Int(side.index)] ? ways(side, isTrue: isTrue) : [held(side, isTrue)]
      }
    case (isTrue ? Operator.and : Operator.or, 2):
      let sides = arguments.filter { isLost[Int($0.index)] }.map { ways($0, isTrue: isTrue) }
      guard let first = sides.first, sides.allSatisfy({ !$0.isEmpty }) else { return [] }
      return sides.count == 1 ? first : ["\(first[0]) and \(sides[1][0])"]
    case (Operator.conditional, 3):
      guard !isLost[Int(arguments[0].index)] else { return [] }
      let (yes, no) = (isLost[Int(arguments[1].index)], isLost[Int(arguments[2].index)])
      if yes && no { return [] }
      return [held(arguments[0], !yes)]
    default: return []
    }
  }

  private func held(_ id: NodeID, _ isTrue: Bool) -> String {
    let bytes = Array(checked.expression.source.utf8)
    let span = checked.expression[id].span.clamped(to: bytes.indices)
    let words = String(decoding: bytes[span], as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return "`\(SourceNode.shortened(words.joined(separator: " ")))` \(isTrue ? "holds" : "is false")"
  }
}

extension Node.Kind {
  /// The nodes right below.
  fileprivate var children: [NodeID] {
    switch self {
    case .literal, .identifier: []
    case .select(let operand, _, _): [operand]
    case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
    case .list(let elements): elements
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .message(_, let fields): fields.map(\.value)
    case .comprehension(let fold):
      [fold.range, fold.initial, fold.condition, fold.step, fold.result]
    }
  }
}
