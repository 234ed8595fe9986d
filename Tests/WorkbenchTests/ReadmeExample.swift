import Assay

/// The README's embedding example, run from the project's folder as the README's reader would.
enum ReadmeExample {
  /// What the example prints.
  static func run() throws -> String {
    var output = ""
    func print(_ text: String, _ details: [String]...) { output += "\(text) \(details)" }
    // The README shows the lines below.
    let engine = try Engine(rules: RuleSet(contentsOf: "Rules/rewards"))
    let decision = try engine.decide(
      #"{"id":"p1","type":"payout.requested","time":"2026-01-05T12:00:00Z","user":{"id":"u1"}}"#)
    switch decision.outcome {
    case .allow: print("pay")
    case .review, .block: print("hold:", decision.reasons.map(\.text), decision.notEvaluated.map(\.rule))
    }
    // The README shows the lines above.
    return output
  }
}
