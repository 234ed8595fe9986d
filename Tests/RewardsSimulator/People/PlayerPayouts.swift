/// Asking for money.
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
    let payout = Payout(amount, account.method, &dice)
    var line = begin(.payoutRequested, payout.prefix, payout.request, at: time, capacity: 1_800)
    writeAccount(&line)
    writeReferral(&line)
    attest(device, at: time, for: .payoutRequested, in: &line)
    write(place, in: &line)
    line.open("payout")
    write(payout, in: &line)
    line.int("coins", amount)
    line.text("receiver", account.receiver)
    if !payout.isCard { line.word("receiver_type", "EMAIL") }
    if let changed = account.receiverChangedAt { line.time("receiver_changed_at", changed) }
    line.close()
    send(
      line, .payoutRequested, payout.prefix, payout.request, at: time, amount: amount,
      mark: mark(.payouts, at: time), stage)
    settle(payout, at: time, stage)
  }
}
