/// Frauds about ads and what they earn.
extension Operation {
  mutating func callbackForgery(_ cast: inout Cast) {
    for _ in 0..<many(1, 4) {
      let player = recruit(&cast, openedAt: earlier(0...30))
      player.conduct.scope = .doctored
      player.conduct.doctoring.forged = much(0.2, 1) * hidden(1, 0.4)
      player.habits.ads = 6...18
      if dice.chance(1 - camouflage) {
        player.conduct.beat = (dice.between(5 * Time.second, 12 * Time.second), 0.3)
      }
      cast.add(player)
    }
  }

  mutating func callbackReplay(_ cast: inout Cast) {
    for _ in 0..<many(1, 3) {
      let player = recruit(&cast, openedAt: earlier(0...60))
      player.conduct.scope = .doctored
      player.conduct.doctoring.replayed = much(0.1, 0.7)
      player.conduct.doctoring.copies = many(1, 4)
      player.conduct.doctoring.replayDelay = 5 * Time.second...span(Time.hour, 6 * Time.day)
      cast.add(player)
    }
  }

  mutating func inflatedGrant(_ cast: inout Cast) {
    for _ in 0..<many(1, 4) {
      let player = recruit(&cast, openedAt: earlier(0...30))
      player.conduct.scope = .doctored
      player.conduct.doctoring.inflated = much(0.2, 0.9)
      player.conduct.doctoring.factor = 1 + much(0.5, 9) * hidden(1, 0.1)
      player.conduct.doctoring.claimed = much(0.2, 2)
      player.reports = true
      cast.add(player)
    }
  }

  mutating func reversalAbuse(_ cast: inout Cast) {
    for _ in 0..<many(2, 5) {
      let player = recruit(&cast, openedAt: earlier(0...40))
      player.conduct.scope = .doctored
      player.conduct.doctoring.reversed = much(0.1, 0.6)
      player.conduct.doctoring.reversalDelay = Time.hour...span(8 * Time.hour, 12 * Time.day)
      player.account.wish = 500
      player.conduct.till.eagerness = 1
      cast.add(player)
    }
  }

  mutating func metronome(_ cast: inout Cast) {
    for _ in 0..<many(1, 4) {
      let player = recruit(&cast, openedAt: earlier(0...20))
      let hours = hidden(24, 15)
      let blocks = Int(hours / 1.5)
      let ads = Int(much(60, 300) / Double(blocks) + 1)
      player.conduct.rhythm = .blocks(blocks, ads: ads, from: dice.between(0, 8), hours: hours)
      let gap = dice.between(28 * Time.second, min(60 * Time.second, Int64(5_000_000 / ads)))
      player.conduct.beat = (gap, 0.004 + 0.15 * camouflage + 0.45 * camouflage * camouflage * camouflage)
      player.conduct.whereabouts = .homes([player.home])
      cast.add(player)
    }
  }

  mutating func noSleep(_ cast: inout Cast) {
    for _ in 0..<many(1, 3) {
      let player = recruit(&cast, openedAt: earlier(0...60))
      let hours = hidden(24, 17)
      player.conduct.rhythm = .blocks(
        Int(hours), ads: max(1, Int(much(80, 240) / hours)), from: dice.between(0, 8), hours: hours)
      cast.add(player)
    }
  }

  mutating func networkConcentration(_ cast: inout Cast) {
    let network = dice.pick(AdNetwork.allCases)
    for _ in 0..<many(1, 4) {
      // Where all ads are of one network anyway, this would be no fraud.
      let player = recruit(&cast, openedAt: earlier(0...30), country: dice.pick([0, 1, 2, 3, 8, 9]))
      player.conduct.bias = (network, hidden(1, 0.85))
      player.conduct.rhythm = .blocks(14, ads: max(1, Int(much(60, 200) / 14)), from: 7, hours: 15)
      cast.add(player)
    }
  }

  mutating func countryHopper(_ cast: inout Cast) {
    for _ in 0..<many(1, 4) {
      let home = dice.pick([10, 11, 12])
      let player = recruit(&cast, openedAt: earlier(0...40), country: home)
      let count = max(2, Int(much(3, 7) * hidden(1, 0.4)))
      var countries: [Int] = []
      for _ in 0..<count { countries.append(dice.pick(Country.rich)) }
      player.conduct.whereabouts = .exits(
        countries, disguised: camouflage, changes: Int(much(3, 9) * hidden(1, 0.25) + 0.5))
      player.habits.sessionsADay = much(3, 8)
      cast.add(player)
    }
  }
}
