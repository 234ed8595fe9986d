package import Assay
package import RuleSets
internal import Windows

/// A recorded decision made anew, without windows, and how it compares with what was recorded.
package struct BundleEvaluation: Sendable {
  package let examination: Examination
  /// What is not as it was recorded, a line for each member of the decision; empty where it is the same to the byte, the
  /// rule set's version apart where the rules have changed since.
  package let differences: [String]
  /// That the rules have changed since.
  package let remark: String?

  /// Decides the bundle's event again by `rules`.
  package init(_ bundle: DecisionBundle, rules: RuleSet) throws(ExplainProblem) {
    let options = EngineOptions(clock: .replay, allFeatures: bundle.hasAllFeatures)
    let engine = Engine(rules: rules, options: options, bytesMax: 0)
    do {
      examination = try engine.examine(Array(bundle.input.utf8), on: bundle.state(for: rules))
    } catch {
      throw ExplainProblem(
        message: "the rule set refuses the event of the bundle: \(error)",
        hint: "load the rules that it was recorded under: \(bundle.ruleSet.name) \(bundle.ruleSet.version)")
    }
    let isSame = bundle.ruleSet.version == rules.version
    remark = isSame ? nil : VisibleLine.of(Self.remark(bundle, rules, examination))
    differences = Self.differences(
      bundle.decision, examination.decision, ignoring: isSame ? [] : ["ruleset"])
  }

  private static func remark(
    _ bundle: DecisionBundle, _ rules: RuleSet, _ examination: Examination
  ) -> String {
    let (then, now) = (bundle.ruleSet, rules)
    var text =
      then.name == now.name
      ? "the rules have changed since: recorded under \(then.version), loaded \(now.version)"
      : "the bundle is of the rule set `\(then.name)`, loaded is `\(now.name)`"
    let known = Set(bundle.features.map(\.name))
    // What was missing then was not written down either.
    let asked = examination.windows.filter { $0.value == .missing && !known.contains($0.name) }
    if !asked.isEmpty {
      text += "; it holds no value of \(asked.map { "`\($0.name)`" }.joined(separator: ", "))"
    }
    return text
  }

  /// What to do about a difference; `file` is that of the bundles where it holds the rules, too.
  package func hint(recording file: String?) -> String {
    if remark == nil { return "the bundle was changed, or another version of assay wrote it" }
    return "the rules have changed since; "
      + (file.map { "`assay explain --bundle \($0)` shows the decision by those that were recorded with it" }
        ?? "load those that it was recorded under to see the decision as it was")
  }

  private static func differences(
    _ recorded: JSONValue, _ decision: Decision, ignoring ignored: Set<String>
  ) -> [String] {
    let text = String(decoding: decision.json, as: UTF8.self)
    guard case .object(let now)? = try? JSONValue(parsing: text), case .object(let then) = recorded else {
      return ["the recorded decision is no object"]
    }
    var keys = then.map(\.key)
    keys += now.map(\.key).filter { !keys.contains($0) }
    return keys.filter { !ignored.contains($0) }.compactMap { key in
      let (before, after) = (recorded[key]?.encoded(), now.first { $0.key == key }?.value.encoded())
      // By bytes: text that is only canonically equal is other text.
      if before.map({ Array($0.utf8) }) == after.map({ Array($0.utf8) }) { return nil }
      return VisibleLine.of("\(key): recorded \(before ?? "nothing"), now \(after ?? "nothing")")
    }
  }
}
