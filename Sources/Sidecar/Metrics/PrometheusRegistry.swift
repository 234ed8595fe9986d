internal import CoreMetrics
internal import Windows

/// A factory of swift-metrics that writes what it made in Prometheus' text format, version 0.0.4.
///
/// The same label and dimensions give the same handler; what is destroyed goes from the text.
final class PrometheusRegistry: MetricsFactory {
  /// What a metric is for, where it was described.
  private let descriptions: [String: String]
  private let series = Guarded<[String: [Key: Value]]>([:])

  private struct Key: Hashable {
    let labels: [String]

    init(_ dimensions: [(String, String)]) {
      labels = dimensions.map { "\($0)=\"\(PrometheusRegistry.escaped($1))\"" }
    }
  }

  private enum Value: Sendable {
    case counter(PrometheusCounter)
    case gauge(PrometheusGauge)
    case histogram(PrometheusHistogram)

    var type: String {
      switch self {
      case .counter: "counter"
      case .gauge: "gauge"
      case .histogram: "histogram"
      }
    }
  }

  /// A registry whose metrics are described by their labels.
  init(descriptions: [String: String]) { self.descriptions = descriptions }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    let made = find(label, dimensions) { .counter(PrometheusCounter()) }
    if case .counter(let counter) = made { return counter }
    return PrometheusCounter()
  }

  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    gauge(label, dimensions)
  }

  func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    gauge(label, dimensions)
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let made = find(label, dimensions) { .histogram(PrometheusHistogram()) }
    if case .histogram(let histogram) = made { return histogram }
    return PrometheusHistogram()
  }

  func destroyCounter(_ handler: any CounterHandler) { remove { $0 === handler } }
  func destroyMeter(_ handler: any MeterHandler) { remove { $0 === handler } }
  func destroyRecorder(_ handler: any RecorderHandler) { remove { $0 === handler } }
  func destroyTimer(_ handler: any TimerHandler) { remove { $0 === handler } }

  private func gauge(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
    let made = find(label, dimensions) { .gauge(PrometheusGauge()) }
    if case .gauge(let gauge) = made { return gauge }
    return PrometheusGauge()
  }

  /// The metric that was made before under this name, or a new one.
  private func find(_ label: String, _ dimensions: [(String, String)], make: () -> Value) -> Value {
    let made = make()
    let key = Key(dimensions)
    return series.withLock { series in
      if let found = series[label]?[key] { return found }
      series[label, default: [:]][key] = made
      return made
    }
  }

  private func remove(where matches: (AnyObject) -> Bool) {
    series.withLock { series in
      for label in series.keys {
        series[label] = series[label]?.filter { _, value in
          switch value {
          case .counter(let counter): !matches(counter)
          case .gauge(let gauge): !matches(gauge)
          case .histogram(let histogram): !matches(histogram)
          }
        }
        if series[label]?.isEmpty == true { series[label] = nil }
      }
    }
  }
}

extension PrometheusRegistry {
  /// Everything in Prometheus' text format, sorted. What is described is there before it was ever counted.
  func text() -> String {
    let series = series.withLock { $0 }
    var text = ""
    for label in descriptions.keys.sorted() where series[label] == nil && label.hasSuffix("_total") {
      text += "# HELP \(label) \(descriptions[label] ?? "")\n# TYPE \(label) counter\n"
    }
    for (label, values) in series.sorted(by: { $0.key < $1.key }) {
      guard let type = values.values.first?.type else { continue }
      if let description = descriptions[label] { text += "# HELP \(label) \(description)\n" }
      text += "# TYPE \(label) \(type)\n"
      for (key, value) in values.sorted(by: { $0.key.labels.lexicographicallyPrecedes($1.key.labels) }) {
        Self.write(label, key.labels, value, to: &text)
      }
    }
    return text
  }

  private static func write(_ label: String, _ labels: [String], _ value: Value, to text: inout String) {
    let suffix = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    switch value {
    case .counter(let counter): text += "\(label)\(suffix) \(counter.value)\n"
    case .gauge(let gauge): text += "\(label)\(suffix) \(number(gauge.value))\n"
    case .histogram(let histogram):
      let (counts, nanoseconds) = histogram.value
      var sum: Int64 = 0
      for (index, count) in counts.enumerated() {
        sum += count
        let bounds = PrometheusHistogram.bounds
        let bound = index < bounds.count ? number(Double(bounds[index]) / 1e9) : "+Inf"
        let all = (labels + ["le=\"\(bound)\""]).joined(separator: ",")
        text += "\(label)_bucket{\(all)} \(sum)\n"
      }
      text += "\(label)_sum\(suffix) \(number(Double(nanoseconds) / 1e9))\n"
      text += "\(label)_count\(suffix) \(sum)\n"
    }
  }

  /// A number as the format has it.
  static func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
  }

  /// A label's value, as the format escapes it.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
