/// Turns what a player does into events, as a rewards platform would send them.
struct StreamRecorder {
  private(set) var events: [StreamEvent] = []
  var dice: StreamDice
  /// What the events that follow are a part of.
  var fraud: String?

  init(seed: UInt64, stream: UInt64) { dice = StreamDice(seed: seed, stream: stream) }

  mutating func accountCreated(
    _ player: StreamPlayer, at time: Int64, referrer: StreamPlayer? = nil
  ) {
    var members = who(player) + account(player)
    if let referrer {
      members.append(("referral.referrer_id", .text(referrer.id)))
      members.append(("referral.referrer_device_id", .text(referrer.phone.id)))
    }
    members += phone(player.phone) + place(player.home)
    record("account:" + dice.hex(), "account.created", player, time, members)
  }

  mutating func sessionStarted(_ player: StreamPlayer, at time: Int64, from origin: StreamPlace) {
    let members = who(player) + phone(player.phone) + place(origin)
    record("session:" + dice.hex(), "session.started", player, time, members)
  }

  /// A reward by an ad network's callback. `again` grants an ad a second time under a new event id.
  @discardableResult
  mutating func rewardGranted(
    _ player: inout StreamPlayer, at time: Int64, from origin: StreamPlace, again: StreamEvent? = nil
  ) -> StreamEvent {
    if let again {
      let id = "again:" + dice.hex()
      return record(id, again.type, player, time, again.members)
    }
    let network = dice.pick(["admob", "admob", "applovin", "levelplay"])
    let transaction = dice.hex()
    let coins = dice.pick([5, 10, 10, 10, 15, 20] as [Int64])
    player.balance += coins
    var members = who(player)
    members.append(("device.id", .text(player.phone.id)))
    members += place(origin)
    members += [
      ("ad.network", .text(network)), ("ad.transaction_id", .text(transaction)), ("ad.signed", .bool(true)),
      ("reward.amount", .int(coins)),
    ]
    if dice.chance(perMille: 600) { members.append(("reward.client_amount", .int(coins))) }
    return record(network + ":" + transaction, "reward.granted", player, time, members)
  }

  /// The ad network takes `reward` back.
  mutating func rewardReversed(_ reward: StreamEvent, of player: StreamPlayer, at time: Int64) {
    let members = [("reverses", StreamEvent.Member.text(reward.id))] + reward.members
    record("reversal:" + dice.hex(), "reward.reversed", player, time, members)
  }

  /// A payout of the whole balance, and what became of it hours later.
  mutating func payout(_ player: inout StreamPlayer, at time: Int64, from origin: StreamPlace) {
    let request = "item-" + dice.hex()
    player.assertions += 1
    var members = who(player) + account(player)
    members.append(("account.email_domain", .text(player.mailDomain)))
    members += phone(player.phone) + attestation(player, at: time)
    members += place(origin)
    members += [
      ("payout.amount_minor", .int(player.balance)), ("payout.currency", .text(player.country.currency)),
      ("payout.method", .text(dice.chance(perMille: 700) ? "paypal" : "gift_card")),
      ("payout.request_id", .text(request)), ("payout.receiver", .text(player.receiver)),
    ]
    record("payout:" + request, "payout.requested", player, time, members)
    player.balance = 0
    player.lastPayout = time
    settle(player, request: request, at: time + dice.between(1, 6) * StreamTime.hour)
  }

  private mutating func settle(_ player: StreamPlayer, request: String, at time: Int64) {
    let comesBack = dice.chance(perMille: 30)
    let members =
      who(player) + [
        ("payout.request_id", .text(request)), ("payout.status", .text(comesBack ? "UNCLAIMED" : "SUCCESS")),
      ]
    record("settle:" + request, comesBack ? "payout.failed" : "payout.settled", player, time, members)
  }

  @discardableResult
  private mutating func record(
    _ id: String, _ type: String, _ player: StreamPlayer, _ time: Int64,
    _ members: [(path: String, value: StreamEvent.Member)]
  ) -> StreamEvent {
    let event = StreamEvent(
      id: id, type: type, time: time, arrival: time + dice.between(80, 2500), user: player.id, fraud: fraud,
      members: members)
    events.append(event)
    return event
  }

  private func who(_ player: StreamPlayer) -> [(path: String, value: StreamEvent.Member)] {
    [("user.id", .text(player.id))]
  }

  private func account(_ player: StreamPlayer) -> [(path: String, value: StreamEvent.Member)] {
    [
      ("account.created_at", .text(rfc3339(player.createdAt))),
      ("account.country", .text(player.country.code)),
    ]
  }

  private func place(_ place: StreamPlace) -> [(path: String, value: StreamEvent.Member)] {
    [
      ("ip", .text(place.address)), ("network.country", .text(place.country)),
      ("network.kind", .text(place.kind)),
    ]
  }

  private func phone(_ phone: StreamPhone) -> [(path: String, value: StreamEvent.Member)] {
    var members: [(path: String, value: StreamEvent.Member)] = [
      ("device.id", .text(phone.id)), ("device.os", .text(phone.verdicts == nil ? "ios" : "android")),
      ("device.model", .text(phone.model)), ("device.abi", .text(phone.abi)),
    ]
    if let verdicts = phone.verdicts {
      members.append(
        ("device.play_integrity.deviceIntegrity.deviceRecognitionVerdict", .texts(verdicts)))
    }
    return members
  }

  /// What a phone attests when money is at stake.
  private mutating func attestation(
    _ player: StreamPlayer, at time: Int64
  ) -> [(path: String, value: StreamEvent.Member)] {
    let hash = dice.hex()
    if player.phone.verdicts == nil {
      return [
        ("device.app_attest.key_id", .text("key-" + player.phone.id)),
        ("device.app_attest.environment", .text("production")),
        ("device.app_attest.counter", .int(player.assertions)),
        ("device.app_attest.stored_counter", .int(player.assertions - 1)),
        ("device.app_attest.risk_metric", .int(dice.between(1, 2))),
        ("device.device_check.bit0", .bool(false)),
        ("device.seen_at", .text(rfc3339(time - dice.below(900)))),
      ]
    }
    let asked = time - dice.between(1, 20) * StreamTime.second
    return [
      ("device.play_integrity.requestDetails.requestHash", .text(hash)),
      ("device.play_integrity.requestDetails.timestampMillis", .text(String(asked))),
      ("device.play_integrity.appIntegrity.appRecognitionVerdict", .text("PLAY_RECOGNIZED")),
      ("device.play_integrity.accountDetails.appLicensingVerdict", .text("LICENSED")),
      ("device.play_integrity.environmentDetails.playProtectVerdict", .text("NO_ISSUES")),
      ("device.expected_request_hash", .text(hash)),
      ("device.seen_at", .text(rfc3339(time - dice.below(900)))),
    ]
  }
}
