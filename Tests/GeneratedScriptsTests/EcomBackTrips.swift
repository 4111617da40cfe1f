import Testing

/// One way to stop a release of ecom-back or to have it taken back.
struct EcomBackTrip: Sendable, CustomTestStringConvertible {
  enum End: Sendable {
    /// Nothing on the target has changed, and the output says this.
    case refused(String)
    /// The version before is live again, for this reason.
    case takenBack(String)
    /// Taken back, but the version before does not pass its checks.
    case takenBackUnverified
    /// Released all the same; the output says this.
    case releasedSaying(String)
  }

  /// What is tripped, as `EnvironmentPlan.tripwires` has it.
  let wire: String
  let place: EcomBack.Place
  /// How, where there is more than one way.
  let how: String
  let scenario: JSON
  let end: End

  var testDescription: String { "\(place): \(wire)\(how.isEmpty ? "" : ", \(how)")" }

  /// What `gates.sh` is asked for this; nothing for what comes later in the release.
  var gate: String? {
    if wire.hasPrefix("gate ") { return String(wire.dropFirst("gate ".count)) }
    return wire.hasPrefix("approval ") ? wire : nil
  }

  /// Whether the whole release is run to see that this gate holds it up.
  var isProof: Bool {
    wire.hasPrefix("approval ") || (wire == "gate ci" && place == .staging && how == "a check failed")
  }

  private init(
    _ place: EcomBack.Place, _ wire: String, _ how: String, _ end: End, _ change: (inout JSON) -> Void
  ) {
    self.place = place
    self.wire = wire
    self.how = how
    self.end = end
    var scenario = EcomBack.scenario
    change(&scenario)
    self.scenario = scenario
  }

  static let all: [EcomBackTrip] = EcomBack.Place.allCases.flatMap(everywhere) + stagingOnly + productionOnly

  /// What both environments ask.
  private static func everywhere(_ place: EcomBack.Place) -> [EcomBackTrip] {
    let smoke = "\(place.rawValue)-smoke"
    let metrics = EcomBack.route(.metrics, of: place)
    return [
      .init(place, "gate ci", "a check failed", .refused("build ended failure")) {
        $0["github"]["commits"]["abc"]["check_runs"][0]["conclusion"] = "failure"
      },
      .init(
        place, "candidate \(smoke)", "one of two addresses answers 503",
        .takenBack("\(smoke) fails on the new version")
      ) {
        $0["versions"]["new"]["paths"] = ["/actuator/health/readiness": 503]
      },
      .init(
        place, "rollback when \(smoke) fails for 1m", "", .takenBack("rollback condition met: \(smoke) fails for 1m")
      ) {
        $0["versions"]["new"]["rules"] = [["after_traffic": "45s", "health": 503]]
      },
      // Once before the watch, twice in its minute; then for as long as the check is insisted on.
      .init(place, "verify \(smoke)", "", .takenBack("\(smoke) failed")) {
        $0["faults"] = [
          [
            "command": "http", "match": .string("GET \(place.probed)"), "nth": "4-10", "kind": "fail", "status": 503,
          ]
        ]
      },
      .init(
        place, "report \(place.rawValue)-callbacks", "callbacks failed",
        .releasedSaying("\(place.rawValue)-callbacks failed; it is only recommended")
      ) { $0["http"][metrics]["json"]["callbacks"]["failed"] = 2 },
      .init(place, "rollback verifies \(smoke)", "", .takenBackUnverified) {
        $0["versions"]["new"]["health"] = 503
        $0["versions"]["old"]["health"] = 503
      },
    ]
  }

  /// Other ways to trip what both have, in one of them.
  private static var stagingOnly: [EcomBackTrip] {
    [
      .init(.staging, "gate ci", "a check never ran", .refused("test is missing")) {
        $0["github"]["commits"]["abc"]["check_runs"] = [["name": "build"]]
      },
      .init(.staging, "candidate staging-smoke", "no answer", .takenBack("staging-smoke fails on the new version")) {
        $0["versions"]["new"]["health"] = "reset"
      },
      .init(
        .staging, "report staging-callbacks", "the gateway does not answer",
        .releasedSaying("staging-callbacks is unknown; it is only recommended")
      ) { $0["http"][EcomBack.route(.metrics, of: .staging)]["status"] = 500 },
    ]
  }

  private static var productionOnly: [EcomBackTrip] {
    func without(_ status: String) -> (inout JSON) -> Void {
      { scenario in
        let shown = scenario["github"]["commits"]["abc"]["statuses"].elements
        scenario["github"]["commits"]["abc"]["statuses"] = .array(
          shown.filter { $0["context"] != .string("ecom-back/\(status)") })
      }
    }
    func run(_ key: String, _ value: JSON) -> (inout JSON) -> Void {
      { $0["github"]["runs"]["990"][key] = value }
    }
    let readiness = "gate readiness"
    return [
      .init(
        .production, "gate released-in-staging", "", .refused("ecom-back/staging is missing"), without("staging")),
      .init(
        .production, "gate staging-smoke", "", .refused("ecom-back/staging/staging-smoke is missing"),
        without("staging/staging-smoke")),
      .init(
        .production, "gate staging-callbacks", "", .releasedSaying("ecom-back/staging/staging-callbacks is missing"),
        without("staging/staging-callbacks")),
      .init(
        .production, readiness, "it failed", .refused("\(EcomBack.readiness) on main ended failure"),
        run("conclusion", "failure")),
      .init(.production, readiness, "it ran too long ago", .refused("more than 604800s ago")) {
        $0["github"]["runs"]["990"]["created_at"] = "-8d"
        $0["github"]["runs"]["990"]["updated_at"] = "-8d"
      },
      .init(.production, readiness, "it never ran", .refused("\(EcomBack.readiness) has not run on main yet")) {
        $0["github"]["runs"] = ["1001": ["head_sha": "abc"]]
        $0["github"]["workflows"] = [.string(EcomBack.readiness)]
      },
      .init(.production, "approval production", "nobody approved", .refused("production")) {
        $0["github"]["approvals"] = [:]
      },
    ]
  }
}
