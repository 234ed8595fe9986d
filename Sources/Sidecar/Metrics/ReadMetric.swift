/// A number that somebody else keeps, and that is read when the metrics are asked for.
struct ReadMetric<Source>: Sendable {
  /// What Prometheus may do with it.
  enum Kind: String, Sendable {
    case counter, gauge
  }

  let name: String
  let kind: Kind
  /// What it is for: one sentence.
  let description: String
  let value: @Sendable (Source) -> Double

  init(
    _ name: String, _ kind: Kind, _ description: String, _ value: @escaping @Sendable (Source) -> Double
  ) {
    (self.name, self.kind, self.description, self.value) = (name, kind, description, value)
  }

  /// A count.
  init(_ name: String, _ kind: Kind, _ description: String, count: @escaping @Sendable (Source) -> Int) {
    self.init(name, kind, description) { Double(count($0)) }
  }

  /// The sum over `sources`, as Prometheus reads it.
  func text(_ sources: [Source]) -> String {
    let sum = PrometheusRegistry.number(sources.reduce(0) { $0 + value($1) })
    return "# HELP \(name) \(description)\n# TYPE \(name) \(kind.rawValue)\n\(name) \(sum)\n"
  }
}
