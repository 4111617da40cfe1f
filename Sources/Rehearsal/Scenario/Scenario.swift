import GitHubWorkflow
import ReleaseModel

/// The world as it is before a first-rate release of one environment, made from the plan: the version before is live and
/// well, every gate has a reason to pass, everybody who has to has approved, and every metric has a good value.
public struct Scenario: Sendable {
  /// What the world of stand-ins begins as.
  public var world: JSON
  /// Invented values of all secrets.
  public let secrets: [String: String]
  /// What of each secret nothing may ever show.
  public let marks: [String]
  /// What every runner has: `GITHUB_SHA`, `GITHUB_RUN_ID` and so on.
  public let variables: [String: String]
  /// The event that starts the workflow.
  public let event: String
  /// The programs of the repository that stand-ins take the place of.
  public let programs: [String]
  /// Files that the checkout needs and may lack, such as what the image is built from.
  public let missingFiles: [String]

  /// The versions of the world.
  public static let before = "before"
  public static let candidate = "candidate"

  static let commit = "c0ffee4a1b2c3d4e5f60718293a4b5c6d7e8f901"
  static let commitBefore = "beef00112233445566778899aabbccddeeff0011"
  static let run = "1001"
  static let digestBefore = "sha256:" + String(repeating: "a", count: 64)
  static let digest = "sha256:" + String(repeating: "b", count: 64)

  /// `manifested` is what the manifest without a canary makes of a namespace, where a target is set up by manifests.
  public init(
    plan: ReleasePlan, environment: EnvironmentPlan, workflow: Workflow, manifested: [JSON] = [],
    keepsPrograms: Bool = false
  ) throws {
    let start = try Beginning(environment).moment
    let ref = RefName(environment.spec.trigger, defaultBranch: "main")
    let invented = InventedSecrets(plan, environment)
    let metrics = try LikelyMetrics(environment)
    let likeness = try Likeness(plan, environment, secrets: invented.values, manifested: manifested)
    let people = People(plan, environment)
    let repository = "\(people.organisation)/\(plan.service)"

    var world = likeness.world
    world["start"] = .string(start)
    world["versions"] = [
      Self.before: [
        "match": .string("v1-0-0|:1\\.0\\.0|\(Self.digestBefore)"), "latency_ms": 2, "metrics": metrics.values,
        "paths": Self.paths(environment),
      ],
      Self.candidate: [
        "match": ".", "latency_ms": 2, "ready_seconds": 20, "metrics": metrics.values, "rules": [],
        "paths": Self.paths(environment),
      ],
    ]
    world["services"] = [
      plan.service: [
        "requests_per_second": .number(metrics.requestsPerSecond), "from": likeness.source, "tracks": likeness.tracks,
        "hosts": .array(likeness.hosts),
      ]
    ]
    world["queries"] = .array(metrics.queries)
    world["http"] = .array(likeness.routes + metrics.documents(invented.values, service: plan.service))
    world["webhooks"] = .array(Self.receivers(environment, invented.values))
    world["github"] = GitHubLikeness(plan, environment, people: people, ref: ref, repository: repository)
      .state(likeness.deployments)
    let image = plan.spec.artifact.image.value
    let builds = workflow.jobs.contains { job in
      job.steps.contains { step in
        if case .run(let script) = step.kind { script.text.contains("artifact.sh build") } else { false }
      }
    }
    // What is built is not there yet; what is promoted is.
    world["registry"] = [
      "require_login": .bool(plan.spec.artifact.registry != nil),
      "images": builds ? [:] : ["\(image):\(Self.commit)": .string(Self.digest)],
    ]
    let programs = RepositoryPrograms(plan, environment)
    world["programs"] = .object(
      programs.state.merging(world["programs"].members) { old, new in
        .object(old.members.merging(new.members) { $1 })
      })
    world["faults"] = []
    self.world = world
    secrets = invented.values
    marks = invented.marks
    event = environment.spec.trigger.push == nil && environment.spec.trigger.tags.isEmpty ? "workflow_dispatch" : "push"
    self.programs = keepsPrograms ? [] : world["programs"].members.keys.sorted()
    missingFiles = builds ? (plan.spec.artifact.build.map { [$0.dockerfile] } ?? []) : []
    variables = [
      "GITHUB_RUN_ID": Self.run, "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": Self.commit, "GITHUB_REF_NAME": ref.name,
      "GITHUB_REF_TYPE": ref.isTag ? "tag" : "branch", "GITHUB_REPOSITORY": repository, "GITHUB_ACTOR": People.actor,
      "GITHUB_SERVER_URL": "https://github.com",
    ]
  }

  /// Answers of probes that are to be something else than 200.
  private static func paths(_ environment: EnvironmentPlan) -> JSON {
    var paths: [String: JSON] = [:]
    for check in environment.everyCheck {
      guard case .probe(let probe) = check.check.kind else { continue }
      for request in probe.requests where request.value.status != 200 {
        paths[String(request.value.path.prefix { $0 != "?" })] = .number(Double(request.value.status))
      }
    }
    return .object(paths)
  }

  /// Who listens for notifications. PagerDuty is always there.
  private static func receivers(_ environment: EnvironmentPlan, _ secrets: [String: String]) -> [JSON] {
    environment.channels.compactMap { channel in
      func pattern(_ address: String) -> JSON { .string("^" + escaped(address)) }
      switch channel.channel.kind {
      case .slack(let webhook):
        return secrets[webhook.value].map { ["match": pattern($0), "kind": "slack"] }
      case .statusPage(let address, _, _): return ["match": pattern(address), "kind": "status-page"]
      case .webhook(let address, _): return secrets[address.value].map { ["match": pattern($0)] }
      case .pagerDuty, .pullRequest, .command: return nil
      }
    }
  }
}

extension EnvironmentPlan {
  /// All checks that anything here asks, each once.
  var everyCheck: [NamedCheck] {
    var found: [NamedCheck] = []
    let conditions = rollbackWhen + heldSteps.flatMap { $0.require + $0.failWhen } + recovered
    let watched = conditions.compactMap { condition -> NamedCheck? in
      if case .check(let check) = condition.subject { check } else { nil }
    }
    let asked = gates.compactMap { gate -> NamedCheck? in
      if case .check(let check) = gate.question { check } else { nil }
    }
    let inside = preconditions + candidateChecks + verify + report + rollbackVerify
    let behind = (stabilisation?.verify ?? []) + (database.map { [$0.compatible] } ?? [])
    for check in asked + inside + behind + watched where !found.contains(where: { $0.name == check.name }) {
      found.append(check)
    }
    return found
  }
}

/// TEXT as a regular expression of Python that matches it and nothing else.
func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    if "\\^$.|?*+()[]{}#&-~ ".contains(character) { result += "\\" }
    result.append(character)
  }
  return result
}

/// The host of an address.
func host(of address: String) -> String {
  var rest = address[...]
  if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
  return String(rest.prefix { !"/:?#".contains($0) })
}

/// Twelve digits that look random and are always the same for a name.
func mark(_ name: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  hash ^= hash >> 29
  hash = hash &* 0xbf58_476d_1ce4_e5b9
  hash ^= hash >> 32
  let digits = String(hash, radix: 16)
  return String((String(repeating: "0", count: 16) + digits).suffix(12))
}
