/// Makes a tree of what an evaluation looks at. A class, so that an evaluation which records nothing carries no more
/// than an empty reference.
final class Recorder {
  private let plan: Plan
  private var open: [Open] = []
  private var nodeCount = 0
  /// Set while a fold goes on that may keep no more steps: the number of nodes entered since.
  private var depthUnkept: Int?
  /// The tree, when the run has ended.
  private(set) var root: RecordedNode?

  /// A node that is being evaluated, with the children seen by now.
  struct Open {
    var children: [RecordedNode] = []
    /// For a fold: where the children of each step begin.
    var steps: [(member: Int, start: Int)] = []
    var stepsOmitted = 0
  }

  init(_ plan: Plan) { self.plan = plan }

  /// A node is about to be evaluated.
  func enter(_ position: Int) {
    if let depthUnkept {
      self.depthUnkept = depthUnkept + 1
      return
    }
    open.append(Open())
  }

  /// The innermost fold goes on with the element at a position.
  func begin(member: Int) {
    guard let innermost = open.indices.last else { return }
    if depthUnkept == nil && nodeCount >= RecordedNode.nodesKeptMax { depthUnkept = 0 }
    switch depthUnkept {
    case nil: open[innermost].steps.append((member, open[innermost].children.count))
    case 0: open[innermost].stepsOmitted += 1
    default: break
    }
  }

  /// The innermost node came to an end.
  func leave(_ position: Int, _ outcome: RecordedNode.Outcome) {
    if let depthUnkept, depthUnkept > 0 {
      self.depthUnkept = depthUnkept - 1
      return
    }
    depthUnkept = nil
    guard let ended = open.popLast() else { return }
    nodeCount += 1
    let node = plan.seen(position, ended, outcome)
    if let parent = open.indices.last { open[parent].children.append(node) } else { root = node }
  }
}
