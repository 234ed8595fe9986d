internal import CEL
internal import Events

/// Finds live rules that a caller silences by leaving out an optional field, where the author did not say whether that
/// is meant.
struct MissingCheck {
  let schema: CompiledSchema
  let features: CompiledFeatures
  let slots: PlanAssembler
  let findings: Findings

  func check(_ checked: CheckedExpression, _ source: SourceString, _ declaration: RuleDeclaration) {
    guard declaration.status == .live, declaration.onMissing == nil else { return }
    let tested = checked.testedSlots
    var fields = checked.slots.filter { schema.isOptional($0) && !tested.contains($0) }
    var notes: [Diagnostic.Note] = []
    for feature in checked.slots.compactMap(slots.featureIndex).map({ features.names[$0] }) {
      let needed = feature.optionalFields.filter { !tested.contains($0) }
      guard !needed.isEmpty else { continue }
      let paths = needed.map { schema.schema.fields[$0].path }
      notes.append(
        Diagnostic.Note(
          "`\(feature.name.value)` reads \(Choices.text(paths, joinedBy: "and"))", at: feature.name.place))
      for field in needed where !fields.contains(field) { fields.append(field) }
    }
    guard !fields.isEmpty else { return }
    let names = fields.map { schema.schema.fields[$0].path }
    let verb = names.count == 1 ? "is" : "are"
    findings.warning(
      .unsaidMissing, at: source.place,
      "an event without \(Choices.text(Array(names.prefix(3)))), which \(verb) optional, passes this rule unseen",
      hint: "say `on_missing: review`, or `on_missing: skip` if that is meant", notes: notes)
  }

  /// Whether an event without the field that samples are drawn by belongs to the sample is not known.
  func check(_ sample: Rule.Sample, _ declaration: RuleDeclaration) {
    guard declaration.status == .live, declaration.onMissing == nil, schema.isOptional(sample.slot),
      let name = declaration.sample?.field
    else { return }
    findings.warning(
      .unsaidMissing, at: name.place,
      "an event without `\(name.value)`, which is optional, cannot be drawn and passes this rule unseen",
      hint: "draw by a required field, say `on_missing: review`, or `on_missing: skip` if that is meant")
  }
}
