/// Frauds of many accounts or many phones.
extension Operation {
  mutating func deviceFarm(_ cast: inout Cast) {
    let home = Home(country: Country.home(&dice), &dice)
    let phones = (0...Int(camouflage * 5)).map { _ in Phone.any(&dice) }
    var receiver: String?
    for index in 0..<many(4, 20) {
      let opened =
        begin + Int64(index) * dice.between(4 * Time.minute, span(30 * Time.minute, 30 * Time.hour))
      let body = phones[index % phones.count]
      // Some wipe the phone between two accounts, so that it looks like another.
      let phone = index >= phones.count && dice.chance(camouflage * 0.4) ? body.wiped(&dice) : body
      let player = recruit(&cast, openedAt: opened, home: home, phone: phone)
      if let receiver, !dice.chance(hidden(0.25, 1)) { player.account.receiver = receiver }
      receiver = player.account.receiver
      player.account.wish = 500
      cast.add(player)
    }
  }

  mutating func phoneFarm(_ cast: inout Cast) {
    let country = Country.home(&dice)
    let homes = (0...Int(camouflage * 8)).map { _ in Home(country: country, &dice) }
    let model = dice.below(Phone.models.count)
    let hours = hidden(22, 14)
    let blocks = many(4, 10)
    for index in 0..<many(6, 36) {
      let opened = begin + dice.between(0, span(8 * Time.hour, 14 * Time.day))
      let home = homes[index % homes.count]
      let player = recruit(&cast, openedAt: opened, home: home, phone: Phone.android(model, &dice))
      player.conduct.whereabouts = .homes([home])
      player.conduct.rhythm = .blocks(blocks, ads: many(4, 10), from: 7, hours: hours)
      player.account.wish = 500
      cast.add(player)
    }
  }

  mutating func emulator(_ cast: inout Cast) {
    for _ in 0..<many(2, 10) {
      let country = Country.home(&dice)
      let isSpoofed = dice.chance(hidden(0.2, 1))
      let phone: Phone
      if isSpoofed {
        phone = Phone.android(dice.below(Phone.models.count), &dice)
      } else {
        let kind = dice.pick(Phone.emulators)
        phone = Phone(isApple: false, model: kind.model, hardware: kind.hardware, sdk: 33, &dice)
      }
      phone.integrity = dice.chance(camouflage) ? dice.pick([.none, .basic]) : .virtual
      phone.abi = dice.chance(camouflage) ? "arm64-v8a" : "x86_64"
      let player = recruit(&cast, openedAt: earlier(0...4), country: country, phone: phone)
      player.conduct.whereabouts =
        dice.chance(camouflage)
        ? .homes([Home(country: country, &dice)])
        : .places([.hosting(country, &dice), .hosting(country, &dice)])
      player.conduct.evidence.withheld = 0.6 * camouflage
      player.habits.sessionsADay = much(2, 8)
      cast.add(player)
    }
  }

  mutating func remoteControl(_ cast: inout Cast) {
    let country = Country.home(&dice)
    let homes = (0...many(1, 5)).map { _ in Home(country: country, &dice) }
    for index in 0..<many(3, 12) {
      let phone = Phone.android(dice.below(Phone.models.count), &dice)
      phone.apps =
        dice.chance(1 - camouflage) ? ["KNOWN_INSTALLED", "UNKNOWN_CONTROLLING"] : ["UNKNOWN_INSTALLED"]
      let player = recruit(&cast, openedAt: earlier(0...20), home: homes[index % homes.count], phone: phone)
      let hours = much(8, 20)
      player.conduct.rhythm = .blocks(Int(hours), ads: many(3, 9), from: 6, hours: hours)
      cast.add(player)
    }
  }

  mutating func sharedReceiver(_ cast: inout Cast) {
    let receivers = (0...Int(camouflage * 4)).map { "collector\(mark.operation)-\($0)@example.com" }
    for index in 0..<many(4, 14) {
      let player = recruit(&cast, openedAt: earlier(1...60))
      player.account.receiver = receivers[index % receivers.count]
      player.account.method = .paypal
      player.conduct.scope = .payouts
      let later = dice.between(0, span(Time.day, 12 * Time.day))
      player.arrival += later
      player.conduct.end += later
      cast.add(player)
    }
  }

  mutating func referralRing(_ cast: inout Cast) {
    let home = Home(country: Country.home(&dice), &dice)
    let head = recruit(&cast, openedAt: earlier(10...90), home: home)
    head.conduct.scope = .payouts
    cast.add(head)
    var opened = begin
    for _ in 0..<many(3, 12) {
      opened += dice.between(Time.hour, span(20 * Time.hour, 6 * Time.day))
      let isOnOwnPhone = dice.chance(0.5 * (1 - camouflage))
      let isAtHome = dice.chance(1 - camouflage)
      let player = recruit(
        &cast, openedAt: opened, home: isAtHome ? home : Home(country: home.country, &dice),
        phone: isOnOwnPhone ? head.phone : nil)
      player.account.referrer = (head.account.id, head.phone.id)
      if dice.chance(hidden(0.7, 0.1)) { player.account.mailDomain = "ten-minutes.example" }
      player.account.wish = dice.between(60, 200)
      player.habits.sessionsADay = 1.5
      player.habits.ads = 2...5
      player.conduct.end = opened + 8 * Time.day
      cast.add(player)
    }
  }
}
