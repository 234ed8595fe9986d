/// The days of an honest player: sleep, sessions of ads, a payout now and then.
struct StreamLife {
  var recorder: StreamRecorder
  var player: StreamPlayer
  let start: Int64
  let days: Int64

  init(_ player: StreamPlayer, seed: UInt64, stream: UInt64, start: Int64, days: Int) {
    recorder = StreamRecorder(seed: seed, stream: stream)
    self.player = player
    self.start = start
    self.days = Int64(days)
  }

  /// Lives all days; `abroad` replaces home for the days it holds.
  mutating func live(abroad: StreamPlace? = nil, on abroadDays: Range<Int64> = 0..<0) {
    if player.createdAt >= start { recorder.accountCreated(player, at: player.createdAt + 1) }
    for day in 0..<days where !recorder.dice.chance(perMille: 250) {
      let away = abroadDays.contains(day)
      liveDay(day, home: away ? abroad ?? player.home : player.home, stationary: away)
    }
  }

  private mutating func liveDay(_ day: Int64, home: StreamPlace, stationary: Bool) {
    let midnight = start + day * StreamTime.day - player.country.utcOffsetHours * StreamTime.hour
    var minute = recorder.dice.between(8 * 60, 19 * 60)
    for _ in 0...recorder.dice.below(2) where minute < 22 * 60 {
      let begin = midnight + minute * StreamTime.minute + recorder.dice.below(StreamTime.minute)
      let moves = !stationary && recorder.dice.chance(perMille: 250)
      if begin > player.createdAt { playSession(at: begin, from: moves ? player.onTheMove : home) }
      minute += recorder.dice.between(100, 240)
    }
  }

  private mutating func playSession(at begin: Int64, from origin: StreamPlace) {
    recorder.sessionStarted(player, at: begin, from: origin)
    var time = begin + recorder.dice.between(20, 90) * StreamTime.second
    for _ in 0..<recorder.dice.between(2, 7) {
      // An ad of half a minute at least, then some play.
      time += 31 * StreamTime.second + recorder.dice.below(300_000)
      let reward = recorder.rewardGranted(&player, at: time, from: origin)
      if recorder.dice.chance(perMille: 6) {
        recorder.rewardReversed(reward, of: player, at: time + recorder.dice.between(2, 40) * StreamTime.hour)
        player.balance -= 5
      }
    }
    cashOut(at: time + recorder.dice.between(30, 300) * StreamTime.second, from: origin)
  }

  /// From 300 coins on, not more often than every four days.
  private mutating func cashOut(at time: Int64, from origin: StreamPlace) {
    guard player.balance >= 300, time - player.lastPayout > 4 * StreamTime.day,
      time - player.createdAt > 3 * StreamTime.day
    else { return }
    recorder.payout(&player, at: time, from: origin)
  }
}
