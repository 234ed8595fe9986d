extension Breaker {
  /// Reads `breaker: {percent: 5, within: 5m, at_least: 100}`; nil when something of it is wrong, which is reported.
  init?(_ node: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(node, "`breaker`", findings) else { return nil }
    let percent = reader.require("percent", hint: "the share of blocks up to which they stand")?
      .basisPoints(findings)
    let within = reader.require("within", hint: "over how much time, such as `within: 5m`")?
      .duration(findings, in: 1_000...RuleSetLimits.breakerMillisecondsMax)
    let least = reader.take("at_least")
    let count = least?.integer(findings, in: 1...RuleSetLimits.breakerDecisionsMax)
    reader.finish()
    guard let percent, let within, (least == nil) == (count == nil) else { return nil }
    self.init(
      basisPoints: percent, withinMilliseconds: within.value, decisionsMin: count?.value ?? 100)
  }
}
