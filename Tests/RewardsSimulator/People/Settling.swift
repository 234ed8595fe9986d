/// What makes an honest player: habits, a phone with its quirks, and a life besides.
extension Player {
  /// Draws everything that people differ in.
  func settle(isNew: Bool, days: Int) {
    habits = Habits.any(&dice)
    reports = dice.chance(Customs.reportsAds)
    phone.quirks(&dice)
    phone.hasAccount = !isNew
    if dice.chance(Customs.secondDevice) {
      tablet = Phone.any(&dice)
      tablet?.quirks(&dice)
    }
    wallet(isNew: isNew)
    story = life(isNew: isNew, days: days)
    if story.isCurious { account.wish = dice.between(50, 150) }
  }

  private func wallet(isNew: Bool) {
    let least = Country.all[account.country].tier == 3 ? 200 : 500
    account.method =
      [.paypal, .giftCard, .venmo][dice.index(byWeight: [60, 34, account.country == 0 ? 20 : 0])]
    account.wish = least * dice.pick([1, 1, 1, 2, 2, 4, 4, 10])
    account.payouts = isNew ? 0 : 3
    account.isReceiverWrong = account.method != .giftCard && dice.chance(Customs.mistypedReceiver)
    if dice.chance(Customs.disposableMail) { account.mailDomain = "mail-drop.test" }
  }

  private func life(isNew: Bool, days: Int) -> Story {
    var story = Story()
    let months = Double(days) / 60
    story.newPhoneAt = dice.chance(Customs.newPhone * months) ? someTime(in: days) : nil
    story.reinstallAt = dice.chance(Customs.reinstall * months) ? someTime(in: days) : nil
    story.newReceiverAt = dice.chance(Customs.newReceiver * months) ? someTime(in: days) : nil
    story.misreports = dice.chance(Customs.outdatedGame)
    if dice.chance(Customs.splitsPayouts) { story.splits = dice.between(2, 4) }
    story.isCurious = isNew && dice.chance(Customs.curious)
    story.binges = isNew && dice.chance(Customs.binges)
    if dice.chance(Customs.borderTown) { story.neighbour = Country.other(than: home.country, &dice) }
    if dice.chance(Customs.vpn) {
      let isAbroad = dice.chance(Customs.vpnAbroad)
      let exits = (0..<dice.pick([1, 1, 1, 2])).map { _ in
        isAbroad ? Country.other(than: home.country, &dice) : home.country
      }
      story.vpn = (dice.between(0.1, 1), exits)
    }
    if dice.chance(Customs.relay) { story.relay = (dice.between(0.2, 1), dice.chance(0.3)) }
    story.isBehindProxy = dice.chance(Customs.companyProxy)
    if dice.chance(Customs.flightCrew) {
      for _ in 0..<days / 4 { story.trips.append(trip(days, length: 1...2)) }
    } else if dice.chance(Customs.journey * months) {
      story.trips.append(trip(days, length: 2...16))
      // A second country on the same journey, for some.
      if dice.chance(0.25) { story.trips.append(trip(days, length: 2...5)) }
    }
    if dice.chance(Customs.longSilence * months) {
      let first = Time.dayNumber(Plan.start) + Int64(dice.below(max(1, days / 2)))
      story.silence = first..<first + Int64(dice.between(15, 45))
    }
    return story
  }

  private func trip(_ days: Int, length: ClosedRange<Int>) -> Story.Trip {
    let first = Time.dayNumber(Plan.start) + Int64(dice.below(max(1, days)))
    let country = Country.other(than: home.country, &dice)
    return Story.Trip(
      days: first..<first + Int64(dice.between(length.lowerBound, length.upperBound)), country: country,
      hotel: Home(country: country, &dice), hasLocalCard: dice.chance(0.3))
  }

  private func someTime(in days: Int) -> Int64 { Plan.start + dice.between(0, Int64(days) * Time.day) }
}

extension Phone {
  /// What is odd about an honest player's phone.
  func quirks(_ dice: inout Dice) {
    isMarked = dice.chance(Customs.secondHand)
    if isApple {
      if dice.chance(Customs.withoutAppAttest) { signer = nil }
      return
    }
    let roll = dice.unit()
    if roll < Customs.unlockedBootLoader {
      integrity = .basic
    } else if roll < Customs.unlockedBootLoader + Customs.uncertified {
      integrity = .none
    }
    if dice.chance(Customs.noPhone) { becomeAnother(&dice) }
    if dice.chance(Customs.playProtectOff) {
      protect = "POSSIBLE_RISK"
    } else if dice.chance(Customs.playProtectNoData) {
      protect = "NO_DATA"
    }
    if dice.chance(Customs.sideLoaded) { license = "UNLICENSED" }
    if dice.chance(Customs.knownApps) { apps.append("KNOWN_INSTALLED") }
    if dice.chance(Customs.screenRecorder) {
      apps.append(dice.pick(["UNKNOWN_CAPTURING", "UNKNOWN_OVERLAYS"]))
    }
    if dice.chance(Customs.unknownAid) { apps.append("UNKNOWN_CONTROLLING") }
  }

  /// What people play on besides phones and tablets; much of it looks like an emulator, and some is one.
  private func becomeAnother(_ dice: inout Dice) {
    switch dice.index(byWeight: Customs.instead) {
    case 0:
      (model, hardware) = (dice.pick(["HP Chromebook x360 14", "Chromebook Plus 514", "kukui"]), "bertha")
      (abi, integrity) = (model == "kukui" ? "arm64-v8a" : "x86_64", dice.chance(0.9) ? .device : .basic)
    case 1:
      // Google Play Games on a computer.
      (model, hardware, abi, integrity) = ("HPE device", "kiwi", "x86_64", .computer)
    case 2:
      (model, hardware) = (
        dice.pick(["X96Q_Pro", "H96 Max", "P20HD_EEA"]), dice.pick(["sun50iw9p1", "rk30board"])
      )
      integrity = dice.chance(0.6) ? .device : dice.pick([.basic, .none])
    default:
      // Plays honestly, on a bigger screen.
      (model, hardware) = (
        dice.pick(["MuMu", "ASUS_Z01QD"]), dice.pick(["qcom", "android_x86_64"])
      )
      (abi, integrity) = ("x86_64", dice.pick([.none, .basic, .device]))
    }
  }
}
