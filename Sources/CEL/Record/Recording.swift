/// What one run of an expression looked at, told by the evaluator itself: the same order, budget and result as a run
/// that records nothing.
package struct Recording: Sendable {
  /// The whole expression.
  package let root: RecordedNode
  /// How the run ended.
  package let result: Result<Value, EvaluationFailure>
}

/// One node of an expression in one run.
///
/// Constants are folded and macros expanded when a program is made; what macros add is left out here, so that every
/// span is one that an author has written. Within one expression a span names a node, but for an `element`, which has
/// the span of its body.
package struct RecordedNode: Sendable {
  /// What the node is, as far as explanations tell nodes apart.
  package enum Kind: Hashable, Sendable {
    case constant
    /// A variable of the frame, also one that is read by `.?`.
    case variable(slot: Int)
    /// A name that a macro gives to an element or a value.
    case local
    /// `has(a.b)`
    case presence(slot: Int)
    case and, or, not
    case conditional
    /// Children are the two sides.
    case comparison(Comparison)
    /// `in`; where the right side is a long list of constants it is no child.
    case membership
    /// `contains`, `startsWith`, `endsWith`, `matches`; a constant pattern is no child.
    case textTest
    /// A macro over a list or map: the range, then an `element` for each step that was run, or one that was not looked
    /// at where none was.
    case fold
    /// One step of a fold over the element at a position; children are the macro's arguments after the names.
    case element(position: Int?)
    /// `cel.bind`: the value, then the body.
    case binding
    /// Any other function or operator; children are its operands.
    case other
  }

  /// What it came to.
  package enum Outcome: Sendable {
    case value(Value)
    /// The slots that are missing.
    case unknown(slots: [Int])
    case error(EvaluationError)
    /// Passed over, since what came before decided.
    case notLookedAt
  }

  package let kind: Kind
  /// UTF-8 offsets into the expression's source.
  package let span: Range<Int>
  package let outcome: Outcome
  /// False for what was passed over; its outcome is then what it would have come to, where that was asked for.
  package let wasLookedAt: Bool
  package let children: [RecordedNode]
  /// Steps of a fold that were run and not kept, beyond `nodesKeptMax`.
  package let stepsOmitted: Int
  /// The node's position in the plan.
  let position: Int

  /// Nodes of one recording after which further steps of folds are run without being kept.
  package static let nodesKeptMax = 10_000
}

extension RecordedNode.Outcome {
  init(_ failure: EvaluationFailure) {
    self =
      switch failure {
      case .error(let error): .error(error)
      case .unknown(let slots): .unknown(slots: slots)
      }
  }
}

extension Program {
  /// The value as the tree walker finds it, with everything that it looked at.
  ///
  /// With `everywhere` the parts that were passed over are run afterwards, each by itself, and say what they would have
  /// come to (not those within a fold, which depend on its element); the result does not know of them.
  package func recording(_ frame: borrowing Frame, everywhere: Bool = false) -> Recording {
    let recorder = Recorder(plan)
    let outcome = run(plan.root, recorder, frame)
    let result: Result<Value, EvaluationFailure> =
      switch outcome {
      case .value(let value): .success(value)
      case .unknown(let slots): .failure(.unknown(slots: slots))
      case .error(let error): .failure(.error(error))
      case .notLookedAt: .failure(.unknown(slots: []))
      }
    let root = recorder.root ?? plan.unseen(plan.root)
    return Recording(root: everywhere ? completed(root, frame) : root, result: result)
  }

  private func run(_ position: Int, _ recorder: Recorder, _ frame: borrowing Frame) -> RecordedNode.Outcome {
    var evaluation = Evaluation(plan, recorder: recorder)
    do throws(EvaluationFailure) {
      return .value(try evaluation.value(of: position, in: frame))
    } catch {
      return RecordedNode.Outcome(error)
    }
  }

  /// The tree with what was passed over run by itself. As deep as the expression, whose depth is limited.
  private func completed(_ node: RecordedNode, _ frame: borrowing Frame) -> RecordedNode {
    if case .notLookedAt = node.outcome {
      let recorder = Recorder(plan)
      _ = run(node.position, recorder, frame)
      return (recorder.root ?? node).passedOver
    }
    var children: [RecordedNode] = []
    switch node.kind {
    case .fold, .binding:
      // The body depends on what the macro names; the range or value does not.
      children = node.children
      if let first = children.first { children[0] = completed(first, frame) }
    default: for child in node.children { children.append(completed(child, frame)) }
    }
    return node.with(children: children)
  }
}

extension RecordedNode {
  fileprivate func with(children: [RecordedNode], wasLookedAt: Bool? = nil) -> RecordedNode {
    RecordedNode(
      kind: kind, span: span, outcome: outcome, wasLookedAt: wasLookedAt ?? self.wasLookedAt,
      children: children,
      stepsOmitted: stepsOmitted, position: position)
  }

  /// The same marked as not looked at, whole.
  fileprivate var passedOver: RecordedNode { with(children: children.map(\.passedOver), wasLookedAt: false) }
}
