internal import Assay
internal import CAssayInterface
internal import RuleSets

/// Why a call has no result: a status, and an object that says what is wrong.
struct Problem: Error {
  let status: assay_status
  /// Stable, kebab case.
  let code: String
  /// For people; lower case, no final period.
  let detail: String
  /// The dotted path of the event's field that it is about.
  var field: String?
  /// The way out.
  var hint: String?
  /// What is wrong with the rules, one JSON object each.
  var findings: [String] = []

  init(_ status: assay_status, _ code: String, _ detail: String, hint: String? = nil) {
    (self.status, self.code, self.detail, self.hint) = (status, code, detail, hint)
  }

  /// An event that got no decision.
  init(_ refusal: EventRefusal) {
    self.init(ASSAY_REFUSED, refusal.code, refusal.message)
    field = refusal.field
  }

  /// An argument that cannot be used.
  static func argument(_ detail: String, hint: String? = nil) -> Problem {
    Problem(ASSAY_BAD_ARGUMENT, "bad-argument", detail, hint: hint)
  }

  /// An engine that is not there.
  static var noEngine: Problem {
    Problem(
      ASSAY_NO_ENGINE, "no-engine", "there is no such engine",
      hint: "it was destroyed, or never created: make one with `assay_create`")
  }

  /// An engine of a parent.
  static var forked: Problem {
    Problem(
      ASSAY_FORKED, "forked", "the engine belongs to a process that this one was forked from",
      hint: "create engines after the fork")
  }

  /// A process in which no engine can be made.
  static var stranded: Problem {
    Problem(
      ASSAY_FORKED, "forked", "the process was forked while another thread was in a call of this library",
      hint: "fork when no call waits, or execute a program after the fork")
  }

  /// Rules that cannot be used.
  init(broken loaded: LoadedRuleSet) {
    self.init(
      ASSAY_BROKEN_RULES, "rules-broken", loaded.rendered(),
      hint: "`assay check` shows the same; an engine that decides already goes on with the rules it has")
    let renderer = DiagnosticRenderer(sources: loaded.sources)
    findings = loaded.findings.all.map { renderer.json($0) }
  }

  /// One JSON object without a line break.
  var json: [UInt8] {
    var output: [UInt8] = []
    output.append(json: "{\"code\":")
    output.append(jsonString: code)
    output.append(json: ",\"detail\":")
    output.append(jsonString: detail)
    for (member, value) in [("field", field), ("hint", hint)] {
      guard let value else { continue }
      output.append(json: ",\"")
      output.append(contentsOf: member.utf8)
      output.append(json: "\":")
      output.append(jsonString: value)
    }
    if !findings.isEmpty {
      output.append(json: ",\"findings\":[")
      output.append(contentsOf: findings.joined(separator: ",").utf8)
      output.append(UInt8(ascii: "]"))
    }
    output.append(UInt8(ascii: "}"))
    return output
  }
}
