/// A payout that was asked for, under the numbers that its provider knows.
struct Payout {
  /// Amazon's `creationRequestId`, PayPal's `sender_item_id`: the event's id behind the provider's name.
  let request: String
  /// The provider's own number, `gcId` or `payout_item_id`.
  let item: String
  let amount: Int
  let method: PayoutMethod

  init(_ amount: Int, _ method: PayoutMethod, _ dice: inout Dice) {
    (self.amount, self.method) = (amount, method)
    request = method == .giftCard ? "Rwrds" + dice.token(16) : "item-" + dice.token(14)
    item = dice.token(13)
  }

  var isCard: Bool { method == .giftCard }
  var prefix: StaticString { isCard ? "amazon:" : "paypal:" }
}

/// What becomes of a payout: the events that `assay ingest` makes of what PayPal and Amazon say.
extension Player {
  func settle(_ payout: Payout, at time: Int64, _ stage: Stage) {
    if payout.isCard { return settleCard(payout, at: time, stage) }
    var time = time + dice.between(2 * Time.minute, 5 * Time.hour)
    if dice.chance(0.3) { status(.payoutPending, "PENDING", payout, at: time - Time.minute, stage) }
    if account.isReceiverWrong { return comeBack(payout, at: time, stage) }
    switch dice.below(1_000) {
    case ..<12:
      status(.payoutPending, "ONHOLD", payout, at: time, stage)
      time += dice.between(3 * Time.hour, 3 * Time.day)
      status(.payoutSettled, "SUCCESS", payout, at: time, stage)
    case ..<24:
      // Has no account with the provider yet, and opens one.
      status(.payoutPending, "UNCLAIMED", payout, at: time, stage)
      time += dice.between(2 * Time.hour, 12 * Time.day)
      status(.payoutSettled, "SUCCESS", payout, at: time, stage)
    case ..<30:
      comeBack(payout, at: time, stage)
    case ..<31:
      status(.payoutFailed, "BLOCKED", payout, at: time, stage)
      credits.append((time, payout.amount))
    case ..<32:
      status(.payoutSettled, "SUCCESS", payout, at: time, stage)
      status(.payoutReversed, "REVERSED", payout, at: time + dice.between(2 * Time.day, 20 * Time.day), stage)
    default:
      status(.payoutSettled, "SUCCESS", payout, at: time, stage)
    }
  }

  /// Nobody is there to take the money. Honest players correct the address at once and try again.
  private func comeBack(_ payout: Payout, at time: Int64, _ stage: Stage) {
    var time = time
    if dice.chance(0.4) {
      status(.payoutFailed, "FAILED", payout, at: time, stage)
    } else {
      status(.payoutPending, "UNCLAIMED", payout, at: time, stage)
      let isAskedBack = dice.chance(0.6)
      time += isAskedBack ? dice.between(4 * Time.hour, 5 * Time.day) : 30 * Time.day
      status(.payoutReturned, isAskedBack ? "REFUNDED" : "RETURNED", payout, at: time, stage)
    }
    credits.append((time, payout.amount))
    if conduct.till.madeUp == 0 { story.newReceiverAt = time }
  }

  /// Amazon answers at once.
  private func settleCard(_ payout: Payout, at time: Int64, _ stage: Stage) {
    let answered = time + dice.between(Int64(300), 4 * Time.second)
    switch dice.below(1_000) {
    case ..<10:
      status(.payoutPending, "RESEND", payout, at: answered, stage)
      status(.payoutSettled, "SUCCESS", payout, at: answered + dice.between(Time.minute, Time.hour), stage)
    case ..<14:
      status(.payoutFailed, "FAILURE", payout, at: answered, stage)
      credits.append((answered, payout.amount))
    case ..<15:
      // A card of an amount that was mistaken is cancelled within the quarter of an hour that Amazon allows.
      status(.payoutSettled, "SUCCESS", payout, at: answered, stage)
      let cancelled = answered + dice.between(Time.minute, 14 * Time.minute)
      status(.payoutReturned, "REFUNDED", payout, at: cancelled, stage)
      credits.append((cancelled, payout.amount))
    default:
      status(.payoutSettled, "SUCCESS", payout, at: answered, stage)
    }
  }

  /// One event for each status, under the number that both sides know. Money that did not leave or that came back takes
  /// the request back; what Amazon refuses may be asked for again under the same number.
  private func status(
    _ type: EventType, _ word: StaticString, _ payout: Payout, at time: Int64, _ stage: Stage
  ) {
    let id = "\(payout.isCard ? payout.request : payout.item):\(word)"
    var line = begin(type, payout.prefix, id, at: time, capacity: 600)
    let isTakenBack = type == .payoutReturned || type == .payoutReversed
    if isTakenBack || type == .payoutFailed && !payout.isCard {
      line.text("reverses", payout.prefix, payout.request)
    }
    line.open("payout")
    write(payout, in: &line)
    line.word("status", word)
    if payout.isCard {
      describeCard(payout, word, type, in: &line)
    } else {
      line.text("item_id", payout.item)
      line.text("receiver", account.receiver)
      line.word("receiver_type", "EMAIL")
      line.word("wallet", payout.method == .venmo ? "VENMO" : "PAYPAL")
      if word == "UNCLAIMED" { line.word("error_code", "RECEIVER_UNREGISTERED") }
      line.time("processed_at", time / 1_000 * 1_000)
    }
    line.close()
    send(line, type, payout.prefix, id, at: time, mark: mark(.payouts, at: time), stage)
  }

  private func describeCard(
    _ payout: Payout, _ word: StaticString, _ type: EventType, in line: inout JSONLine
  ) {
    switch type {
    case .payoutSettled:
      line.text("item_id", payout.item)
      line.word("card_status", "Fulfilled")
    case .payoutReturned: line.text("item_id", payout.item)
    default: line.word("error_code", word == "RESEND" ? "F400" : "F300")
    }
  }

  /// What a request and all that is said of it have in common.
  func write(_ payout: Payout, in line: inout JSONLine) {
    line.int("amount_minor", payout.amount)
    line.text("currency", Country.all[account.country].currency)
    line.word("provider", payout.isCard ? "amazon" : "paypal")
    line.word("method", payout.method.word)
    line.text("request_id", payout.request)
  }
}

extension StaticString {
  /// Whether both are the same text.
  static func == (left: StaticString, right: StaticString) -> Bool {
    left.withUTF8Buffer { left in right.withUTF8Buffer { right in left.elementsEqual(right) } }
  }
}
