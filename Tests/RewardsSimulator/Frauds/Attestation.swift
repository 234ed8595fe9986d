/// Frauds about what phones attest of themselves.
extension Operation {
  mutating func attestCounter(_ cast: inout Cast) {
    for _ in 0..<many(2, 6) {
      let player = recruit(&cast, openedAt: earlier(0...40), phone: Phone.apple(&dice))
      player.phone.signer?.counter = dice.between(1, 9)
      player.conduct.evidence.replayed = hidden(1, 0.4)
      cast.add(player)
    }
  }

  /// Simulated phones, for which a real one signs.
  mutating func attestKey(_ cast: inout Cast) {
    let signers = (0...Int(camouflage * 3)).map { _ in Signer(&dice) }
    for index in 0..<many(3, 12) {
      let player = recruit(&cast, openedAt: earlier(0...10), phone: Phone.apple(&dice))
      player.phone.signer = signers[index % signers.count]
      cast.add(player)
    }
  }

  mutating func staleAttestation(_ cast: inout Cast) {
    for _ in 0..<many(2, 6) {
      let phone = Phone.android(dice.below(Phone.models.count), &dice)
      let player = recruit(&cast, openedAt: earlier(0...30), phone: phone)
      player.conduct.evidence.stale = hidden(0.95, 0.4)
      player.conduct.evidence.foreign = hidden(0.6, 0.2)
      player.conduct.evidence.withheld = 0.5 * camouflage
      cast.add(player)
    }
  }

  mutating func tamperedApp(_ cast: inout Cast) {
    for _ in 0..<many(2, 8) {
      let phone = Phone.android(dice.below(Phone.models.count), &dice)
      phone.app = "UNRECOGNIZED_VERSION"
      phone.license = "UNLICENSED"
      let player = recruit(&cast, openedAt: earlier(0...30), phone: phone)
      player.conduct.evidence.withheld = 0.6 * camouflage
      player.conduct.patience = hidden(0.15, 0.8)
      player.habits.ads = 8...20
      player.habits.pause = 1_500...20_000
      cast.add(player)
    }
  }
}
