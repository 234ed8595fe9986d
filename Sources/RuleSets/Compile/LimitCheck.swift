internal import CEL
internal import Windows

/// Finds comparisons of a count with a number above what is counted exactly: past its limit a count is only known to
/// be at least the limit.
struct LimitCheck {
  let features: CompiledFeatures
  let slots: PlanAssembler
  let findings: Findings

  func check(_ checked: CheckedExpression, _ source: SourceString) {
    for node in checked.expression.nodes {
      guard case .call(let function, let target, let arguments) = node.kind, target == nil,
        arguments.count == 2
      else { continue }
      if function == "@in", case .list(let members) = checked.expression[arguments[1]].kind {
        // A list of members stands for as many comparisons; one finding is enough.
        let greatest = members.max { (literal(checked, $0) ?? .min) < (literal(checked, $1) ?? .min) }
        if let greatest { check("_==_", arguments[0], greatest, node, checked, source) }
      }
      guard let mirrored = Self.mirrored[function] else { continue }
      check(function, arguments[0], arguments[1], node, checked, source)
      check(mirrored, arguments[1], arguments[0], node, checked, source)
    }
  }

  private func literal(_ checked: CheckedExpression, _ id: NodeID) -> Int64? {
    if case .literal(.int(let number)) = checked.expression[id].kind { number } else { nil }
  }

  /// The comparisons, and what each becomes with its sides exchanged.
  private static let mirrored = [
    "_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_", "_==_": "_==_", "_!=_": "_!=_",
  ]

  private func check(
    _ function: String, _ left: NodeID, _ right: NodeID, _ node: Node, _ checked: CheckedExpression,
    _ source: SourceString
  ) {
    guard case .variable(let slot)? = checked.references[Int(left.index)],
      let feature = slots.featureIndex(slot).map({ features.names[$0] }),
      feature.aggregation == .count || feature.aggregation == .distinct,
      let number = literal(checked, right)
    else { return }
    // `n > 20` is decided by whether there are 21, and so is `n == 20`; `n >= 20` by whether there are 20.
    let (following, overflows) = number.addingReportingOverflow(1)
    let isReached = function == "_>=_" || function == "_<_"
    let needed = isReached || overflows ? number : following
    guard needed > Int64(feature.limit) else { return }
    let name = feature.name.value
    let hint =
      needed <= Int64(RuleSetLimits.recordsMax)
      ? "give the feature `limit: \(needed)`, or compare with less"
      : "compare with less: a limit is at most \(RuleSetLimits.recordsMax.grouped)"
    findings.error(
      .aboveLimit, at: findings.place(node.span, of: source),
      "`\(name)` is exact up to \(feature.limit.grouped) records, so \(needed) are never known to be there",
      hint: hint, notes: [Diagnostic.Note("the feature is here", at: feature.name.place)])
  }
}
