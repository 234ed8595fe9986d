internal import CEL
internal import OrderedJSON

/// PayPal's answers about payouts: the items of a batch, one of them, or a webhook about one.
///
/// What PayPal says of a payout is an event of its own for each status, the same whether a webhook says it or the batch.
/// Money that did not leave or that came back names the request that is taken back: the event `paypal:SENDER_ITEM_ID`,
/// which is what the service calls its `payout.requested`.
struct PayPalMessage {
  /// The event types of the nine statuses.
  private static let types: [(status: String, type: String)] = [
    ("SUCCESS", "payout.settled"), ("FAILED", "payout.failed"), ("BLOCKED", "payout.failed"),
    ("PENDING", "payout.pending"), ("ONHOLD", "payout.pending"), ("UNCLAIMED", "payout.pending"),
    ("RETURNED", "payout.returned"), ("REFUNDED", "payout.returned"), ("REVERSED", "payout.reversed"),
  ]

  let settings: PayPalSettings

  /// The event of a webhook, at the moment at which PayPal made it; none where it is about a batch, which has no items in
  /// it.
  func webhook(
    _ message: JSONMessage, arrival: Timestamp
  ) throws(IngestRefusal) -> [Result<IngestedEvent, IngestRefusal>] {
    _ = try TransactionID.check(try message.requiredText("id"), "id")
    let type = try message.requiredText("event_type")
    if type.hasPrefix("PAYMENT.PAYOUTSBATCH.") { return [] }
    guard type.hasPrefix("PAYMENT.PAYOUTS-ITEM.") else {
      throw IngestRefusal(
        .unknownValue, "event_type", "`event_type` is none about payouts",
        hint: "subscribe this address to PAYMENT.PAYOUTS-ITEM.* only")
    }
    let made = try Self.moment(message, "create_time")
    if let made { try VendorTime.expectPlausible(made, "create_time", arrival: arrival) }
    return [.success(try item(try message.requiredObject("resource"), nil, arrival, made: made))]
  }

  /// An event for each item of a batch, or for the one item that the message is; each is judged by itself.
  func batch(
    _ message: JSONMessage, arrival: Timestamp
  ) throws(IngestRefusal) -> [Result<IngestedEvent, IngestRefusal>] {
    guard let items = try message.objects("items") else {
      if message.member("payout_item_id") == nil, message.member("batch_header") != nil { return [] }
      return [.success(try item(message, nil, arrival))]
    }
    let header = try message.object("batch_header")
    let batch = try header?.object("sender_batch_header")?.text("sender_batch_id")
    return items.map { item in
      item.flatMap { item in
        Result { () throws(IngestRefusal) in try self.item(item, batch, arrival) }
      }
    }
  }

  /// `made` is when PayPal made the message, where that is known.
  private func item(
    _ item: JSONMessage, _ senderBatch: String?, _ arrival: Timestamp, made: Timestamp? = nil
  ) throws(IngestRefusal) -> IngestedEvent {
    let words = Self.types.map(\.status)
    guard let status = try item.word("transaction_status", among: words),
      let type = Self.types.first(where: { $0.status == status })?.type
    else { throw item.missing("transaction_status") }
    let number = try TransactionID.check(try item.requiredText("payout_item_id"), item.name("payout_item_id"))
    let details = try item.requiredObject("payout_item")
    var request: String?
    if let sent = try details.text("sender_item_id") {
      request = try TransactionID.check(sent, details.name("sender_item_id"))
    }
    var event = EventObject(id: "paypal:\(number):\(status)", type: type, arrival: arrival, own: made)
    if type != "payout.settled", type != "payout.pending", let request {
      event.set("reverses", "paypal:" + request)
    }
    event.set("user.id", settings.user(request))
    try event.setAmount(try details.object("amount"), value: "value", currency: "currency")
    event.set("payout.provider", "paypal")
    let wallet = try details.text("recipient_wallet")
    event.set("payout.method", wallet == "VENMO" ? "venmo" : "paypal")
    event.set("payout.request_id", request)
    event.set("payout.sender_batch_id", try item.text("sender_batch_id") ?? senderBatch)
    event.set("payout.batch_id", try item.text("payout_batch_id"))
    event.set("payout.item_id", number)
    event.set("payout.transaction_id", try item.text("transaction_id"))
    event.set("payout.activity_id", try item.text("activity_id"))
    event.set("payout.receiver", try details.text("receiver"))
    event.set("payout.receiver_type", try details.text("recipient_type"))
    event.set("payout.wallet", wallet)
    event.set("payout.purpose", try details.text("purpose"))
    event.set("payout.status", status)
    event.set("payout.error_code", try item.object("errors")?.text("name"))
    event.set("payout.processed_at", try Self.moment(item, "time_processed")?.rfc3339())
    return event.event
  }

  private static func moment(_ message: JSONMessage, _ key: String) throws(IngestRefusal) -> Timestamp? {
    guard let text = try message.text(key) else { return nil }
    guard let moment = Timestamp(rfc3339: text) else {
      throw .badValue(message.name(key), "a moment such as 2026-05-01T10:00:00Z")
    }
    return moment
  }
}

/// What is set about PayPal's messages.
struct PayPalSettings: Sendable, Hashable {
  /// The user's id is what stands before this in `sender_item_id`; nil where the id is not in there.
  var userBefore: String?

  /// The user of a payout.
  func user(_ request: String?) -> String? {
    guard let request, let userBefore, let range = request.firstRange(of: userBefore) else { return nil }
    return String(request[..<range.lowerBound])
  }
}
