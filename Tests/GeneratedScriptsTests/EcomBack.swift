import Foundation
import GitHubWorkflow
import Testing

/// The ecom-back example: a platform behind webhooks, smoke probes of a list of addresses, a report an environment.
enum EcomBack {
  static let image = "ghcr.io/ecom/ecom-back"
  static let old = "\(image)@sha256:\(String(repeating: "a", count: 64))"
  static let new = "\(image)@sha256:\(String(repeating: "b", count: 64))"

  /// The same release in less time. What is asked stays.
  static let edits = [
    Edit("watch: 5m, check-every: 30s", "watch: 1m, check-every: 1m"),
    Edit("watch: 10m, check-every: 30s", "watch: 1m, check-every: 1m"), Edit("timeout: 20m", "timeout: 1m"),
  ]
  static let example = Result { try Example("ecom-back", edits: edits) }

  /// One of the two environments, and what its names begin with.
  enum Place: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case staging, production

    var testDescription: String { rawValue }
    var prefix: String { rawValue.uppercased() }
    /// The service of the world behind this environment.
    var service: String { "ecom-\(rawValue)" }
    private var host: String { self == .staging ? "staging-api.ecom.example" : "api.ecom.example" }
    private var other: String { self == .staging ? "staging-payment-4d1e.ecom.example" : "payment-4d1e.ecom.example" }

    /// The second address of the list, which is called by its number.
    var probed: String { "https://\(other)/actuator/health/readiness" }
    var hook: String { "hooks-\(rawValue).ecom.example" }
    var token: String { "smoke-token-\(rawValue)-2f6c" }

    var secrets: [String: String] {
      let own = [
        "DEPLOY_WEBHOOK": "https://\(hook)/deploy?key=deploy-key-c4e8",
        "SMOKE_URLS": "https://\(host)/actuator/health, \(probed)", "SMOKE_BEARER_TOKEN": token,
        "ROLLBACK_WEBHOOK": "https://\(hook)/rollback?key=rollback-key-77b0",
        "ROLLBACK_VERIFY_WEBHOOK": "https://\(hook)/verify?key=verify-key-90aa",
        "RELEASE_GATE_METRICS_URL": "https://gateway-\(rawValue)-5e21.ecom.example/internal/release-gate/callbacks",
      ]
      var all = Dictionary(uniqueKeysWithValues: own.map { ("\(prefix)_\($0.key)", $0.value) })
      all["PAGERDUTY_ROUTING_KEY"] = EcomBack.routingKey
      return all
    }

    /// The service of the world, and the platform's webhooks as they answer when all is well.
    fileprivate var traffic: JSON {
      [
        "requests_per_second": 20, "from": ["live": "old"], "hosts": [.string(host), .string(other)],
        "bearer": .string(token),
      ]
    }

    fileprivate var routes: [JSON] {
      func hook(_ path: String, sets: String?) -> JSON {
        let live = "services.\(service).from.live"
        return [
          "host": .string("^\(self.hook)$"), "path": .string("^/\(path)$"), "method": "POST",
          "require_headers": ["idempotency-key": .string("-\\d+-\\d+-\(path)$")], "status": 202,
          "set": .object(sets.map { [live: JSON.string($0)] } ?? [:]),
        ]
      }
      return [
        // A drill only wants to know whether somebody is there.
        [
          "host": .string("^\(self.hook)$"), "method": "POST", "match_body": "\"drill\": ?true", "status": 202,
        ],
        hook("deploy", sets: "$body.version"),
        hook("rollback", sets: "$body.previous"), hook("verify", sets: nil),
        [
          "host": .string("^gateway-\(rawValue)-5e21"), "path": "^/internal/release-gate/callbacks$",
          "json": ["callbacks": ["failed": 0]],
        ],
      ]
    }
  }

  static let routingKey = "routingkey9d1f9d1f9d1f9d1f9d1f9d"

  /// A release that somebody made before, as it is noted on GitHub.
  private static func marked(_ place: Place) -> JSON {
    [
      "environment": .string(place.rawValue), "sha": "aaa", "created_at": "-2d", "task": "liftlock-marker",
      "payload": [
        "liftlock-live": .string(old), "liftlock-state": "promoted", "liftlock-run": "900-1", "liftlock-weight": "100",
        "liftlock-candidate": .string(old), "liftlock-previous": .string("\(image)@sha256:0000"),
        "liftlock-commit": "aaa",
      ],
    ]
  }

  /// A good release into both environments; tests change what they are about. What staging shows is there for a
  /// release into production alone.
  static var scenario: JSON {
    let shown = ["ecom-back/staging", "ecom-back/staging/staging-smoke", "ecom-back/staging/staging-callbacks"]
    return [
      "start": "2026-06-02T09:00:00Z",
      "versions": [
        "old": ["match": "sha256:aaaa", "latency_ms": 2],
        "new": ["match": "sha256:(?!aaaa)", "latency_ms": 2, "rules": []],
      ],
      "services": .object(
        Dictionary(uniqueKeysWithValues: Place.allCases.map { ($0.service, $0.traffic) })),
      "http": .array(Place.allCases.flatMap(\.routes)),
      "registry": [
        "require_login": true, "images": .object(["\(image):abc": .string(String(new.dropFirst(image.count + 1)))]),
      ],
      "github": [
        "repository": "ecom/ecom-back",
        "commits": [
          "abc": [
            "check_runs": [["name": "build"], ["name": "test"]], "pulls": [12],
            "statuses": .array(shown.map { ["context": .string($0)] }),
          ], "aaa": [:],
        ],
        "pulls": ["12": ["head_sha": "abc"]],
        "runs": [
          "1001": ["head_sha": "abc"],
          "990": [
            "workflow": .string(readiness), "status": "completed", "conclusion": "success", "created_at": "-5d",
            "updated_at": "-5d", "event": "schedule",
          ],
        ],
        "approvals": ["1001": [["user": "olga", "environments": ["production"]]]],
        "deployments": .array(Place.allCases.map(marked)),
      ],
    ]
  }

  static let readiness = "ecom-back-readiness-release.yml"

  /// The place of a route in the scenario.
  enum Route: Int { case drill, deploy, rollback, verify, metrics }

  static func route(_ route: Route, of place: Place) -> Int {
    (Place.allCases.firstIndex(of: place) ?? 0) * 5 + route.rawValue
  }

  /// What must not be seen anywhere: of each secret the part that nobody else knows.
  static let hidden = [
    "deploy-key-c4e8", "rollback-key-77b0", "verify-key-90aa", "5e21", "4d1e", "2f6c", routingKey, WorkflowRunner.token,
  ]

  static let github = [
    "GITHUB_RUN_ID": "1001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "GITHUB_REF_NAME": "main",
    "GITHUB_REPOSITORY": "ecom/ecom-back", "GITHUB_REF_TYPE": "branch", "GITHUB_ACTOR": "ann",
    "GITHUB_SERVER_URL": "https://github.com",
  ]

  /// What the scripts get when they are run one by one, as the steps of run 1001.
  static func environment(_ place: Place) -> [String: String?] {
    github.merging(place.secrets) { $1 }.merging(["ARTIFACT": new, "GH_TOKEN": WorkflowRunner.token]) { $1 }
  }
}

/// One run of a workflow of ecom-back, and what it left behind.
struct EcomBackRun {
  let place: EcomBack.Place
  let repository: ReleaseRepository
  let runner: WorkflowRunner
  let run: WorkflowRun

  /// The newest value of each field of the marker, by its name without the prefix.
  var marker: [String: String] { get throws { try repository.ecomMarker(place) } }

  /// The version that is live now.
  var live: String { get throws { try repository.ecomLive(place).last?.version ?? "" } }

  /// What the commit's statuses say: the newest of each context, without the service's name.
  func statuses(_ commit: String = "abc") throws -> [String: String] {
    let all = try repository.state["github"]["commits"][commit]["statuses"].elements
    return all.reversed().reduce(into: [:]) { result, status in
      let context = (status["context"].string ?? "").replacingOccurrences(of: "ecom-back/", with: "")
      result[context] = status["state"].string
    }
  }

  /// The record that the job of this name kept.
  func record(_ job: String = "rollout") throws -> JSON {
    let texts = try repository.texts(under: [runner.temporary(job)])
    let found = texts.first {
      $0.key.contains("/evidence/") && $0.key.hasSuffix(".json") && !$0.key.hasSuffix("-rollback.json")
    }
    return try JSON(parsing: try #require(found).value)
  }

  /// Every address of a webhook that was called, by its path: `deploy`, `rollback`, `verify`.
  var hooks: [String] {
    get throws {
      let start = "http POST https://\(place.hook)/"
      return try repository.calls.filter { $0.hasPrefix(start) }.map { call in
        String(call.dropFirst(start.count).prefix { $0.isLetter })
      }
    }
  }

  var comments: [String] {
    get throws {
      try repository.state["github"]["pulls"]["12"]["comments"].elements.compactMap { $0["body"].string }
    }
  }

  var pages: [JSON] { get throws { try Array(repository.state["pagerduty"].members.values) } }

  /// No secret in what was printed, written down, left lying about, or visible in a process list.
  func expectNoSecret(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let jobs = run.jobs.map { runner.temporary($0.id) }
    var texts = try repository.texts(under: [repository.temporary, repository.checkout] + jobs)
    texts["output"] = runner.output
    texts["summary"] = runner.summary
    texts["calls"] = try repository.calls.filter { !$0.hasPrefix("http ") }.joined(separator: "\n")
    for secret in EcomBack.hidden {
      let found = texts.filter { $0.value.contains(secret) }.keys.sorted()
      #expect(found.isEmpty, "\(secret)", sourceLocation: sourceLocation)
    }
  }
}

extension ReleaseRepository {
  @discardableResult
  static func ecomBack<Result>(
    _ scenario: JSON = EcomBack.scenario, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (ReleaseRepository) throws -> Result
  ) throws -> Result {
    try with(EcomBack.example.get(), scenario, sourceLocation: sourceLocation) { repository in
      try repository.write("ecom-back/Dockerfile", "FROM scratch\n")
      return try body(repository)
    }
  }

  /// Runs the release into an environment from its first gate to its last word.
  func release(
    _ place: EcomBack.Place, without missing: [String] = [], disturbances: [Disturbance] = [],
    interruptedAfter: String = "60s"
  ) throws -> EcomBackRun {
    let runner = WorkflowRunner(self, try example.workflow(place.rawValue), EcomBack.github)
    runner.interruptedAfter = interruptedAfter
    let run = try runner.run(
      event: place == .staging ? "push" : "workflow_dispatch",
      secrets: place.secrets.filter { !missing.contains($0.key) }, disturbances: disturbances)
    return EcomBackRun(place: place, repository: self, runner: runner, run: run)
  }

  func ecomMarker(_ place: EcomBack.Place) throws -> [String: String] {
    let notes = try state["github"]["deployments"].elements.filter {
      $0["task"] == "liftlock-marker" && $0["environment"] == .string(place.rawValue)
    }
    return notes.reduce(into: [:]) { result, note in
      for (key, value) in note["payload"].members { result[String(key.dropFirst("liftlock-".count))] = value.string }
    }
  }

  /// Which version was live, one after the other, each from when on, in milliseconds since 1970.
  func ecomLive(_ place: EcomBack.Place) throws -> [(since: Int, version: String)] {
    try state["history"][place.service].elements.map { entry in
      (Int(entry[0].number ?? 0), entry[1][0][1].string ?? "")
    }
  }
}
