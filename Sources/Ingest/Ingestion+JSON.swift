internal import CEL
internal import OrderedJSON

/// A message with what every event of it has besides.
struct Read {
  /// Nil where the message is a query.
  var message: JSONMessage?
  /// What the caller knows and the vendor does not.
  let base: JSONValue?
  /// It is about gift cards, and what the caller adds may have a code under any name.
  var isAboutGiftCards = false
  /// The claim codes of the message, which nothing that comes out may have.
  let claimCodes: Set<String>

  /// The caller's own members name no claim code, in whatever depth.
  func expectNoClaimCode() throws(IngestRefusal) {
    guard let base else { return }
    if let path = ClaimCodes.member(in: base) { throw ClaimCodes.refusal(at: path) }
    if isAboutGiftCards, ClaimCodes.looksLikeOne(in: base) { throw ClaimCodes.refusal(at: nil) }
  }

  /// Nor has an event the code of a gift card under another name.
  func expectNoClaimCode(in event: JSONValue) throws(IngestRefusal) {
    guard !claimCodes.isEmpty else { return }
    if ClaimCodes.isThere(claimCodes, in: event) { throw ClaimCodes.refusal(at: nil) }
  }

  /// What the caller adds stands in every event of a batch: it is bounded by all of them together.
  func expectRoom(for count: Int) throws(IngestRefusal) {
    guard let base, count > 1 else { return }
    let (bytes, overflows) = base.encoded().utf8.count.multipliedReportingOverflow(by: count)
    guard !overflows, bytes <= IngestLimits.batchBytesMax else {
      throw IngestRefusal(
        .tooLarge, Envelope.event,
        "`\(Envelope.event)` in each of \(count) items is more than \(IngestLimits.batchBytesMax) bytes",
        hint: "send fewer items at once, or a smaller `\(Envelope.event)`")
    }
  }
}

/// Messages in JSON, of which nothing shows who sent them.
extension Ingestion {
  /// Reads the message; its member `event` has what the vendor does not know, such as the user, before `base`.
  func read(
    json bytes: [UInt8], _ source: IngestSource, _ base: JSONValue?
  ) throws(IngestRefusal) -> Read {
    guard configuration.open.contains(source) else { throw .notConfigured(source) }
    let message = try JSONMessage(bytes)
    let own = try message.object(Envelope.event)?.value
    return Read(
      message: message, base: own.map { $0.merged(with: base ?? .object([])) } ?? base,
      isAboutGiftCards: source == .giftCard,
      claimCodes: source == .giftCard ? try ClaimCodes.ofAnswer(message) : [])
  }

  /// What each item of the message stands for, the caller's members not yet in it.
  func items(
    of message: JSONMessage, _ source: IngestSource, _ base: JSONValue?, _ arrival: Timestamp
  ) throws(IngestRefusal) -> [Result<IngestedEvent, IngestRefusal>] {
    switch source {
    case .payPalWebhook:
      return try PayPalMessage(settings: configuration.payPal).webhook(message, arrival: arrival)
    case .payPalBatch:
      return try PayPalMessage(settings: configuration.payPal).batch(message, arrival: arrival)
    case .giftCard: return try GiftCardMessage.events(message, arrival: arrival).map { .success($0) }
    default:
      guard let base else {
        throw IngestRefusal(
          .noEvent, Envelope.event, "a verdict alone is no event",
          hint: "add the event that it belongs to as the member `event`")
      }
      let event = try evidence(message, source, arrival).merged(with: base.without(source.evidencePath))
      if let path = ClaimCodes.member(in: event) { throw ClaimCodes.refusal(at: path) }
      return [.success(try IngestedEvent(merged: event))]
    }
  }

  /// The fields of a verdict, where an event has them.
  func evidence(
    _ message: JSONMessage, _ source: IngestSource, _ arrival: Timestamp
  ) throws(IngestRefusal) -> JSONValue {
    let fields =
      source == .playIntegrity
      ? try PlayIntegrityVerdict.fields(message, arrival: arrival) : try DeviceCheckAnswer.fields(message)
    return source.evidencePath.reversed().reduce(fields) { .object([.init($1, $0)]) }
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

  /// Where an event has the fields of evidence.
  fileprivate var evidencePath: [String] {
    ["device", self == .playIntegrity ? "play_integrity" : "device_check"]
  }
}

extension IngestedEvent {
  /// An event of somebody else's, with evidence in it.
  fileprivate init(merged value: JSONValue) throws(IngestRefusal) {
    guard let id = value["id"]?.text, let type = value["type"]?.text else {
      throw IngestRefusal(
        .missingParameter, Envelope.event, "`event` needs an `id` and a `type`",
        hint: #"such as {"id":"p-1","type":"payout.requested","time":"2026-05-01T10:00:00Z"}"#)
    }
    self.init(id: id, type: type, value: value)
  }
}
