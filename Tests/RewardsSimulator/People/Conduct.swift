/// How an account's owner goes about it; what an honest one does unless something else is said.
struct Conduct {
  /// Which of the account's events are the fraud.
  enum Scope: Sendable { case all, payouts, doctored }

  /// When and how fast ads are watched.
  enum Rhythm: Sendable {
    case human
    /// So many blocks a day of so many ads, over some hours from a local hour on.
    case blocks(Int, ads: Int, from: Double, hours: Double)
  }

  /// Where from.
  enum Whereabouts {
    /// Home, work, carrier and journeys.
    case life
    /// One after the other.
    case homes([Home])
    case places([Place])
    /// Exits of a VPN in these countries, or this part of them proxies that look like homes; so many changes a day.
    case exits([Int], disguised: Double, changes: Int)
  }

  var mark: SimulatedEvent.Mark?
  var scope = Scope.all
  /// The fraud is committed from then on, and until the end or an own one.
  var begin: Int64 = .min
  var end: Int64 = .max

  var rhythm = Rhythm.human
  /// The gap between two rewards and the share by which it varies; nil for a person's.
  var beat: (gap: Int64, jitter: Double)?
  var whereabouts = Whereabouts.life
  /// This part of the ads from one network.
  var bias: (network: AdNetwork, share: Double)?
  /// The part of an ad's length that is really waited for.
  var patience = 1.0

  var doctoring = Doctoring()
  var till = Till()
  var evidence = Evidence()

  /// What is done to callbacks and claims; each the part of the rewards.
  struct Doctoring {
    /// Made up, without a signature.
    var forged = 0.0
    /// Sent again under new ids, so often each, after so long.
    var replayed = 0.0
    var copies = 1
    var replayDelay: ClosedRange<Int64> = 0...0
    /// The game's report says so many times the reward.
    var inflated = 0.0
    var factor = 1.0
    /// Claimed by the game without an ad.
    var claimed = 0.0
    /// Taken back by the network, after so long.
    var reversed = 0.003
    var reversalDelay: ClosedRange<Int64> = 2 * Time.hour...9 * Time.day
  }

  /// How the money is asked for.
  struct Till {
    /// Payouts one after the other, and how long between them.
    var burst = 1
    var pause: ClosedRange<Int64> = 40_000...400_000
    /// Cents of each payout of a burst; 0 for all there is.
    var portion = 0
    /// Never before the account is so old.
    var minimumAge: Int64 = 0
    /// How often the receiver is made up.
    var madeUp = 0.0
    /// Another receiver for each payout.
    var isFresh = false
    /// The receiver is entered so long before a payout; nil where it stays.
    var entered: ClosedRange<Int64>?
    /// How readily a full balance is asked for at a session's end.
    var eagerness = 0.6
  }

  /// What is done to attestations; each the part of those shown.
  struct Evidence {
    /// Asked for minutes or hours before.
    var stale = 0.0
    /// Asked for another request.
    var foreign = 0.0
    /// An assertion that was used before.
    var replayed = 0.0
    /// Kept back.
    var withheld = 0.0
  }
}
