internal import OrderedJSON

/// What is answered to a vendor's message.
enum AnswerForm: String, Sendable, CaseIterable {
  /// What the vendor wants to hear.
  case vendor
  /// The decision, for a service that stands between the vendor and this one.
  case decision
}

extension Ingestion {
  /// What the vendor wants to hear, with status 200, once the event is decided; nil where the decision does.
  ///
  /// LevelPlay sends a callback again and again until it hears `EVENT_ID:OK`. AdMob and AppLovin look at the status only.
  public func acknowledgement(of event: IngestedEvent, from source: IngestSource) -> String? {
    guard let form = configuration.answers[source], form == .vendor else { return nil }
    guard source == .levelPlay else { return "OK" }
    return event.value.member(at: "ad.transaction_id")?.text.map { $0 + ":OK" }
  }

  /// Sees that the configuration has what messages of `source` need.
  package func expectConfigured(_ source: IngestSource) throws(IngestRefusal) {
    let isConfigured =
      switch source {
      case .adMob: configuration.adMob != nil
      case .appLovin: configuration.appLovin != nil
      case .levelPlay: configuration.levelPlay != nil
      default: configuration.open.contains(source)
      }
    if !isConfigured { throw .notConfigured(source) }
  }
}
