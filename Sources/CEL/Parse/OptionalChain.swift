/// `a.?b.c` taken apart: a name and the fields behind it, at least one of them behind `.?`.
///
/// Declared names contain dots, so that `user.?country` may be the variable `user.country` as well as a field of `user`.
struct OptionalChain {
  struct Link {
    let node: NodeID
    let field: String
    let isOptional: Bool
  }

  let root: NodeID
  let name: String
  let isAbsolute: Bool
  /// From the root outwards.
  let links: [Link]

  /// The root's name and the fields.
  var segments: [String] { [name] + links.map(\.field) }
  /// The fewest segments that reach behind the first `.?`.
  let segmentsMin: Int
}

extension Expression {
  /// The chain that ends at a node, or nil where there is no `.?` in it or it does not begin with a name.
  func optionalChain(_ id: NodeID) -> OptionalChain? {
    var links: [OptionalChain.Link] = []
    var current = id
    while nodes.indices.contains(Int(current.index)) {
      switch self[current].kind {
      case .select(let operand, let field, let presence) where operand.index < current.index:
        guard !presence || current == id else { return nil }
        links.append(OptionalChain.Link(node: current, field: field, isOptional: false))
        current = operand
      case .call(Operator.optionalSelect, nil, let operands) where operands.count == 2:
        guard case .literal(.string(let field)) = self[operands[1]].kind, operands[0].index < current.index
        else {
          return nil
        }
        links.append(OptionalChain.Link(node: current, field: field, isOptional: true))
        current = operands[0]
      case .identifier(let name, let absolute):
        links.reverse()
        guard let first = links.firstIndex(where: \.isOptional) else { return nil }
        return OptionalChain(
          root: current, name: name, isAbsolute: absolute, links: links, segmentsMin: first + 2)
      default: return nil
      }
    }
    return nil
  }
}
