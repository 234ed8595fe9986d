/// Collects the nodes of a tree, children before parents, and keeps its limits.
struct NodeBuilder {
  private(set) var nodes: [Node] = []
  /// The height of each node's tree, a leaf having 1.
  private var heights: [Int32] = []
  private let depthMax: Int
  private let nodesMax: Int

  init(limits: Limits) {
    depthMax = min(limits.depthMax, Parser.depthCeiling)
    nodesMax = min(limits.nodesMax, Int(Int32.max))
  }

  subscript(id: NodeID) -> Node {
    get { nodes[Int(id.index)] }
    set { nodes[Int(id.index)] = newValue }
  }

  /// Adds a node whose children are there already.
  mutating func add(_ kind: Node.Kind, _ span: Range<Int>) throws(ExpressionDiagnostics) -> NodeID {
    guard nodes.count < nodesMax else {
      throw ExpressionDiagnostics(
        .tooManyNodes, span, "the expression has more than \(nodesMax) parts",
        hint: "split it into several rules")
    }
    let height = 1 + tallestChild(of: kind)
    guard height <= depthMax else { throw Self.tooDeep(span, depthMax: depthMax) }
    nodes.append(Node(kind: kind, span: span))
    heights.append(height)
    return NodeID(nodes.count - 1)
  }

  /// A call of a function or operator without a target.
  mutating func call(
    _ function: String, _ arguments: [NodeID], _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    try add(.call(function: function, target: nil, arguments: arguments), span)
  }

  /// Takes a chain of names `a.b.c` back, the last node first, and returns it as text; nil, and nothing taken, when
  /// `id` is something else.
  mutating func takeQualifiedName(_ id: NodeID) -> String? {
    var fields: [String] = []
    var current = id
    while case .select(let operand, let field, false) = self[current].kind {
      fields.append(field)
      current = operand
    }
    guard case .identifier(let root, let absolute) = self[current].kind, Int(id.index) == nodes.count - 1
    else {
      return nil
    }
    nodes.removeLast(fields.count + 1)
    heights.removeLast(fields.count + 1)
    return (absolute ? "." : "") + ([root] + fields.reversed()).joined(separator: ".")
  }

  /// Takes the node added last back, which nothing refers to.
  mutating func removeLast() {
    nodes.removeLast()
    heights.removeLast()
  }

  static func tooDeep(_ span: Range<Int>, depthMax: Int) -> ExpressionDiagnostics {
    ExpressionDiagnostics(
      .tooDeep, span, "the expression is nested deeper than \(depthMax) levels",
      hint: "split it into several rules or features")
  }

  private func tallestChild(of kind: Node.Kind) -> Int32 {
    var tallest: Int32 = 0
    kind.forEachChild { tallest = max(tallest, heights[Int($0.index)]) }
    return tallest
  }
}

extension Node.Kind {
  /// Calls `body` with each child, in the order of the source.
  package func forEachChild(_ body: (NodeID) -> Void) {
    switch self {
    case .literal, .identifier: break
    case .select(let operand, _, _): body(operand)
    case .call(_, let target, let arguments):
      if let target { body(target) }
      arguments.forEach(body)
    case .list(let elements): elements.forEach(body)
    case .map(let entries):
      for entry in entries {
        body(entry.key)
        body(entry.value)
      }
    case .message(_, let fields):
      for field in fields { body(field.value) }
    case .comprehension(let fold):
      body(fold.range)
      body(fold.initial)
      body(fold.condition)
      body(fold.step)
      body(fold.result)
    }
  }
}
