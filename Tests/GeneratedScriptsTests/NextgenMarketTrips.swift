import Testing

/// One thing that goes wrong in a release of nextgen-market, by its name in `EnvironmentPlan.tripwires`, and what
/// must follow.
struct NextgenMarketTrip: Sendable, CustomTestStringConvertible {
  enum Outcome: Sendable, Equatable {
    /// Ends before anything on the target is touched.
    case refused
    /// All traffic goes back to the version before.
    case takenBack
    /// Goes back to this share and rests there, for a person to decide, and is taken back when nobody does.
    case rests(at: Int)
    /// All traffic is back already, and the version there does not do well.
    case unverified
  }

  var name: String
  /// Lays trouble over a world in which all goes well.
  var change: @Sendable (inout JSON) -> Void = { _ in }
  var programs: [String: String] = [:]
  var outcome: Outcome
  /// What the scripts say about it.
  var says: String

  var testDescription: String { name }

  /// The step of the workflow that says no to it before anything is touched.
  func refusal(_ environment: String) -> String {
    guard let (kind, what) = name.firstIndex(of: " ").map({ (name[..<$0], name[name.index(after: $0)...]) }) else {
      return "\(environment)/rollout.sh preflight"
    }
    return switch kind {
    case "approval": "\(environment)/gates.sh approval \(what)"
    case "precondition": "\(environment)/rollout.sh check \(what)"
    default: "\(environment)/gates.sh \(what)"
    }
  }
}

extension NextgenMarket {
  /// The new version behaves like this from a share of the traffic on.
  private static func new(_ rule: JSON, from weight: Int = 0) -> @Sendable (inout JSON) -> Void {
    var rule = rule
    rule["weight_at_least"] = .number(Double(weight))
    return { [rule] in $0["versions"]["new"]["rules"].append(rule) }
  }

  private static func commit(_ change: @escaping @Sendable (inout JSON) -> Void) -> @Sendable (inout JSON) -> Void {
    { change(&$0["github"]["commits"]["abc"]) }
  }

  /// The newest status of that name is a failure.
  private static func failed(_ context: String) -> @Sendable (inout JSON) -> Void {
    commit {
      let statuses = $0["statuses"].elements.map { status -> JSON in
        var status = status
        if status["context"].string == "nextgen-market/\(context)" { status["state"] = "failure" }
        return status
      }
      $0["statuses"] = .array(statuses)
    }
  }

  private static let redTests = commit { $0["check_runs"][1]["conclusion"] = "failure" }

  /// The person who let the release pass the environment before this one lets it pass this one, too; or nobody does.
  private static func approval(_ environment: String, by person: String?) -> @Sendable (inout JSON) -> Void {
    { scenario in
      let approvals = scenario["github"]["approvals"]["1001"].elements.filter {
        $0["environments"][0].string != environment
      }
      scenario["github"]["approvals"]["1001"] = .array(
        approvals + (person.map { [["user": .string($0), "environments": [.string(environment)]]] } ?? []))
    }
  }

  // MARK: - Before anything is touched

  static let devGates = [
    NextgenMarketTrip(name: "gate ci", change: redTests, outcome: .refused, says: "ERROR: CI checks: failed")
  ]

  static let stagingGates = devGates

  static let prodGates = [
    NextgenMarketTrip(
      name: "gate released-in-staging", change: failed("staging"), outcome: .refused,
      says: "ERROR: Released in staging: failed"),
    NextgenMarketTrip(
      name: "gate ready-for-prod", change: { $0["github"]["pulls"]["12"]["comments"][0]["user"] = "mallory" },
      outcome: .refused, says: "ERROR: Declared ready for production: failed"),
    NextgenMarketTrip(
      name: "gate release-issue", change: { $0["github"]["issues"][0]["created_at"] = "-47h" }, outcome: .refused,
      says: "ERROR: Release issue complete: failed"),
    NextgenMarketTrip(
      name: "gate soak",
      change: commit { $0["statuses"][3]["created_at"] = "-23h" }, outcome: .refused,
      says: "ERROR: Live in staging for "),
    NextgenMarketTrip(name: "gate ci", change: redTests, outcome: .refused, says: "ERROR: CI checks: failed"),
    NextgenMarketTrip(
      name: "gate full-smoke", change: failed("staging/full-smoke"), outcome: .refused,
      says: "ERROR: Full smoke suite: failed"),
    NextgenMarketTrip(
      name: "gate load-test", change: failed("staging/load-test"), outcome: .refused,
      says: "ERROR: Load test at 10,000 requests per second: failed"),
    NextgenMarketTrip(
      name: "gate security-scan", change: failed("staging/security-scan"), outcome: .refused,
      says: "ERROR: Security scan: failed"),
    NextgenMarketTrip(
      name: "approval prod-approval-release-manager", change: approval("prod-approval-release-manager", by: nil),
      outcome: .refused, says: "nobody approved this run for prod-approval-release-manager"),
    NextgenMarketTrip(
      name: "approval prod-approval-tech-lead", change: approval("prod-approval-tech-lead", by: "rita"),
      outcome: .refused, says: "one person, two approvals: rita passed"),
    NextgenMarketTrip(
      name: "approval prod", change: approval("prod", by: "tom"), outcome: .refused,
      says: "one person, two approvals: tom passed"),
    NextgenMarketTrip(
      name: "window", change: { $0["start"] = "2026-06-02T01:55:00Z" }, outcome: .refused,
      says: "outside the change window"),
    NextgenMarketTrip(
      name: "precondition staging-latency", change: { $0["queries"][2]["value"] = 500 }, outcome: .refused,
      says: "staging-latency failed; nothing was touched"),
    NextgenMarketTrip(
      name: "precondition headroom", change: { $0["versions"]["old"]["metrics"]["db_pool"] = 15 }, outcome: .refused,
      says: "headroom failed; nothing was touched"),
  ]

  // MARK: - At a share of the traffic

  static let devTroubles = [
    NextgenMarketTrip(
      name: "candidate health", change: new(["health": 503]), outcome: .takenBack, says: "health fails"),
    NextgenMarketTrip(
      name: "verify smoke", change: new(["paths": ["/api/invoices": 500]]), outcome: .takenBack, says: "smoke failed"),
    NextgenMarketTrip(
      name: "rollback when health fails for 30s", change: new(["after_traffic": "1m", "health": 503]),
      outcome: .takenBack,
      says: "rollback condition met: health fails for 30s"),
    NextgenMarketTrip(
      name: "rollback verifies health",
      change: {
        new(["paths": ["/api/invoices": 500]])(&$0)
        $0["versions"]["old"]["health"] = 503
      }, outcome: .unverified, says: "health does not pass on the version before"),
  ]

  static let stagingTroubles = [
    NextgenMarketTrip(
      name: "candidate health", change: new(["health": 503]), outcome: .takenBack,
      says: "health fails on the new version, before any traffic"),
    NextgenMarketTrip(
      name: "step 1 requires error-rate <= 0%", change: new(["error_percent": 0.5], from: 1), outcome: .takenBack,
      says: "required, but not so: error-rate <= 0%"),
    NextgenMarketTrip(
      name: "step 1 requires p95-latency < 100ms", change: new(["p95_ms": 100], from: 1), outcome: .takenBack,
      says: "required, but not so: p95-latency < 100ms"),
    NextgenMarketTrip(
      name: "verify full-smoke", change: new(["paths": ["/api/health/db": 503]]), outcome: .takenBack,
      says: "full-smoke failed"),
    NextgenMarketTrip(
      name: "verify load-test", programs: ["load-test": "exit 1"], outcome: .takenBack, says: "load-test failed"),
    NextgenMarketTrip(
      name: "verify security-scan", programs: ["security-scan": scan(findings: ["7.1"])], outcome: .takenBack,
      says: "security-scan failed"),
    NextgenMarketTrip(
      name: "rollback when error-rate > 1% for 2 checks", change: new(["error_percent": 4], from: 1),
      outcome: .takenBack,
      says: "rollback condition met: error-rate > 1% for 2 checks"),
    NextgenMarketTrip(
      name: "rollback when health fails for 30s", change: new(["after_traffic": "30s", "health": 503]),
      outcome: .takenBack,
      says: "rollback condition met: health fails for 30s"),
    NextgenMarketTrip(
      name: "rollback verifies health",
      change: {
        new(["error_percent": 4], from: 1)(&$0)
        $0["versions"]["old"]["health"] = 503
      }, outcome: .unverified, says: "health does not pass on the version before"),
  ]

  /// Every condition that takes a release into prod back by itself, met at 5 %.
  static let prodConditions = [
    NextgenMarketTrip(
      name: "rollback when error-rate > 1% for 2 checks", change: new(["error_percent": 1.5], from: 5),
      outcome: .takenBack,
      says: "rollback condition met: error-rate > 1% for 2 checks"),
    NextgenMarketTrip(
      name: "rollback when p99-latency > 2000ms for 3 checks", change: new(["p99_ms": 2400], from: 5),
      outcome: .takenBack,
      says: "rollback condition met: p99-latency > 2000ms for 3 checks"),
    NextgenMarketTrip(
      name: "rollback when health fails for 20s", change: new(["after_traffic": "30s", "health": 503]),
      outcome: .takenBack,
      says: "rollback condition met: health fails for 20s"),
    NextgenMarketTrip(
      name: "rollback when db-connections > 19", change: new(["metrics": ["db_pool": 20]], from: 5),
      outcome: .takenBack,
      says: "rollback condition met: db-connections > 19"),
    NextgenMarketTrip(
      name: "rollback when restarts > 2 over 5m", change: new(["metrics": ["restarts": 3]], from: 5),
      outcome: .takenBack,
      says: "rollback condition met: restarts > 2 over 5m"),
  ]

  /// What a step of prod requires at its end, just not reached; what would take the release back at once is not met.
  static func prodRequirements(_ step: Int) -> [NextgenMarketTrip] {
    let weight = [5, 25, 50, 100][step - 1]
    let values: [(String, JSON)] =
      switch step {
      case 1: [("error-rate < 1%", ["error_percent": 1]), ("p99-latency < 2000ms", ["p99_ms": 2000])]
      case 2: [("error-rate < 0.5%", ["error_percent": 0.5]), ("p99-latency < 1000ms", ["p99_ms": 1000])]
      case 3: [("error-rate < 0.2%", ["error_percent": 0.2])]
      default: [("error-rate < 0.1%", ["error_percent": 0.1]), ("p99-latency < slo", ["p99_ms": 500])]
      }
    let pool: [(String, JSON)] = step == 4 ? [] : [("db-connections < 18", ["metrics": ["db_pool": 18]])]
    let machine: [(String, JSON)] = [
      ("cpu < 90%", ["metrics": ["cpu": 90]]), ("memory < 90%", ["metrics": ["memory": 90]]),
    ]
    return (values + pool + machine).map { text, rule in
      NextgenMarketTrip(
        name: "step \(step) requires \(text)", change: new(rule, from: weight),
        outcome: step == 3 ? .rests(at: 25) : .takenBack,
        says: "required, but not so: \(text)")
    }
  }

  static let prodStabilisation: [NextgenMarketTrip] =
    [
      NextgenMarketTrip(
        name: "stabilisation requires error-rate < 0.1%", change: new(["error_percent": 0.1]), outcome: .takenBack,
        says: "required, but not so: error-rate < 0.1%"),
      NextgenMarketTrip(
        name: "stabilisation requires p99-latency < slo", change: new(["p99_ms": 500]), outcome: .takenBack,
        says: "required, but not so: p99-latency < slo"),
      NextgenMarketTrip(
        name: "stabilisation verifies full-smoke", change: new(["paths": ["/api/payments": 503]]), outcome: .takenBack,
        says: "full-smoke fails at the end of the stabilisation"),
      NextgenMarketTrip(
        name: "stabilisation verifies no-critical-alerts", change: new(["metrics": ["alerts": 1]]), outcome: .takenBack,
        says: "no-critical-alerts fails at the end of the stabilisation"),
    ]
    + [("database-integrity", "database-integrity"), ("backup", "verify-backup"), ("scheduled-jobs", "scheduled-jobs")]
    .map { check, program in
      NextgenMarketTrip(
        name: "stabilisation verifies \(check)", programs: [program: "exit 1"], outcome: .takenBack,
        says: "\(check) fails at the end of the stabilisation")
    }

  static let prodCandidate = NextgenMarketTrip(
    name: "candidate smoke", change: new(["paths": ["/api/invoices": 500]]), outcome: .takenBack,
    says: "smoke fails on the new version, before any traffic")

  /// What is looked at once the traffic is back.
  static let prodRollback = [
    NextgenMarketTrip(
      name: "rollback verifies smoke", change: { $0["versions"]["old"]["paths"] = ["/api/invoices": 500] },
      outcome: .unverified, says: "smoke does not pass on the version before"),
    NextgenMarketTrip(
      name: "recovered error-rate < 1% over 2m", change: { $0["versions"]["old"]["error_percent"] = 2 },
      outcome: .unverified, says: "not recovered after"),
  ]

  // MARK: - Emergencies

  static let stagingHotfixTrips = [
    NextgenMarketTrip(name: "gate ci", change: redTests, outcome: .refused, says: "ERROR: CI checks: failed"),
    NextgenMarketTrip(
      name: "verify full-smoke", change: new(["paths": ["/api/health/db": 503]]), outcome: .takenBack,
      says: "full-smoke failed"),
  ]

  static let prodHotfixTrips = [
    NextgenMarketTrip(
      name: "gate released-in-staging-hotfix", change: failed("staging-hotfix"), outcome: .refused,
      says: "ERROR: Released in staging-hotfix: failed"),
    NextgenMarketTrip(
      name: "gate soak", change: commit { $0["statuses"][1]["created_at"] = "-14m" }, outcome: .refused,
      says: "ERROR: Live in staging-hotfix for "),
    NextgenMarketTrip(name: "gate ci", change: redTests, outcome: .refused, says: "ERROR: CI checks: failed"),
    NextgenMarketTrip(
      name: "gate full-smoke", change: failed("staging-hotfix/full-smoke"), outcome: .refused,
      says: "ERROR: Full smoke suite: failed"),
    NextgenMarketTrip(
      name: "approval prod-hotfix-approval-vp-engineering",
      change: approval("prod-hotfix-approval-vp-engineering", by: nil), outcome: .refused,
      says: "nobody approved this run for prod-hotfix-approval-vp-engineering"),
    NextgenMarketTrip(
      name: "approval prod-hotfix", change: approval("prod-hotfix", by: "vera"), outcome: .refused,
      says: "one person, two approvals: vera passed"),
    NextgenMarketTrip(
      name: "precondition headroom", change: { $0["versions"]["old"]["metrics"]["memory"] = 60 }, outcome: .refused,
      says: "headroom failed; nothing was touched"),
    NextgenMarketTrip(
      // The stabilisation asks for it, too: that time all is well.
      name: "verify full-smoke",
      change: {
        $0["faults"] = [
          ["command": "http", "match": "GET .*/api/payments", "nth": "2-30", "kind": "fail", "status": 503]
        ]
      }, outcome: .takenBack, says: "full-smoke failed"),
  ]
}
