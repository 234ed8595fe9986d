/// A rule's condition for one event, taken apart: every truth value in it with what it came to, as the evaluator found
/// it.
package struct ConditionTree: Sendable {
  /// The whole condition.
  package let root: Node

  /// What one part of a condition came to.
  package enum Answer: String, Sendable, CaseIterable {
    case pass = "PASS"
    case fail = "FAIL"
    /// A field or feature is missing.
    case unknown = "UNKNOWN"
    case error = "ERROR"
    /// What came before had decided.
    case notLookedAt = "NOT LOOKED AT"
  }

  /// How a part is made of the parts below it.
  package enum Kind: String, Sendable {
    /// A chain of `&&`.
    case all
    /// A chain of `||`.
    case any
    case not
    /// `a ? b : c`, its three parts below.
    case choice
    /// A macro over a list or map; its argument for each element below.
    case fold
    /// `cel.bind`; its body below.
    case binding
    /// A comparison or another test that has no truth values below it.
    case test
  }

  /// One truth value of a condition.
  package struct Node: Sendable {
    /// Where it stands in the condition's source, in UTF-8 bytes: its name within the rule. The parts of a fold's argument
    /// are there once for each element.
    package let span: Range<Int>
    /// Its source, on one line.
    package let text: String
    package let kind: Kind
    /// The position of the element, for a fold's argument.
    package let element: Int?
    package let answer: Answer
    /// What it would have come to, for what was not looked at, where that can be told.
    package let would: Answer?
    /// The values that a test reads, in the order of the source; constants are not among them.
    package let operands: [Operand]
    /// How far a comparison is from changing its answer.
    package let margin: Margin?
    /// The fields and features that an unknown answer lacks.
    package let missing: [String]
    /// Why there is an error.
    package let error: String?
    package let children: [Node]
    /// Steps of a fold that were run without being kept.
    package let stepsOmitted: Int
  }

  /// A part of a test that has a value.
  package struct Operand: Sendable, Hashable {
    /// Its source, on one line.
    package let text: String
    /// Its value on one line; `***` where it is sensitive, `missing` or `error` where there is none.
    package let value: String
    /// The same for machines.
    package let json: JSONValue
  }
}

extension ConditionTree {
  /// Every node, parents before their children.
  package var nodes: [Node] {
    var found: [Node] = []
    root.visit { found.append($0) }
    return found
  }

  /// The tests: what has no truth values below it.
  package var tests: [Node] { nodes.filter { $0.kind == .test } }
}

extension ConditionTree.Node {
  /// The answer, or what it would have been.
  package var answerOrWould: ConditionTree.Answer { would ?? answer }

  fileprivate func visit(_ see: (ConditionTree.Node) -> Void) {
    see(self)
    for child in children { child.visit(see) }
  }
}
