/// Everybody who plays, numbered as they come.
struct Cast {
  let plan: Plan
  private(set) var actors: [any Actor] = []
  private(set) var firstActs: [Int64] = []
  private var number = 1_000
  /// Networks of offices and schools by country, each with so many players yet.
  private var workplaces: [Int: (home: Home, players: Int)] = [:]
  /// Some who may have invited the next.
  private var acquaintances: [(user: String, device: String)] = []

  init(_ plan: Plan) { self.plan = plan }

  /// Honest players first, then each operation of each kind of fraud.
  mutating func fill() {
    var household: UInt64 = 0
    while number < 1_000 + plan.players {
      var dice = Dice(seed: plan.seed, stream: 1_000 + household)
      let room = 1_000 + plan.players - number
      move(in: &dice, room: room)
      household += 1
    }
    var operation = 0
    for kind in FraudKind.allCases where plan.frauds.contains(kind) {
      let place = FraudKind.allCases.firstIndex(of: kind) ?? 0
      for turn in 0..<plan.operations {
        let dice = Dice(seed: plan.seed, stream: 1 << 40 | UInt64(place) << 24 | UInt64(turn))
        var crime = Operation(kind, number: operation, plan, dice)
        crime.commit(&self)
        operation += 1
      }
    }
  }

  /// An account with the next number.
  mutating func account(createdAt: Int64, country: Int) -> Account {
    number += 1
    return Account(number: number, createdAt: createdAt, country: country)
  }

  mutating func add(_ player: Player) {
    actors.append(player)
    firstActs.append(player.firstAct)
    if acquaintances.count < 64 {
      acquaintances.append((player.account.id, player.phone.id))
    } else {
      acquaintances[player.dice.below(64)] = (player.account.id, player.phone.id)
    }
  }

  /// One household of at most `room` players.
  private mutating func move(in dice: inout Dice, room: Int) {
    let country = Country.home(&dice)
    let home = Home(country: country, &dice)
    let roll = dice.unit()
    var bound = Customs.familyTablet
    if roll < bound { return family(home, min(2 + dice.index(byWeight: Customs.familySizes), room), &dice) }
    bound += Customs.sharedWallet
    if roll < bound { return couple(home, min(2, room), &dice) }
    bound += Customs.severalPlayers
    if roll < bound { return flat(home, min(dice.between(2, 3), room), &dice) }
    bound += Customs.studentHome
    if roll < bound { return flat(home, min(dice.between(8, 20), room), &dice) }
    bound += Customs.schoolClass
    if roll < bound { return schoolClass(home, min(dice.between(4, 9), room), &dice) }
    flat(home, 1, &dice)
  }

  private mutating func flat(_ home: Home, _ count: Int, _ dice: inout Dice) {
    for _ in 0..<count { add(person(in: home, &dice)) }
  }

  /// A tablet that lies about; parents have phones besides.
  private mutating func family(_ home: Home, _ count: Int, _ dice: inout Dice) {
    let tablet = dice.chance(0.5) ? Phone.android(6, &dice) : Phone.any(&dice)
    tablet.hasAccount = true
    for index in 0..<count {
      let member = person(in: home, &dice)
      if index == 0 || dice.chance(0.3) { member.tablet = tablet } else { member.phone = tablet }
      add(member)
    }
  }

  private mutating func couple(_ home: Home, _ count: Int, _ dice: inout Dice) {
    let first = person(in: home, &dice)
    add(first)
    guard count > 1 else { return }
    let second = person(in: home, &dice)
    second.account.receiver = first.account.receiver
    second.story.newReceiverAt = nil
    add(second)
  }

  /// One tells the others, who open accounts within days, in the break, over the school's network.
  private mutating func schoolClass(_ home: Home, _ count: Int, _ dice: inout Dice) {
    let school = Home(country: home.country, &dice)
    let first = person(in: home, &dice)
    first.work = school
    add(first)
    let begin = Plan.start + Int64(dice.below(max(1, plan.days - 7))) * Time.day
    for _ in 1..<max(count, 1) {
      let zone = Country.all[home.country].zones[0] * Time.hour
      let opened =
        begin + Int64(dice.below(6)) * Time.day + dice.between(9 * Time.hour, 15 * Time.hour) - zone
      let friend = person(in: Home(country: home.country, &dice), openedAt: opened, &dice)
      friend.work = school
      friend.account.referrer = (first.account.id, first.phone.id)
      add(friend)
    }
  }

  /// Any player who lives in `home`.
  private mutating func person(in home: Home, openedAt: Int64? = nil, _ dice: inout Dice) -> Player {
    let span = Int64(plan.days) * Time.day
    let isNew = openedAt != nil || dice.chance(min(0.6, Customs.newcomers * Double(plan.days) / 60))
    let before = Plan.start - dice.between(5, 500) * Time.day - dice.between(0, Time.day)
    let opened = openedAt ?? (isNew ? Plan.start + dice.between(0, span - 1) : before)
    let isAway = dice.chance(Customs.expatriate)
    let account = account(
      createdAt: opened, country: isAway ? Country.other(than: home.country, &dice) : home.country)
    let player = Player(
      account, phone: Phone.any(&dice), home: home, dice: Dice(seed: dice.next(), stream: 7))
    player.settle(isNew: isNew, days: plan.days)
    if isNew, player.dice.chance(Customs.invited), !acquaintances.isEmpty {
      player.account.referrer = player.dice.pick(acquaintances)
    }
    if player.dice.chance(Customs.workNetwork) { player.work = workplace(in: home.country, &dice) }
    return player
  }

  private mutating func workplace(in country: Int, _ dice: inout Dice) -> Home {
    if let known = workplaces[country], known.players < 12 {
      workplaces[country] = (known.home, known.players + 1)
      return known.home
    }
    let home = Home(country: country, &dice)
    workplaces[country] = (home, 1)
    return home
  }
}
