/// What phones attest, in their vendors' own words.
extension Player {
  /// Of one attestation: what is done to it.
  private struct Trick {
    var isStale = false
    var isForeign = false
    var isReplayed = false
    var isWithheld = false
  }

  /// Writes the phone and what its vendor attests for an event. A verdict is asked for when an account is opened, when
  /// money is at stake, and at one session of a few: requests cost.
  func attest(_ device: Phone, at time: Int64, for type: EventType, in line: inout JSONLine) {
    let isPayout = type == .payoutRequested
    let isAsked = type != .sessionStarted || dice.chance(0.15)
    line.open("device")
    line.text("id", device.id)
    line.word("os", device.isApple ? "ios" : "android")
    line.word("model", device.model)
    if !device.isApple { line.word("hardware", device.hardware) }
    line.word("abi", device.abi)
    if isPayout { line.time("seen_at", (time - dice.between(0, Int64(900))) / 1_000 * 1_000) }
    if isAsked {
      let trick = trick(at: time)
      if device.isApple {
        appAttest(device, trick, in: &line)
        deviceCheck(device, in: &line)
      } else {
        playIntegrity(device, trick, at: time, in: &line)
      }
    }
    line.close()
    if isPayout {
      line.open("app")
      line.word("package", "com.example.rewards")
      line.close()
    }
  }

  private func trick(at time: Int64) -> Trick {
    guard conduct.mark != nil, time >= conduct.begin else { return Trick() }
    let evidence = conduct.evidence
    return Trick(
      isStale: dice.chance(evidence.stale), isForeign: dice.chance(evidence.foreign),
      isReplayed: dice.chance(evidence.replayed), isWithheld: dice.chance(evidence.withheld))
  }

  private func playIntegrity(_ device: Phone, _ trick: Trick, at time: Int64, in line: inout JSONLine) {
    let hash = dice.hex(20)
    line.text("expected_request_hash", hash)
    if trick.isWithheld || dice.chance(device.silence) { return }
    let isBlind = dice.chance(device.unevaluated)
    let asked =
      time - dice.between(Int64(400), 15 * Time.second)
      - (trick.isStale ? dice.between(8 * Time.minute, 30 * Time.hour) : 0)
    line.open("play_integrity")
    line.open("requestDetails")
    line.word("requestPackageName", "com.example.rewards")
    // A few builds still send classic requests.
    line.text(device.sdk < 30 ? "nonce" : "requestHash", trick.isForeign ? dice.hex(20) : hash)
    line.intText("timestampMillis", asked)
    line.close()
    line.open("appIntegrity")
    line.word("appRecognitionVerdict", isBlind ? "UNEVALUATED" : device.app)
    if !isBlind {
      line.word("packageName", "com.example.rewards")
      let isStore = device.app == "PLAY_RECOGNIZED"
      line.words(
        "certificateSha256Digest", [isStore ? "hIO7bIJmGlKa_ly9Jw-83oZMk" : "6a6a1474b5cbbb2b1aa57e0bc3"])
      line.word("versionCode", "421")
    }
    line.close()
    line.open("deviceIntegrity")
    if !isBlind {
      let verdicts = device.integrity.verdicts
      if !verdicts.isEmpty { line.words("deviceRecognitionVerdict", verdicts) }
      line.open("recentDeviceActivity")
      line.word("deviceActivityLevel", device.activityLevel(at: asked))
      line.close()
      line.open("deviceAttributes")
      line.int("sdkVersion", device.sdk)
      line.close()
    }
    if device.isMarked || device.hasAccount { recall(device, in: &line) }
    line.close()
    line.open("accountDetails")
    line.word("appLicensingVerdict", isBlind ? "UNEVALUATED" : device.license)
    line.close()
    line.open("environmentDetails")
    line.word("playProtectVerdict", isBlind ? "UNEVALUATED" : device.protect)
    line.open("appAccessRiskVerdict")
    if !device.apps.isEmpty, !isBlind { line.words("appsDetected", device.apps) }
    line.close()
    line.close()
    line.close()
  }

  private func recall(_ device: Phone, in line: inout JSONLine) {
    line.open("deviceRecall")
    line.open("values")
    line.bool("bitFirst", device.isMarked)
    line.bool("bitSecond", device.hasAccount)
    line.close()
    line.open("writeDates")
    if device.isMarked { line.int("yyyymmFirst", 202_511) }
    if device.hasAccount { line.int("yyyymmSecond", 202_510) }
    line.close()
    line.close()
  }

  private func appAttest(_ device: Phone, _ trick: Trick, in line: inout JSONLine) {
    line.open("app_attest")
    if trick.isWithheld || device.signer == nil {
      line.word("result", "unsupported")
    } else if dice.chance(device.silence) {
      line.word("result", "unavailable")
    } else if let signer = device.signer {
      let stored = signer.counter
      if !trick.isReplayed || stored == 0 { signer.counter += 1 }
      line.word("result", "valid")
      line.text("key_id", signer.key)
      line.word("environment", "production")
      line.int("counter", signer.counter)
      if stored > 0 { line.int("stored_counter", stored) }
      line.int("risk_metric", device.attestations)
    }
    line.close()
  }

  private func deviceCheck(_ device: Phone, in line: inout JSONLine) {
    line.open("device_check")
    let isSet = device.isMarked || device.hasAccount
    line.word("state", isSet ? "set" : "unset")
    if isSet {
      line.bool("bit0", device.isMarked)
      line.bool("bit1", device.hasAccount)
      line.month("last_update_time", Plan.start - 100 * Time.day)
    }
    line.close()
  }
}
