public import CEL
package import OrderedJSON

/// Turns vendors' messages into events, as far as they prove to be theirs.
///
/// Any number of threads may use one at once. It keeps the keys of AdMob and the first arrivals of the last
/// callbacks, and nothing else: whether an event came before is for the engine to say.
public final class Ingestion: Sendable {
  private let configuration: IngestConfiguration
  private let arrivals = FirstArrivals(max: IngestLimits.arrivalsMax)

  /// For the sources that `configuration` has something about.
  public init(_ configuration: IngestConfiguration) { self.configuration = configuration }

  /// The events that a message stands for.
  ///
  /// An event's time is the arrival of its message, and the vendor's own time a field. A retry within the last few
  /// thousand callbacks keeps the first arrival, so that the engine finds the same event under the same id.
  ///
  /// - Parameters:
  ///   - message: a query, or an address with one.
  ///   - arrival: when the message came; a vendor's time is checked against it. Nil is now.
  public func events(
    from message: some Sequence<UInt8>, source: IngestSource, arrival: Timestamp? = nil
  ) throws(IngestRefusal) -> [IngestedEvent] {
    try events(from: message, source: source, base: nil, arrival: arrival)
  }

  /// As above; `base` has what every event has besides.
  package func events(
    from message: some Sequence<UInt8>, source: IngestSource, base: JSONValue?, arrival: Timestamp?
  ) throws(IngestRefusal) -> [IngestedEvent] {
    guard let arrival = arrival ?? WallClock.now else {
      throw IngestRefusal(.badTime, nil, "the clock of this machine shows no moment", hint: "set it")
    }
    let bytes = Array(message)
    if source.isEvidence || source.isJSON { return try jsonEvents(bytes, source, base, arrival) }
    let event: IngestedEvent
    switch source {
    case .adMob:
      guard let settings = configuration.adMob else { throw .notConfigured(source) }
      event = try AdMobCallback(settings: settings).event(try query(bytes), arrival: arrival)
    case .appLovin:
      guard let settings = configuration.appLovin else { throw .notConfigured(source) }
      event = try AppLovinCallback(settings: settings).event(try query(bytes), arrival: arrival)
    default:
      guard let settings = configuration.levelPlay else { throw .notConfigured(source) }
      event = try LevelPlayCallback(settings: settings).event(try query(bytes), arrival: arrival)
    }
    return [event.arrived(arrivals.first(event.id, arrival)).merged(with: base)]
  }

  /// The events of a message in JSON; its member `event` has what the vendor does not know, such as the user.
  private func jsonEvents(
    _ bytes: [UInt8], _ source: IngestSource, _ base: JSONValue?, _ arrival: Timestamp
  ) throws(IngestRefusal) -> [IngestedEvent] {
    guard configuration.open.contains(source) else { throw .notConfigured(source) }
    let message = try JSONMessage(bytes)
    let base = try message.object(Envelope.event)?.value.merged(with: base ?? .object([])) ?? base
    if source.isEvidence {
      guard let base else {
        throw IngestRefusal(
          .noEvent, Envelope.event, "a verdict alone is no event",
          hint: "add the event that it belongs to as the member `event`")
      }
      let event = try evidence(message, source, arrival).merged(with: base.without(source.evidencePath))
      return [try IngestedEvent(merged: event)]
    }
    let events =
      switch source {
      case .payPalWebhook:
        try PayPalMessage(settings: configuration.payPal).webhook(message, arrival: arrival)
      case .payPalBatch: try PayPalMessage(settings: configuration.payPal).batch(message, arrival: arrival)
      default: try GiftCardMessage.events(message, arrival: arrival)
      }
    return events.map { $0.arrived(arrivals.first($0.id, arrival)).merged(with: base) }
  }

  /// What a verdict says, as a JSON object to be merged into an event: `{"device":{"play_integrity":{…}}}`.
  public func evidence(
    from message: some Sequence<UInt8>, source: IngestSource, arrival: Timestamp? = nil
  ) throws(IngestRefusal) -> String {
    guard configuration.open.contains(source), source.isEvidence else { throw .notConfigured(source) }
    guard let arrival = arrival ?? WallClock.now else {
      throw IngestRefusal(.badTime, nil, "the clock of this machine shows no moment", hint: "set it")
    }
    return try evidence(try JSONMessage(Array(message)), source, arrival).encoded()
  }

  private func evidence(
    _ message: JSONMessage, _ source: IngestSource, _ arrival: Timestamp
  ) throws(IngestRefusal) -> JSONValue {
    let fields =
      source == .playIntegrity
      ? try PlayIntegrityVerdict.fields(message, arrival: arrival) : try DeviceCheckAnswer.fields(message)
    return source.evidencePath.reversed().reduce(fields) { .object([.init($1, $0)]) }
  }

  private func query(_ bytes: [UInt8]) throws(IngestRefusal) -> Query {
    try Query(QueryText.query(of: bytes))
  }
}

extension IngestSource {
  /// Its messages are JSON, of which nothing here shows who sent them.
  package var isJSON: Bool {
    switch self {
    case .payPalWebhook, .payPalBatch, .giftCard, .playIntegrity, .deviceCheck: true
    case .adMob, .appLovin, .levelPlay: false
    }
  }
}

extension IngestSource {
  /// Where an event has the fields of evidence.
  fileprivate var evidencePath: [String] {
    ["device", self == .playIntegrity ? "play_integrity" : "device_check"]
  }
}

extension JSONValue {
  /// The same without what stands at `path`: nobody but the vendor says what is in its verdict.
  fileprivate func without(_ path: [String]) -> JSONValue {
    guard case .object(let members) = self, let key = path.first else { return self }
    let rest = Array(path.dropFirst())
    let dotted = path.joined(separator: ".")
    return .object(
      members.compactMap { member in
        if member.key == dotted || member.key.hasPrefix(dotted + ".") { return nil }
        guard member.key == key else { return member }
        return rest.isEmpty ? nil : JSONValue.Member(key, member.value.without(rest))
      })
  }

  /// These members, and those of `base` that are not among them; objects are merged member by member.
  func merged(with base: JSONValue) -> JSONValue {
    guard case .object(var members) = self, case .object(let others) = base else { return self }
    for other in others {
      if let index = members.firstIndex(where: { $0.key == other.key }) {
        members[index] = .init(other.key, members[index].value.merged(with: other.value))
      } else {
        members.append(other)
      }
    }
    return .object(members)
  }
}

extension IngestedEvent {
  /// An event of somebody else's, with evidence in it.
  fileprivate init(merged value: JSONValue) throws(IngestRefusal) {
    guard let id = value["id"]?.text, let type = value["type"]?.text else {
      throw IngestRefusal(.missingParameter, Envelope.event, "`event` needs an `id` and a `type`")
    }
    self.init(id: id, type: type, value: value)
  }

  /// The same event, and what `base` has besides.
  fileprivate func merged(with base: JSONValue?) -> IngestedEvent {
    guard let base else { return self }
    return IngestedEvent(id: id, type: type, value: value.merged(with: base))
  }

  /// The same event, come at another time.
  fileprivate func arrived(_ arrival: Timestamp) -> IngestedEvent {
    guard case .object(var members) = value, let index = members.firstIndex(where: { $0.key == "time" })
    else {
      return self
    }
    members[index] = .init("time", .string(arrival.rfc3339()))
    return IngestedEvent(id: id, type: type, value: .object(members))
  }
}
