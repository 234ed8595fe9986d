/// The frauds of a stream, each by its name in the labels.
struct StreamFrauds {
  var cast: StreamCast
  let seed: UInt64
  let start: Int64
  let days: Int
  private(set) var events: [StreamEvent] = []

  init(cast: StreamCast, seed: UInt64, start: Int64, days: Int) {
    self.cast = cast
    self.seed = seed
    self.start = start
    self.days = days
  }

  /// Commits every kind once.
  mutating func commit() {
    deviceFarm()
    sharedReceiver()
    metronome()
    emulators()
    callbackReplay()
    fastCashOut()
    referralRing()
    countryHopper()
  }

  /// Noon of a day, a third of the stream's days in by default.
  private func noon(_ day: Int? = nil) -> Int64 {
    start + Int64(day ?? days / 3) * StreamTime.day + 12 * StreamTime.hour
  }

  private func recorder(_ fraud: String, _ stream: UInt64) -> StreamRecorder {
    var recorder = StreamRecorder(seed: seed, stream: 9000 + stream)
    recorder.fraud = fraud
    return recorder
  }

  /// Eight accounts, opened and played one after another on one phone, each paid to a receiver of its own.
  private mutating func deviceFarm() {
    var recorder = recorder("device-farm", 1)
    let phone = cast.phone()
    let home = cast.place("BR", kind: "wifi")
    for index in 0..<8 as Range<Int64> {
      let opened = noon() + index * 7 * StreamTime.minute
      var player = cast.player(createdAt: opened)
      player.phone = phone
      player.home = home
      recorder.accountCreated(player, at: opened + 500)
      for day in 1...2 as ClosedRange<Int64> {
        let begin = opened + day * StreamTime.day + index * 20 * StreamTime.minute
        play(&player, &recorder, at: begin, rewards: 8, from: home)
      }
      recorder.payout(&player, at: opened + 4 * StreamTime.day + index * StreamTime.hour, from: home)
    }
    events += recorder.events
  }

  /// Six players of ordinary habits whose payouts all go to one receiver; only the payouts are fraud.
  private mutating func sharedReceiver() {
    for index in 0..<6 as Range<Int64> {
      var recorder = recorder("shared-receiver", 20 + UInt64(index))
      var player = cast.player()
      player.receiver = "collector@example.com"
      for day in 0..<4 as Range<Int64> {
        recorder.fraud = nil
        let begin = noon(2) + (index + day) * StreamTime.day + index * StreamTime.hour
        play(&player, &recorder, at: begin, rewards: 6, from: player.home)
      }
      recorder.fraud = "shared-receiver"
      recorder.payout(&player, at: noon(7) + index * 30 * StreamTime.hour, from: player.home)
      events += recorder.events
    }
  }

  /// Two bots that watch an ad every 47 seconds or so, hour after hour.
  private mutating func metronome() {
    for bot in 0..<2 as Range<Int64> {
      var recorder = recorder("metronome", 30 + UInt64(bot))
      var player = cast.player()
      for day in 0..<2 as Range<Int64> {
        var time = noon(5) + (bot + day * 2) * StreamTime.day
        recorder.sessionStarted(player, at: time, from: player.home)
        for _ in 0..<60 {
          time += 47 * StreamTime.second + recorder.dice.between(-400, 400)
          recorder.rewardGranted(&player, at: time, from: player.home)
        }
      }
      recorder.payout(&player, at: noon(9), from: player.home)
      events += recorder.events
    }
  }

  /// Three emulators that play like people.
  private mutating func emulators() {
    for index in 0..<3 as Range<Int64> {
      var recorder = recorder("emulator", 40 + UInt64(index))
      var player = cast.player()
      player.phone = cast.emulator()
      player.home = cast.place(player.country.code, kind: "hosting")
      for day in 0..<4 as Range<Int64> {
        play(&player, &recorder, at: noon(4) + (day + index) * StreamTime.day, rewards: 9, from: player.home)
      }
      recorder.payout(&player, at: noon(10) + index * StreamTime.hour, from: player.home)
      events += recorder.events
    }
  }

  /// A player who has a third of the callbacks delivered again under new event ids; only those are fraud.
  private mutating func callbackReplay() {
    var recorder = recorder("callback-replay", 50)
    var player = cast.player()
    for day in 0..<5 as Range<Int64> {
      var time = noon(3) + day * StreamTime.day
      for index in 0..<9 {
        time += 60 * StreamTime.second + recorder.dice.below(200_000)
        recorder.fraud = nil
        let reward = recorder.rewardGranted(&player, at: time, from: player.home)
        guard index % 3 == 0 else { continue }
        recorder.fraud = "callback-replay"
        let delay = recorder.dice.between(5, 2000) * StreamTime.second
        recorder.rewardGranted(&player, at: time + delay, from: player.home, again: reward)
      }
    }
    events += recorder.events
  }

  /// Four accounts that earn for three hours and ask for their money the same day.
  private mutating func fastCashOut() {
    for index in 0..<4 as Range<Int64> {
      var recorder = recorder("fast-cashout", 60 + UInt64(index))
      let opened = noon(6) + index * 31 * StreamTime.hour
      var player = cast.player(createdAt: opened)
      recorder.accountCreated(player, at: opened + 700)
      for block in 0..<3 as Range<Int64> {
        play(&player, &recorder, at: opened + StreamTime.hour * (block + 1), rewards: 12, from: player.home)
      }
      recorder.payout(&player, at: opened + 6 * StreamTime.hour, from: player.home)
      events += recorder.events
    }
  }

  /// A player who invites two accounts on his own phone, then four more at his own address.
  private mutating func referralRing() {
    var recorder = recorder("referral-ring", 70)
    var head = cast.player()
    for index in 0..<6 as Range<Int64> {
      let opened = noon(8) + index * 9 * StreamTime.hour
      var player = cast.player(createdAt: opened)
      player.home = head.home
      if index < 2 { player.phone = head.phone }
      if index % 2 == 1 { player.mailDomain = "mail-drop.test" }
      recorder.accountCreated(player, at: opened + 900, referrer: head)
      play(&player, &recorder, at: opened + 2 * StreamTime.hour, rewards: 5, from: player.home)
    }
    play(&head, &recorder, at: noon(12), rewards: 4, from: head.home)
    events += recorder.events
  }

  /// Two players who follow the best-paid ads through VPN exits of five countries.
  private mutating func countryHopper() {
    for index in 0..<2 as Range<Int64> {
      var recorder = recorder("country-hopper", 80 + UInt64(index))
      var player = cast.player()
      for day in 0..<3 as Range<Int64> {
        for (hop, country) in ["US", "CA", "AU", "GB", "NO"].enumerated() {
          let exit = cast.place(country, kind: "vpn")
          let begin = noon(7) + (day * 2 + index) * StreamTime.day + Int64(hop) * 100 * StreamTime.minute
          play(&player, &recorder, at: begin, rewards: 4, from: exit)
        }
      }
      recorder.payout(&player, at: noon(13), from: player.home)
      events += recorder.events
    }
  }

  /// One session with so many rewards at an honest player's pace.
  private func play(
    _ player: inout StreamPlayer, _ recorder: inout StreamRecorder, at begin: Int64, rewards: Int,
    from origin: StreamPlace
  ) {
    recorder.sessionStarted(player, at: begin, from: origin)
    var time = begin + 40 * StreamTime.second
    for _ in 0..<rewards {
      time += 35 * StreamTime.second + recorder.dice.below(180_000)
      recorder.rewardGranted(&player, at: time, from: origin)
    }
  }
}
