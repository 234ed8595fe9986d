/// An expression whose names are resolved and whose types agree.
public struct CheckedExpression: Sendable {
  /// What was checked.
  public let expression: Expression
  /// The type of each node, by node index.
  public let types: [CELType]
  /// What a node's name stands for, by node index; nil where the node is no name.
  ///
  /// A dotted name `a.b.c` has its reference at the select node of its last segment; the nodes below it have none.
  /// A chain with `.?` has it at the node of the name's last segment.
  /// A select node with `presence` and a reference asks whether that variable is there.
  public let references: [Reference?]
  /// The slots it reads, ascending, each once.
  public let slots: [Int]
  /// Findings that do not keep it from running.
  public let warnings: [ExpressionDiagnostic]
  /// The type of the whole.
  public var type: CELType { types[Int(expression.root.index)] }

  /// What a name stands for.
  public enum Reference: Sendable {
    /// A value of the frame.
    case variable(slot: Int)
    /// An optional value, which is there when the frame has one: `user.?country` where `user.country` is declared.
    case optionalVariable(slot: Int)
    /// A value known beforehand.
    case constant(Environment.Constant)
    /// The variable of an enclosing comprehension, by name; the innermost one counts.
    case local(String)
  }
}

extension Expression {
  /// Resolves the names and checks the types, all of them: one mistake does not hide the next.
  ///
  /// - Parameters:
  ///   - environment: The names and functions that it may use.
  ///   - expected: The type that the whole must have, such as `.bool` for a rule's condition. A `dyn` passes;
  ///     whether it holds such a value shows when it is evaluated.
  public func check(
    in environment: Environment, expecting expected: CELType? = nil
  ) throws(ExpressionDiagnostics) -> CheckedExpression {
    var checker = Checker(self, environment)
    let type = checker.check(root)
    if let expected { checker.require(expected, type) }
    checker.checkChains()
    let errors = checker.findings.sorted(of: .error)
    guard errors.isEmpty else { throw ExpressionDiagnostics(errors) }
    let slots = Set(
      checker.references.compactMap { reference in
        switch reference {
        case .variable(let slot)?, .optionalVariable(let slot)?: slot
        default: nil
        }
      })
    return CheckedExpression(
      expression: self, types: checker.types.map(\.closed), references: checker.references,
      slots: slots.sorted(),
      warnings: checker.findings.sorted(of: .warning))
  }
}
