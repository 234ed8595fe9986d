/// Where a player is when a session begins.
extension Player {
  func whereabouts(at time: Int64) -> Place {
    switch conduct.whereabouts {
    case .life: return placeInLife(at: time)
    case .homes(let homes): return homes[sessions % homes.count].place(at: time)
    case .places(let places): return places[sessions % places.count]
    case .exits(let countries, let disguised, let changes):
      let turn = time / (Time.day / Int64(max(changes, 1)))
      let country = countries[Int(turn % Int64(countries.count))]
      return dice.chance(disguised) ? .stranger(country, &dice) : .exit(country, &dice)
    }
  }

  private func placeInLife(at time: Int64) -> Place {
    if let vpn = story.vpn, dice.chance(vpn.share) { return .exit(dice.pick(vpn.countries), &dice) }
    if let relay = story.relay, dice.chance(relay.share) {
      return .relay(home.country, isListed: relay.isListed, &dice)
    }
    let local = time + zone
    if let trip = story.trip(on: Time.dayNumber(local)) {
      if dice.chance(0.6) { return trip.hotel.place(at: time) }
      return .carrier(trip.hasLocalCard ? trip.country : home.country, &dice)
    }
    let hour = local / Time.hour % 24
    let isWorkday = Time.weekday(ofDay: Time.dayNumber(local)) < 5
    if let work, isWorkday, (8...17).contains(hour), dice.chance(0.6) {
      return story.isBehindProxy ? .relay(home.country, isListed: true, &dice) : work.place(at: time)
    }
    guard (7...21).contains(hour), dice.chance(habits.onTheMove) else { return home.place(at: time) }
    if let neighbour = story.neighbour, dice.chance(0.4) { return .carrier(neighbour, &dice) }
    return .carrier(home.country, &dice)
  }
}
