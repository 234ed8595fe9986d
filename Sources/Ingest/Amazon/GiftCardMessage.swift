internal import CEL
internal import OrderedJSON

/// What was sent to Amazon Incentives about a gift card, and what it answered:
/// `{"request": {…}, "answer": {…}}`, or `{"request": {…}, "cancel": {…}}` for a cancellation.
///
/// Members are taken one by one, by name; `gcClaimCode` is none of them.
struct GiftCardMessage {
  private static let statuses = ["SUCCESS", "FAILURE", "RESEND"]

  /// The event; none where a cancellation failed, which changes nothing. The same request gives the same event.
  static func events(_ message: JSONMessage, arrival: Timestamp) throws(IngestRefusal) -> [IngestedEvent] {
    let request = try message.object("request")
    if let cancel = try message.object("cancel") { return try cancellation(cancel, request, arrival) }
    let whole = try message.object("answer")
    guard request != nil || whole != nil else { throw message.missing("request") }
    let inner = try whole?.object("agcodResponse")
    let answer = inner ?? whole
    let id = try id(of: request, answer)
    let asked = try request?.object("value")
    let given = try answer?.object("cardInfo")?.object("value")
    let amounts = asked ?? given
    guard let answer else {
      var event = EventObject(id: "amazon:" + id, type: "payout.requested", arrival: arrival)
      try describe(&event, id, amounts)
      return [event.event]
    }
    guard let status = try answer.word("status", among: statuses) else { throw answer.missing("status") }
    let card = try answer.object("cardInfo")?.text("cardStatus")
    let isRefunded = card == "RefundedToPurchaser"
    let type =
      isRefunded
      ? "payout.returned"
      : status == "SUCCESS" ? "payout.settled" : status == "RESEND" ? "payout.pending" : "payout.failed"
    var event = EventObject(
      id: "amazon:\(id):\(isRefunded ? "REFUNDED" : status)", type: type, arrival: arrival)
    if isRefunded { event.set("reverses", "amazon:" + id) }
    try describe(&event, id, amounts)
    event.set("payout.item_id", try answer.text("gcId"))
    event.set("payout.status", isRefunded ? "REFUNDED" : status)
    event.set("payout.card_status", card)
    event.set("payout.error_code", try whole?.text("errorCode"))
    event.set("payout.error_type", try whole?.text("errorType"))
    return [event.event]
  }

  private static func cancellation(
    _ cancel: JSONMessage, _ request: JSONMessage?, _ arrival: Timestamp
  ) throws(IngestRefusal) -> [IngestedEvent] {
    let answer = try cancel.object("agcodResponse") ?? cancel
    guard let status = try answer.word("status", among: statuses) else { throw answer.missing("status") }
    if status != "SUCCESS" { return [] }
    let id = try id(of: request, answer)
    var event = EventObject(id: "amazon:\(id):CANCELLED", type: "payout.returned", arrival: arrival)
    event.set("reverses", "amazon:" + id)
    try describe(&event, id, try request?.object("value"))
    event.set("payout.item_id", try answer.text("gcId"))
    event.set("payout.status", "REFUNDED")
    return [event.event]
  }

  private static func describe(
    _ event: inout EventObject, _ id: String, _ amounts: JSONMessage?
  ) throws(IngestRefusal) {
    try event.setAmount(amounts, value: "amount", currency: "currencyCode")
    event.set("payout.provider", "amazon")
    event.set("payout.method", "gift_card")
    event.set("payout.request_id", id)
  }

  /// The creation's id; an answer that tells of a failure has none, and any other has that of its request.
  private static func id(of request: JSONMessage?, _ answer: JSONMessage?) throws(IngestRefusal) -> String {
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
