/// Asking for money, and what becomes of it.
extension Player {
  /// Asks for money at a session's end, where there is enough and the player feels like it; returns when that is done.
  func cashOut(at begin: Int64, on device: Phone, from place: Place, _ stage: Stage) -> Int64 {
    var time = begin
    let till = conduct.till
    guard time - account.createdAt >= till.minimumAge, account.balance >= account.wish,
      dice.chance(till.eagerness)
    else { return time }
    let count = max(till.burst, story.splits)
    if story.isCurious {
      // Now the player knows that it works.
      story.isCurious = false
      account.wish = 500
    }
    for turn in 0..<count {
      guard let amount = amount(turn, of: count) else { break }
      prepareReceiver(at: time)
      payoutRequested(amount, at: time, on: device, from: place, stage)
      account.balance -= amount
      account.payouts += 1
      time += dice.between(till.pause.lowerBound, till.pause.upperBound)
    }
    return time
  }

  /// Cents of one payout of several; nil where there is too little left.
  private func amount(_ turn: Int, of count: Int) -> Int? {
    let balance = account.balance
    if conduct.till.portion > 0 { return balance >= conduct.till.portion ? conduct.till.portion : nil }
    let share = balance / (count - turn)
    guard account.method == .giftCard else { return share >= 50 ? min(share, 10_000) : nil }
    return [10_000, 5_000, 2_500, 2_000, 1_000, 500, 300, 200, 100, 50].first { $0 <= share }
  }

  private func prepareReceiver(at time: Int64) {
    let till = conduct.till
    if till.isFresh || dice.chance(till.madeUp) {
      let isMadeUp = dice.chance(till.madeUp)
      enterReceiver(at: time - dice.between(20 * Time.second, 10 * Time.minute))
      account.isReceiverWrong = isMadeUp
    }
    if let entered = till.entered, account.payouts == 0 || account.receiverChangedAt == nil {
      enterReceiver(at: time - dice.between(entered.lowerBound, entered.upperBound))
    }
  }

  private func payoutRequested(
    _ amount: Int, at time: Int64, on device: Phone, from place: Place, _ stage: Stage
  ) {
    let isCard = account.method == .giftCard
    let request = isCard ? "Rwrds" + dice.token(16) : "item-" + dice.token(14)
    var line = begin(.payoutRequested, "payout:", request, at: time, capacity: 1_800)
    writeAccount(&line)
    attest(device, at: time, for: .payoutRequested, in: &line)
    write(place, in: &line)
    line.open("payout")
    line.int("amount_minor", amount)
    line.text("currency", Country.all[account.country].currency)
    line.int("coins", amount)
    line.word("provider", isCard ? "amazon" : "paypal")
    line.word("method", account.method.word)
    line.text("request_id", request)
    line.text("receiver", account.receiver)
    if !isCard { line.word("receiver_type", "EMAIL") }
    if let changed = account.receiverChangedAt { line.time("receiver_changed_at", changed) }
    line.close()
    send(
      line, .payoutRequested, "payout:", request, at: time, amount: amount, mark: mark(.payouts, at: time),
      stage)
    let payout = Payout(request: request, amount: amount, isCard: isCard)
    settle(payout, at: time, stage)
  }

  /// A payout that was asked for.
  private struct Payout {
    let request: String
    let amount: Int
    let isCard: Bool
  }

  private func settle(_ payout: Payout, at time: Int64, _ stage: Stage) {
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
    default:
      status(.payoutSettled, "SUCCESS", payout, at: answered, stage)
    }
  }

  private func status(
    _ type: EventType, _ word: StaticString, _ payout: Payout, at time: Int64, _ stage: Stage
  ) {
    let prefix: StaticString = payout.isCard ? "amazon:" : "paypal:"
    let isRepeat = word == "RESEND"
    let id = payout.isCard ? payout.request + (isRepeat ? "-resend" : "") : "WH-" + dice.token(17)
    var line = begin(type, prefix, id, at: time, capacity: 500)
    line.open("payout")
    line.int("amount_minor", payout.amount)
    line.text("currency", Country.all[account.country].currency)
    line.word("provider", payout.isCard ? "amazon" : "paypal")
    line.word("method", account.method.word)
    line.text("request_id", payout.request)
    if !payout.isCard { line.text("item_id", dice.token(13)) }
    line.text("receiver", account.receiver)
    line.word("status", word)
    if word == "UNCLAIMED" { line.word("error_code", "RECEIVER_UNREGISTERED") }
    line.time("processed_at", time / 1_000 * 1_000)
    line.close()
    send(line, type, prefix, id, at: time, mark: mark(.payouts, at: time), stage)
  }
}

extension StaticString {
  /// Whether both are the same text.
  static func == (left: StaticString, right: StaticString) -> Bool {
    left.withUTF8Buffer { left in right.withUTF8Buffer { right in left.elementsEqual(right) } }
  }
}
