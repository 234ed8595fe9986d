/// Ads and what they earn.
extension Player {
  /// A reward as it was granted once.
  struct Grant {
    let network: AdNetwork
    let transaction: String
    let shownAt: Int64
    let amount: Int
    let clientAmount: Int?
    var isSigned = true
    /// The network's offers, which pay for more than an ad.
    var isOffer = false
  }

  /// An ad that ends at `time`: the callback, the game's report, and what is done to them.
  func watch(
    _ network: AdNetwork, until time: Int64, on device: Phone, from place: Place, _ stage: Stage
  ) {
    let doctoring = conduct.doctoring
    let isOffer = network == .levelplay && dice.chance(0.012)
    let amount = amount(in: place.country) * (isOffer ? dice.between(8, 25) : 1)
    let isInflated = dice.chance(doctoring.inflated)
    let isForged = dice.chance(doctoring.forged)
    let factor = isInflated ? doctoring.factor : story.misreports ? 2 : 1
    let reported = Int(Double(amount) * factor + 0.5)
    let saysAmount = isInflated || dice.chance(0.6)
    let grant = Grant(
      network: network, transaction: network.transaction(&dice), shownAt: time, amount: amount,
      clientAmount: saysAmount ? reported : nil, isSigned: !isForged, isOffer: isOffer)
    if reports || isInflated { rewardClaimed(reported, network, at: time, on: device, from: place, stage) }
    // Now and then the network never calls back, and nobody is the richer.
    if dice.chance(0.004) { return }
    let received = receipt(of: grant, on: stage)
    credit(isInflated ? reported : amount, at: received, shownAt: time)
    let mark = mark(isInflated || isForged ? .doctored : .all, at: time)
    let id = grant.transaction
    rewardGranted(grant, network.prefix, id, at: received, on: device, from: place, mark: mark, stage)
    if dice.chance(doctoring.reversed) { reverse(grant, id, after: received, stage) }
    if dice.chance(doctoring.replayed) { replay(grant, after: received, on: device, from: place, stage) }
  }

  /// The balance rises when the callback is there: mostly before the next ad begins.
  private func credit(_ amount: Int, at received: Int64, shownAt: Int64) {
    if received - shownAt < 4 * Time.second {
      account.balance += amount
    } else {
      credits.append((received, amount))
    }
  }

  private func amount(in country: Int) -> Int {
    switch Country.all[country].tier {
    case 1: dice.pick([8, 10, 10, 12, 15, 20])
    case 2: dice.pick([4, 5, 5, 6, 8, 10])
    default: dice.pick([2, 3, 3, 4, 5])
    }
  }

  /// When the platform has the callback: soon, seldom minutes later, and after an outage with all others.
  private func receipt(of grant: Grant, on stage: Stage) -> Int64 {
    let release = stage.outages.release(grant.network, at: grant.shownAt)
    if release > grant.shownAt { return release + dice.between(0, 3 * Time.minute) }
    if dice.chance(0.008) { return release + dice.skewed(10 * Time.second, 12 * Time.minute) }
    return release + dice.between(Int64(150), 3 * Time.second)
  }

  private func rewardGranted(
    _ grant: Grant, _ prefix: StaticString, _ id: String, at time: Int64, on device: Phone, from place: Place,
    mark: SimulatedEvent.Mark?, _ stage: Stage
  ) {
    var line = begin(.rewardGranted, prefix, id, at: time, capacity: 700)
    // The network passes on what the game gave it, and now and then it has nothing.
    if dice.chance(0.985) {
      line.open("device")
      line.text("id", device.id)
      line.close()
    }
    if dice.chance(0.98) { write(place, in: &line) }
    line.open("ad")
    line.word("network", grant.network.word)
    line.word("unit", grant.network.unit)
    line.word("placement", grant.isOffer ? "offerwall" : "level_end")
    line.word("source", grant.network.source(&dice))
    line.text("transaction_id", grant.transaction)
    line.int("callback_at", Int(grant.network.stamp(grant.shownAt)))
    line.bool("signed", grant.isSigned)
    if grant.network == .applovin { line.text("country", Country.all[place.country].code) }
    line.close()
    line.open("reward")
    line.int("amount", grant.amount)
    if let amount = grant.clientAmount { line.int("client_amount", amount) }
    line.word("item", "coins")
    line.close()
    send(line, .rewardGranted, prefix, id, at: time, mark: mark, stage)
  }

  private func rewardClaimed(
    _ amount: Int, _ network: AdNetwork, at time: Int64, on device: Phone, from place: Place, _ stage: Stage,
    isMadeUp: Bool = false
  ) {
    let id = dice.hex(12)
    var line = begin(.rewardClaimed, "claim:", id, at: time, capacity: 500)
    line.open("device")
    line.text("id", device.id)
    line.close()
    write(place, in: &line)
    line.open("ad")
    line.word("network", network.word)
    line.word("placement", "level_end")
    line.close()
    line.open("reward")
    line.int("client_amount", amount)
    line.close()
    send(
      line, .rewardClaimed, "claim:", id, at: time, mark: mark(isMadeUp ? .doctored : .all, at: time), stage)
  }

  /// The game claims rewards for ads that no network has shown.
  func claimWithoutAds(at time: Int64, on device: Phone, from place: Place, _ stage: Stage) {
    guard conduct.doctoring.claimed > 0 else { return }
    for turn in 0..<dice.count(4 * conduct.doctoring.claimed) as Range<Int> {
      let amount = amount(in: place.country)
      account.balance += amount
      let when = time + Int64(turn) * dice.between(5 * Time.second, 40 * Time.second)
      rewardClaimed(
        amount, network(in: place.country), at: when, on: device, from: place, stage, isMadeUp: true)
    }
  }

  private func reverse(_ grant: Grant, _ id: String, after time: Int64, _ stage: Stage) {
    let delay = conduct.doctoring.reversalDelay
    let when = time + dice.between(delay.lowerBound, delay.upperBound)
    credits.append((when, -grant.amount))
    // LevelPlay tells itself what it takes back; for the others the platform does.
    let isTold = grant.network == .levelplay
    let prefix = isTold ? grant.network.prefix : "reversal:"
    let number = isTold ? id + ":reversed" : dice.hex(12)
    var line = begin(.rewardReversed, prefix, number, at: when, capacity: 400)
    line.text("reverses", grant.network.prefix, id)
    line.open("ad")
    line.word("network", grant.network.word)
    line.text("transaction_id", grant.transaction)
    line.close()
    line.open("reward")
    line.int("amount", grant.amount)
    line.close()
    let mark = mark(conduct.doctoring.reversed > 0.05 ? .doctored : .all, at: time)
    send(line, .rewardReversed, prefix, number, at: when, mark: mark, stage)
  }

  /// The callback is sent again, with its transaction, under other event ids.
  private func replay(
    _ grant: Grant, after time: Int64, on device: Phone, from place: Place, _ stage: Stage
  ) {
    let delay = conduct.doctoring.replayDelay
    for _ in 0..<conduct.doctoring.copies {
      let when = time + dice.between(delay.lowerBound, delay.upperBound)
      credits.append((when, grant.amount))
      rewardGranted(
        grant, grant.network.prefix, grant.network.transaction(&dice), at: when, on: device, from: place,
        mark: mark(.doctored, at: time), stage)
    }
  }
}
