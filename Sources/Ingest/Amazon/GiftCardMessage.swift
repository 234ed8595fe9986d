internal import CEL
internal import OrderedJSON

/// What was sent to Amazon Incentives about a gift card, and what it answered:
/// `{"request": {…}, "answer": {…}}`, or `{"request": {…}, "cancel": {…}}` for a cancellation.
///
/// Members are taken one by one, by name; `gcClaimCode` is none of them.
struct GiftCardMessage {
  private static let statuses = ["SUCCESS", "FAILURE", "RESEND"]
  /// The status of a card that was taken back, told by the cancellation or by a later answer.
  private static let refunded = "REFUNDED"

  let request: JSONMessage?
  let arrival: Timestamp

  /// The event; none where a cancellation failed, which changes nothing. The same request gives the same event.
  static func events(_ message: JSONMessage, arrival: Timestamp) throws(IngestRefusal) -> [IngestedEvent] {
    let card = GiftCardMessage(request: try message.object("request"), arrival: arrival)
    if let cancel = try message.object("cancel") { return try card.cancellation(cancel) }
    guard let answer = try message.object("answer") else {
      guard card.request != nil else { throw message.missing("request") }
      return [try card.asked()]
    }
    return [try card.answered(answer)]
  }

  private func asked() throws(IngestRefusal) -> IngestedEvent {
    let id = try id(nil)
    var event = EventObject(id: "amazon:" + id, type: "payout.requested", arrival: arrival)
    try describe(&event, id, try request?.object("value"))
    return event.event
  }

  private func answered(_ whole: JSONMessage) throws(IngestRefusal) -> IngestedEvent {
    let answer = try whole.object("agcodResponse") ?? whole
    let id = try id(answer)
    guard let status = try answer.word("status", among: Self.statuses) else { throw answer.missing("status") }
    let card = try answer.object("cardInfo")
    let cardStatus = try card?.text("cardStatus")
    let isRefunded = cardStatus == "RefundedToPurchaser"
    let told = isRefunded ? Self.refunded : status
    let error = (code: try whole.text("errorCode"), type: try whole.text("errorType"))
    let isFinal = status == "FAILURE" && Self.isFinal(error.code, error.type)
    // A failure may come first after which the request was sent again: the last word is no repeat of that.
    var event = EventObject(
      id: "amazon:\(id):\(told)" + (isFinal && !isRefunded ? ":final" : ""),
      type: Self.type(isRefunded: isRefunded, status), arrival: arrival)
    if isRefunded || isFinal { event.set("reverses", "amazon:" + id) }
    let asked = try request?.object("value")
    let given = try card?.object("value")
    try describe(&event, id, asked ?? given)
    event.set("payout.item_id", try answer.text("gcId"))
    event.set("payout.status", told)
    event.set("payout.card_status", cardStatus)
    event.set("payout.error_code", error.code)
    event.set("payout.error_type", error.type)
    return event.event
  }

  private static func type(isRefunded: Bool, _ status: String) -> String {
    if isRefunded { return "payout.returned" }
    return switch status {
    case "SUCCESS": "payout.settled"
    case "RESEND": "payout.pending"
    default: "payout.failed"
    }
  }

  /// No card was made for this request, and none will be: what it asks for is never granted. With other errors the same
  /// request may succeed when it is sent again, or a card was made before; it is then the payout that was asked for first.
  private static func isFinal(_ code: String?, _ type: String?) -> Bool {
    guard code == "F200", let type else { return false }
    return type.hasPrefix("Invalid") || refusedAmounts.contains(type)
  }

  private static let refusedAmounts = [
    "CurrencyCodeMismatch", "FractionalAmountNotAllowed", "MaxAmountExceeded",
  ]

  private func cancellation(_ cancel: JSONMessage) throws(IngestRefusal) -> [IngestedEvent] {
    let answer = try cancel.object("agcodResponse") ?? cancel
    guard let status = try answer.word("status", among: Self.statuses) else { throw answer.missing("status") }
    if status != "SUCCESS" { return [] }
    let id = try id(answer)
    var event = EventObject(id: "amazon:\(id):\(Self.refunded)", type: "payout.returned", arrival: arrival)
    event.set("reverses", "amazon:" + id)
    try describe(&event, id, try request?.object("value"))
    event.set("payout.item_id", try answer.text("gcId"))
    event.set("payout.status", Self.refunded)
    return [event.event]
  }

  private func describe(
    _ event: inout EventObject, _ id: String, _ amounts: JSONMessage?
  ) throws(IngestRefusal) {
    try event.setAmount(amounts, value: "amount", currency: "currencyCode")
    event.set("payout.provider", "amazon")
    event.set("payout.method", "gift_card")
    event.set("payout.request_id", id)
  }

  /// The creation's id; an answer that tells of a failure has none, and any other has that of its request.
  private func id(_ answer: JSONMessage?) throws(IngestRefusal) -> String {
    let name = "creationRequestId"
    let (asked, answered) = (try request?.text(name), try answer?.text(name))
    guard let id = asked ?? answered else {
      throw request?.missing(name) ?? answer?.missing(name) ?? .missing(name)
    }
    if let asked, let answered, !asked.utf8.elementsEqual(answered.utf8) {
      throw IngestRefusal(.badValue, name, "the answer has another `\(name)` than the request")
    }
    return try TransactionID.check(id, name)
  }
}
