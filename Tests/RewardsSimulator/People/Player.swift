/// One account and who plays it, honest or not: habits and what else happens make honest ones, conduct makes frauds.
final class Player: Actor {
  var dice: Dice
  var account: Account
  var phone: Phone
  /// A tablet or second phone, which a family may share.
  var tablet: Phone?
  /// What the phone replaced, for a day or two.
  private var former: (phone: Phone, until: Int64)?
  let home: Home
  /// An office, a school, a student home.
  var work: Home?
  let zone: Int64
  var habits = Habits()
  var story = Story()
  var conduct = Conduct()
  /// Does nothing before, however old the account is.
  var arrival: Int64 = .min
  /// The version of the game reports each ad watched.
  var reports = false
  /// Beginnings of today's sessions, the last first.
  private var agenda: [Int64] = []
  /// The local day that is planned next; nil before the first.
  private var day: Int64?
  private var isOpen: Bool
  /// What the balance changes by later: callbacks that are late, payouts that come back, rewards that are taken back.
  var credits: [(time: Int64, amount: Int)] = []
  var sessions = 0

  init(_ account: Account, phone: Phone, home: Home, dice: Dice) {
    self.account = account
    self.phone = phone
    self.home = home
    self.dice = dice
    zone = self.dice.pick(Country.all[account.country].zones) * Time.hour
    isOpen = account.createdAt < Plan.start
  }

  /// When the player is first heard of.
  var firstAct: Int64 { max(account.createdAt, Plan.start, arrival) }

  func act(at time: Int64, on stage: Stage) -> Int64? {
    if !isOpen {
      isOpen = true
      accountCreated(at: time, on: stage)
      let first = time + dice.between(30 * Time.second, 5 * Time.minute)
      agenda = [first]
      day = Time.dayNumber(time + zone) + (story.binges ? 0 : 1)
      return first
    }
    guard let begin = agenda.last, begin <= time else { return plan(after: time, on: stage) }
    agenda.removeLast()
    let end = play(from: time, on: stage)
    if let next = agenda.last {
      agenda[agenda.count - 1] = max(next, end + Time.minute)
      return agenda[agenda.count - 1]
    }
    return plan(after: end + Time.minute, on: stage)
  }

  /// Fills the agenda of the next day that has any; returns the first session's begin.
  private func plan(after time: Int64, on stage: Stage) -> Int64? {
    let last = Time.dayNumber(stage.plan.end) + 1
    var next = day ?? Time.dayNumber(firstAct + zone)
    defer { day = next }
    while next <= last, next * Time.day - zone < conduct.end {
      let today = next
      next += 1
      if story.silence?.contains(today) == true { continue }
      let midnight = today * Time.day - zone
      agenda = sessions(of: today).map { midnight + $0 }.filter { $0 > time }
      if let first = agenda.last { return first }
    }
    return nil
  }

  private func sessions(of day: Int64) -> [Int64] {
    switch conduct.rhythm {
    case .human:
      return habits.sessions(weekday: Time.weekday(ofDay: day), &dice)
    case .blocks(let count, _, let from, let hours):
      let step = hours * Double(Time.hour) / Double(max(count, 1))
      let first = from * Double(Time.hour) + dice.between(0, 0.2) * step
      return (0..<max(count, 1)).map { Int64(first + (Double($0) + dice.between(0, 0.15)) * step) }.reversed()
    }
  }

  /// One session; returns when it is over.
  private func play(from start: Int64, on stage: Stage) -> Int64 {
    sessions += 1
    live(at: start)
    let place = whereabouts(at: start)
    let device = device(at: start)
    let begin = max(start, device.freeAt)
    sessionStarted(at: begin, on: device, from: place, stage)
    var time = begin + dice.skewed(8 * Time.second, 5 * Time.minute)
    for _ in 0..<adsWanted() {
      if let beat = conduct.beat {
        time += max(Time.second, Int64(Double(beat.gap) * dice.bell(1, beat.jitter)))
        watch(network(in: place.country), until: time, on: device, from: place, stage)
        continue
      }
      guard dice.chance(Country.all[place.country].fill) else {
        // No ad to be had: some wait, some leave.
        if dice.chance(0.3) { break }
        time += dice.between(20 * Time.second, 2 * Time.minute)
        continue
      }
      let network = network(in: place.country)
      let length = Int64(Double(network.length(&dice)) * conduct.patience)
      time += dice.between(Int64(300), 4 * Time.second) + length
      watch(network, until: time, on: device, from: place, stage)
      time += dice.skewed(habits.pause.lowerBound, habits.pause.upperBound)
    }
    claimWithoutAds(at: time, on: device, from: place, stage)
    time = cashOut(at: time + dice.between(4 * Time.second, 40 * Time.second), on: device, from: place, stage)
    device.freeAt = time + 30 * Time.second
    return time
  }

  private func device(at time: Int64) -> Phone {
    if let former, time < former.until, dice.chance(0.4) { return former.phone }
    if let tablet, dice.chance(0.4) { return tablet }
    return phone
  }

  private func adsWanted() -> Int {
    if case .blocks(_, let ads, _, _) = conduct.rhythm {
      return max(1, dice.count(Double(ads) * dice.between(0.85, 1.15)))
    }
    return dice.between(habits.ads.lowerBound, habits.ads.upperBound)
  }

  func network(in country: Int) -> AdNetwork {
    if let bias = conduct.bias, dice.chance(bias.share) { return bias.network }
    return AdNetwork(rawValue: dice.index(byWeight: Country.all[country].supply)) ?? .admob
  }

  /// What has happened since the last session.
  private func live(at time: Int64) {
    for credit in credits where credit.time <= time { account.balance += credit.amount }
    credits.removeAll { $0.time <= time }
    if let change = story.newPhoneAt, time >= change {
      former = (phone, time + dice.between(Time.hour, 2 * Time.day))
      phone = Phone.any(&dice)
      story.newPhoneAt = nil
    }
    if let change = story.reinstallAt, time >= change {
      phone.reinstall(&dice)
      story.reinstallAt = nil
    }
    if let change = story.newReceiverAt, time >= change {
      story.newReceiverAt = nil
      enterReceiver(at: time - dice.skewed(Time.minute, 12 * Time.hour))
    }
  }

  /// The player has money sent elsewhere from then on.
  func enterReceiver(at time: Int64) {
    account.receiver = "r\(account.number)-\(dice.below(10_000))@example.com"
    account.receiverChangedAt = time / 1_000 * 1_000
    account.isReceiverWrong = false
  }
}
