internal import CEL

/// Finds conditions that read the first or last value of a sensitive field in another way than by comparing it with
/// such a value: what is recorded is a keyed hash, which equals no text.
struct SensitiveFeatureCheck {
  let features: CompiledFeatures
  let slots: PlanAssembler
  let findings: Findings

  func check(_ checked: CheckedExpression, _ source: SourceString) {
    guard checked.slots.contains(where: isSensitive) else { return }
    let compared = comparedNodes(checked)
    for (index, node) in checked.expression.nodes.enumerated() {
      guard !compared.contains(NodeID(index)), let slot = slot(NodeID(index), checked), isSensitive(slot),
        let feature = slots.featureIndex(slot).map({ features.names[$0] })
      else { continue }
      findings.error(
        .sensitiveComparison, at: findings.place(node.span, of: source),
        "`\(feature.name.value)` is the keyed hash of a sensitive text: it can only be compared with another such "
          + "feature",
        hint:
          "count different values with `distinct`, or compare two features that are the `first` or `last` of one",
        notes: [Diagnostic.Note("the feature is here", at: feature.name.place)])
    }
  }

  /// The sides of `a == b`, `a != b` and `a in [b, c]` where all of them are such features.
  private func comparedNodes(_ checked: CheckedExpression) -> Set<NodeID> {
    var compared: Set<NodeID> = []
    for node in checked.expression.nodes {
      guard case .call(let function, nil, let arguments) = node.kind, arguments.count == 2 else { continue }
      var sides: [NodeID]
      switch function {
      case "_==_", "_!=_": sides = arguments
      case "@in":
        guard case .list(let members) = checked.expression[arguments[1]].kind else { continue }
        sides = [arguments[0]] + members
      default: continue
      }
      if sides.allSatisfy({ slot($0, checked).map(isSensitive) ?? false }) { compared.formUnion(sides) }
    }
    return compared
  }

  private func slot(_ id: NodeID, _ checked: CheckedExpression) -> Int? {
    switch checked.references[Int(id.index)] {
    case .variable(let slot)?, .optionalVariable(let slot)?: slot
    default: nil
    }
  }

  private func isSensitive(_ slot: Int) -> Bool {
    slots.featureIndex(slot).map { features.names[$0].sensitive } ?? false
  }
}
