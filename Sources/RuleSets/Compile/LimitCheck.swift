internal import CEL
internal import Windows

/// Finds comparisons of a count with a number above what is counted exactly: past its limit a count is only known to
/// be at least the limit.
struct LimitCheck {
  let features: CompiledFeatures
  let slots: PlanAssembler
  let findings: Findings

  func check(_ checked: CheckedExpression, _ source: SourceString) {
    for (index, node) in checked.expression.nodes.enumerated() {
      let id = NodeID(index)
      guard case .call(let function, let target, let arguments) = node.kind, target == nil,
        arguments.count == 2
      else { continue }
      if function == "@in", case .list(let members) = checked.expression[arguments[1]].kind {
        // A list of members stands for as many comparisons; one finding is enough.
        if let greatest = members.compactMap(checked.wholeNumber).max(),
          case .variable(let slot)? = checked.references[Int(arguments[0].index)]
        {
          check("_==_", slot, greatest, node, source)
        }
      }
      if let solved = checked.solvedComparison(id) {
        check(solved.function, solved.slot, solved.number, node, source)
      }
    }
  }

  private func check(
    _ function: String, _ slot: Int, _ number: Int64, _ node: Node, _ source: SourceString
  ) {
    guard let feature = slots.featureIndex(slot).map({ features.names[$0] }),
      feature.aggregation == .count || feature.aggregation == .distinct
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
