/// One operation of a kind of fraud: those who act together, their phones and places.
struct Operation {
  let kind: FraudKind
  let mark: SimulatedEvent.Mark
  /// How much, and how well hidden: the plan's, give or take.
  let strength: Double
  let camouflage: Double
  /// When it begins.
  let begin: Int64
  let plan: Plan
  var dice: Dice

  init(_ kind: FraudKind, number: Int, _ plan: Plan, _ dice: Dice) {
    (self.kind, self.plan, self.dice) = (kind, plan, dice)
    mark = SimulatedEvent.Mark(kind: kind, operation: number)
    strength = min(max(plan.strength + self.dice.between(-0.15, 0.15), 0), 1)
    camouflage = min(max(plan.camouflage + self.dice.between(-0.15, 0.15), 0), 1)
    let room = Int64(plan.days) * Time.day * 45 / 100
    begin = Plan.start + self.dice.between(min(Time.day, room), max(Time.day, room))
  }

  mutating func commit(_ cast: inout Cast) {
    switch kind {
    case .attestCounter: attestCounter(&cast)
    case .attestKey: attestKey(&cast)
    case .callbackForgery: callbackForgery(&cast)
    case .callbackReplay: callbackReplay(&cast)
    case .countryHopper: countryHopper(&cast)
    case .deviceFarm: deviceFarm(&cast)
    case .emulator: emulator(&cast)
    case .fastCashout: fastCashout(&cast)
    case .giftCardDrain: giftCardDrain(&cast)
    case .inflatedGrant: inflatedGrant(&cast)
    case .metronome: metronome(&cast)
    case .networkConcentration: networkConcentration(&cast)
    case .noSleep: noSleep(&cast)
    case .payoutProbing: payoutProbing(&cast)
    case .phoneFarm: phoneFarm(&cast)
    case .referralRing: referralRing(&cast)
    case .remoteControl: remoteControl(&cast)
    case .reversalAbuse: reversalAbuse(&cast)
    case .sharedReceiver: sharedReceiver(&cast)
    case .sleeper: sleeper(&cast)
    case .staleAttestation: staleAttestation(&cast)
    case .tamperedApp: tamperedApp(&cast)
    }
  }

  /// From `least` at strength 0 to `most` at strength 1.
  func much(_ least: Double, _ most: Double) -> Double { least + (most - least) * strength }

  /// From `open` at camouflage 0 to `hidden` at camouflage 1.
  func hidden(_ open: Double, _ hidden: Double) -> Double { open + (hidden - open) * camouflage }

  /// The same for spans: who hides has patience.
  func span(_ open: Int64, _ hidden: Int64) -> Int64 { open + Int64(Double(hidden - open) * camouflage) }

  func many(_ least: Double, _ most: Double) -> Int { Int(much(least, most) + 0.5) }

  /// An account of the operation, that plays like a keen person until more is said.
  mutating func recruit(
    _ cast: inout Cast, openedAt: Int64, country: Int? = nil, home: Home? = nil, phone: Phone? = nil
  ) -> Player {
    let country = country ?? home?.country ?? Country.home(&dice)
    let account = cast.account(createdAt: openedAt, country: country)
    let player = Player(
      account, phone: phone ?? Phone.any(&dice), home: home ?? Home(country: country, &dice),
      dice: Dice(seed: dice.next(), stream: 9))
    player.habits.sessionsADay = dice.between(2, 3.5)
    player.habits.ads = 4...9
    player.habits.pause = 5_000...90_000
    player.phone.hasAccount = player.phone.hasAccount || openedAt < Plan.start
    player.reports = dice.chance(Customs.reportsAds)
    player.account.method = dice.chance(0.6) ? .paypal : .giftCard
    player.account.wish = 500 * dice.pick([1, 1, 2])
    player.arrival = min(begin, max(openedAt, begin))
    player.conduct.mark = mark
    player.conduct.begin = openedAt >= Plan.start ? min(openedAt, begin) : begin
    player.conduct.end = max(begin, openedAt) + Int64(plan.operationDays) * Time.day
    player.conduct.till.eagerness = 0.9
    return player
  }

  /// A time some days before the operation, when an account may have been opened for it.
  mutating func earlier(_ days: ClosedRange<Int>) -> Int64 {
    begin - Int64(dice.between(days.lowerBound, days.upperBound)) * Time.day - dice.between(0, Time.day)
  }
}
