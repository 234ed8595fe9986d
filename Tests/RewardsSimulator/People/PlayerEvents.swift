/// What a player's doings look like to the platform: accounts and sessions.
extension Player {
  /// Whether an event of this kind at `time` is part of a fraud.
  func mark(_ part: Conduct.Scope, at time: Int64) -> SimulatedEvent.Mark? {
    guard let mark = conduct.mark, time >= conduct.begin, time < conduct.end else { return nil }
    return switch conduct.scope {
    case .all: mark
    case .payouts: part == .payouts ? mark : nil
    case .doctored: part == .all ? nil : mark
    }
  }

  func accountCreated(at time: Int64, on stage: Stage) {
    let place = whereabouts(at: time)
    var line = begin(.accountCreated, "account:", account.id, at: time, capacity: 1_400)
    writeAccount(&line)
    writeReferral(&line)
    attest(phone, at: time, for: .accountCreated, in: &line)
    phone.hasAccount = true
    write(place, in: &line)
    send(line, .accountCreated, "account:", account.id, at: time, mark: mark(.all, at: time), stage)
  }

  func sessionStarted(at time: Int64, on device: Phone, from place: Place, _ stage: Stage) {
    let id = dice.hex(12)
    var line = begin(.sessionStarted, "session:", id, at: time, capacity: 1_400)
    writeAccount(&line)
    attest(device, at: time, for: .sessionStarted, in: &line)
    write(place, in: &line)
    send(line, .sessionStarted, "session:", id, at: time, mark: mark(.all, at: time), stage)
  }

  /// The beginning that all events have.
  func begin(
    _ type: EventType, _ prefix: StaticString, _ id: String, at time: Int64, capacity: Int
  ) -> JSONLine {
    var line = JSONLine(capacity: capacity)
    line.text("id", prefix, id)
    line.word("type", type.word)
    line.time("time", time)
    line.open("user")
    line.text("id", account.id)
    line.close()
    return line
  }

  func send(
    _ line: consuming JSONLine, _ type: EventType, _ prefix: StaticString, _ id: String, at time: Int64,
    amount: Int = 0, mark: SimulatedEvent.Mark?, _ stage: Stage
  ) {
    var label: [UInt8] = []
    if let mark {
      var text = JSONLine(capacity: 120)
      text.text("event", prefix, id)
      text.text("user", account.id)
      text.text("fraud", mark.kind.rawValue)
      label = text.finish()
    }
    let event = SimulatedEvent(
      line: line.finish(), type: type, user: account.number, time: time, amount: amount, mark: mark,
      isFraudster: conduct.mark != nil, label: label)
    stage.send(event, &dice)
  }

  func writeAccount(_ line: inout JSONLine) {
    line.open("account")
    line.time("created_at", account.createdAt)
    line.text("country", Country.all[account.country].code)
    line.word("email_domain", account.mailDomain)
    line.close()
  }

  /// Who invited the account, and whose circle it belongs to: the inviter's, or its own.
  func writeReferral(_ line: inout JSONLine) {
    line.open("referral")
    if let referrer = account.referrer {
      line.text("referrer_id", referrer.user)
      line.text("referrer_device_id", referrer.device)
    }
    line.text("circle_id", account.referrer?.user ?? account.id)
    line.close()
  }

  func write(_ place: Place, in line: inout JSONLine) {
    line.text("ip", place.address)
    line.open("network")
    line.text("country", Country.all[place.country].code)
    line.word("kind", place.kind.word)
    line.close()
  }
}
