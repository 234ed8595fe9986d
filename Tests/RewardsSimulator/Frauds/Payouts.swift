/// Frauds about money that is paid out.
extension Operation {
  mutating func fastCashout(_ cast: inout Cast) {
    for index in 0..<many(2, 10) {
      let opened = begin + Int64(index) * dice.between(Time.hour, span(6 * Time.hour, 40 * Time.hour))
      let player = recruit(&cast, openedAt: opened)
      player.account.wish = dice.pick([100, 200, 500])
      player.conduct.rhythm = .blocks(10, ads: many(5, 14), from: 8, hours: 14)
      player.conduct.till.minimumAge = span(2 * Time.hour, 60 * Time.hour)
      player.conduct.till.eagerness = 1
      player.conduct.end = opened + 4 * Time.day
      cast.add(player)
    }
  }

  /// Somebody else in an honest player's account, with a phone and an address of their own.
  mutating func giftCardDrain(_ cast: inout Cast) {
    let opened = Plan.start - dice.between(60, 400) * Time.day
    let victim = recruit(&cast, openedAt: opened)
    victim.conduct = Conduct()
    victim.arrival = Plan.start
    victim.account.wish = 20_000
    victim.habits.sessionsADay = much(3, 6)
    let isCloned = dice.chance(camouflage)
    let thief = Player(
      victim.account, phone: isCloned ? victim.phone : Phone.any(&dice),
      home: Home(country: victim.home.country, &dice),
      dice: Dice(seed: dice.next(), stream: 9))
    thief.arrival = begin
    thief.account.wish = 500
    thief.account.method = .giftCard
    thief.conduct.mark = mark
    thief.conduct.begin = begin
    thief.conduct.end = begin + 3 * Time.day
    thief.conduct.rhythm = .blocks(3, ads: 1, from: 0, hours: 24)
    thief.conduct.whereabouts = .places([
      dice.chance(camouflage) ? .carrier(victim.home.country, &dice) : .exit(Country.home(&dice), &dice)
    ])
    thief.conduct.till.burst = many(3, 12)
    thief.conduct.till.portion = dice.pick([500, 1_000, 2_500])
    thief.conduct.till.pause = 30 * Time.second...span(5 * Time.minute, 10 * Time.hour)
    thief.conduct.till.eagerness = 1
    if dice.chance(0.7) { thief.conduct.till.entered = Time.minute...span(20 * Time.minute, 2 * Time.day) }
    cast.add(victim)
    cast.add(thief)
  }

  mutating func payoutProbing(_ cast: inout Cast) {
    for _ in 0..<many(1, 4) {
      let player = recruit(&cast, openedAt: earlier(0...50))
      player.account.method = .paypal
      player.account.wish = 100
      player.conduct.scope = .payouts
      player.conduct.till.burst = many(2, 8)
      player.conduct.till.portion = 50
      player.conduct.till.pause = 30 * Time.second...span(10 * Time.minute, 10 * Time.hour)
      player.conduct.till.madeUp = hidden(0.95, 0.45)
      player.conduct.till.isFresh = true
      cast.add(player)
    }
  }

  mutating func sleeper(_ cast: inout Cast) {
    for _ in 0..<many(2, 6) {
      let country = Country.home(&dice)
      let opened = Plan.start - dice.between(100, 500) * Time.day
      let elsewhere = dice.chance(1 - camouflage) ? Country.other(than: country, &dice) : country
      let player = recruit(&cast, openedAt: opened, country: country, home: Home(country: elsewhere, &dice))
      player.arrival = begin + dice.between(0, 5 * Time.day)
      let hours = hidden(20, 13)
      player.conduct.rhythm = .blocks(
        Int(hours), ads: max(1, Int(much(60, 180) / hours)), from: dice.between(4, 9), hours: hours)
      player.conduct.till.entered = 2 * Time.minute...span(30 * Time.minute, 4 * Time.day)
      player.conduct.end = player.arrival + Int64(dice.between(4, 9)) * Time.day
      cast.add(player)
    }
  }
}
