/// Where everything happens: what time it is, what is on its way, and what networks do to it.
final class Stage {
  let plan: Plan
  let outages: Outages
  private(set) var schedule = Schedule()
  /// Events on their way, by place; nil where a place is free.
  private var underWay: [SimulatedEvent?] = []
  private var free: [Int32] = []

  init(_ plan: Plan) {
    self.plan = plan
    outages = Outages(seed: plan.seed, start: Plan.start, days: plan.days)
  }

  func wake(_ player: Int, at time: Int64) {
    if time < plan.end { schedule.add(.player(Int32(player)), at: time) }
  }

  func next() -> (time: Int64, item: Schedule.Item)? { schedule.next() }

  /// Takes the event that arrives.
  func arrived(_ place: Int32) -> SimulatedEvent? {
    free.append(place)
    let event = underWay[Int(place)]
    underWay[Int(place)] = nil
    return event
  }

  /// Sends an event that the platform's own servers have seen at its time, over a queue that now and then stumbles:
  /// some are overtaken, some come late, some twice under the same id, some never.
  func send(_ event: SimulatedEvent, _ dice: inout Dice) {
    let faults = Faults(event.type)
    if dice.chance(faults.dropped) { return }
    var arrival = event.time + dice.between(20, 600)
    if dice.chance(faults.overtaken) { arrival += dice.between(5 * Time.second, 90 * Time.second) }
    if dice.chance(faults.late) { arrival += dice.skewed(4 * Time.minute, 75 * Time.minute) }
    let isTwice = dice.chance(faults.repeated)
    deliver(event, at: arrival)
    guard isTwice else { return }
    var again = event
    again.isRetry = true
    for _ in 0...dice.below(2) {
      arrival += dice.between(1 * Time.second, 150 * Time.second)
      deliver(again, at: arrival)
    }
  }

  private func deliver(_ event: SimulatedEvent, at time: Int64) {
    guard time < plan.end else { return }
    if let place = free.popLast() {
      underWay[Int(place)] = event
      schedule.add(.arrival(place), at: time)
    } else {
      underWay.append(event)
      schedule.add(.arrival(Int32(underWay.count - 1)), at: time)
    }
  }
}

/// How often which misfortune befalls an event on its way.
private struct Faults {
  var dropped = 0.0
  var overtaken = 0.0
  var late = 0.0
  var repeated = 0.0

  init(_ type: EventType) {
    switch type {
    case .rewardGranted, .rewardReversed:
      // An ad network tries again, under the same id, when the answer took longer than five seconds.
      (dropped, overtaken, late, repeated) = (0.0005, 0.03, 0.012, 0.025)
    case .sessionStarted, .rewardClaimed:
      (dropped, overtaken, late, repeated) = (0.006, 0.03, 0.02, 0.01)
    case .payoutPending, .payoutSettled, .payoutFailed, .payoutReturned, .payoutReversed:
      (overtaken, late, repeated) = (0.05, 0.03, 0.03)
    case .accountCreated, .payoutRequested:
      // The service waits for the decision: these are neither lost nor late.
      repeated = 0.008
    }
  }
}
