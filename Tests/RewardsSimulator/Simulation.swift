/// Somebody who acts of their own accord.
protocol Actor: AnyObject {
  /// Acts at `time`; returns when next, nil for never again.
  func act(at time: Int64, on stage: Stage) -> Int64?
}

/// A rewards platform's players, honest and not, and the events they cause, in order of arrival.
///
/// Everybody has dice of their own and sends what they do in one play session at a time; a heap puts it in order. Memory
/// holds the players and what is on its way, never the stream.
package final class Simulation {
  private let stage: Stage
  private var actors: [any Actor] = []

  package init(_ plan: Plan) {
    stage = Stage(plan)
    var cast = Cast(plan)
    cast.fill()
    actors = cast.actors
    for (index, first) in cast.firstActs.enumerated() { stage.wake(index, at: first) }
  }

  /// The event that arrives next; nil when the days are over.
  package func next() -> SimulatedEvent? {
    while let (time, item) = stage.next() {
      switch item {
      case .arrival(let place):
        if let event = stage.arrived(place) { return event }
      case .player(let number):
        let index = Int(number)
        if let next = actors[index].act(at: time, on: stage) { stage.wake(index, at: max(next, time + 1)) }
      }
    }
    return nil
  }
}
