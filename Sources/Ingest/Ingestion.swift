public import CEL
package import OrderedJSON

/// Turns vendors' messages into events, as far as they prove to be theirs.
///
/// Any number of threads may use one at once. It keeps the keys of AdMob and the first arrivals of the last
/// callbacks, and nothing else: whether an event came before is for the engine to say.
public final class Ingestion: Sendable {
  let configuration: IngestConfiguration
  private let arrivals: FirstArrivals

  /// For the sources that `configuration` has something about; what came first keeps its arrival from `earlier`, which
  /// had another configuration.
  public init(_ configuration: IngestConfiguration, continuing earlier: Ingestion? = nil) {
    self.configuration = configuration
    arrivals = earlier?.arrivals ?? FirstArrivals(max: IngestLimits.arrivalsMax)
  }

  /// The events that a message stands for; one bad item of a batch refuses the whole.
  ///
  /// An event's time is the arrival of its message, but for webhooks, which tell their own. It states its content by
  /// itself (`content_digest`), so that the engine finds the same event in each delivery, whenever and wherever that
  /// arrives.
  ///
  /// - Parameters:
  ///   - message: a query, or an address with one.
  ///   - arrival: when the message came; a vendor's time is checked against it. Nil is now.
  public func events(
    from message: some Sequence<UInt8>, source: IngestSource, arrival: Timestamp? = nil
  ) throws(IngestRefusal) -> [IngestedEvent] {
    var events: [IngestedEvent] = []
    for item in try items(from: message, source: source, arrival: arrival) { events.append(try item.get()) }
    return events
  }

  /// As `events`, each item of a batch judged by itself: its event, or why it became none.
  public func items(
    from message: some Sequence<UInt8>, source: IngestSource, arrival: Timestamp? = nil
  ) throws(IngestRefusal) -> [Result<IngestedEvent, IngestRefusal>] {
    try items(from: message, source: source, base: nil, arrival: arrival)
  }

  /// As above; `base` has what every event has besides.
  package func items(
    from message: some Sequence<UInt8>, source: IngestSource, base: JSONValue?, arrival: Timestamp?
  ) throws(IngestRefusal) -> [Result<IngestedEvent, IngestRefusal>] {
    let (told, arrival) = (arrival, try WallClock.moment(arrival))
    let bytes = Array(message)
    let read = source.isJSON ? try read(json: bytes, source, base) : Read(base: base, claimCodes: [])
    try read.expectNoClaimCode()
    let items: [Result<IngestedEvent, IngestRefusal>] =
      if let message = read.message {
        try self.items(of: message, source, read.base, arrival)
      } else {
        [.success(try callback(bytes, source, arrival))]
      }
    try read.expectRoom(for: items.count)
    return items.map { item in
      item.flatMap { event in
        Result { () throws(IngestRefusal) in
          if source.isEvidence { return event.timed(told) }
          let whole = event.arrived(arrivals.first(event.id, arrival)).merged(with: read.base)
          try read.expectNoClaimCode(in: whole.value)
          return whole.stated(covering: source.covered(by: event.type))
        }
      }
    }
  }

  /// What a verdict says, as a JSON object to be merged into an event: `{"device":{"play_integrity":{…}}}`.
  public func evidence(
    from message: some Sequence<UInt8>, source: IngestSource, arrival: Timestamp? = nil
  ) throws(IngestRefusal) -> String {
    guard configuration.open.contains(source), source.isEvidence else { throw .notConfigured(source) }
    let arrival = try WallClock.moment(arrival)
    return try evidence(try JSONMessage(Array(message)), source, arrival).encoded()
  }

  /// The event of an ad network's query.
  private func callback(
    _ bytes: [UInt8], _ source: IngestSource, _ arrival: Timestamp
  ) throws(IngestRefusal) -> IngestedEvent {
    let query: () throws(IngestRefusal) -> Query = { () throws(IngestRefusal) in
      try Query(QueryText.query(of: bytes))
    }
    switch source {
    case .adMob:
      guard let settings = configuration.adMob else { throw .notConfigured(source) }
      return try AdMobCallback(settings: settings).event(try query(), arrival: arrival)
    case .appLovin:
      guard let settings = configuration.appLovin else { throw .notConfigured(source) }
      return try AppLovinCallback(settings: settings).event(try query(), arrival: arrival)
    default:
      guard let settings = configuration.levelPlay else { throw .notConfigured(source) }
      return try LevelPlayCallback(settings: settings).event(try query(), arrival: arrival)
    }
  }
}
