import ReleaseModel
import ShellBackend

/// The people of a rehearsal: those whom the spec names, and invented ones for teams whose members it does not.
struct People {
  /// Who pushed.
  static let actor = "ann"

  let organisation: String
  private(set) var teams: [String: [String]] = [:]
  /// Who let the run pass, by environment of GitHub; nobody twice.
  private(set) var approved: [(environment: String, person: String)] = []

  init(_ plan: ReleasePlan, _ environment: EnvironmentPlan) {
    let reviewers = plan.spec.roles.readable.flatMap { $0.value.reviewers.map(\.value) }
    organisation =
      reviewers.lazy.compactMap { $0.split(separator: "/").dropLast().first.map(String.init) }.first ?? "acme"
    for role in plan.spec.roles.readable.map(\.value) {
      for team in role.reviewers.map(\.value) where team.contains("/") {
        let name = team.split(separator: "/").last ?? ""
        let known = role.members.map(\.value)
        teams[team] = known + (1...3).map { "\(name)-\($0)" }
      }
    }
    for approval in environment.approvals {
      let able = approval.reviewers.flatMap { $0.contains("/") ? teams[$0] ?? [] : [$0] }
      let taken = approved.map(\.person) + [Self.actor]
      guard let person = able.first(where: { !taken.contains($0) }) ?? able.first else { continue }
      approved.append((approval.environment, person))
    }
  }
}

/// GitHub as it is before a release: checks green, approvals given, everything recorded that gates ask for.
struct GitHubLikeness {
  let plan: ReleasePlan
  let environment: EnvironmentPlan
  let people: People
  let ref: RefName
  let repository: String

  init(_ plan: ReleasePlan, _ environment: EnvironmentPlan, people: People, ref: RefName, repository: String) {
    self.plan = plan
    self.environment = environment
    self.people = people
    self.ref = ref
    self.repository = repository
  }

  private var checks: [Check] { environment.everyCheck.map(\.check) }

  /// `extra`: deployments that the target keeps its notes in.
  func state(_ extra: [JSON]) -> JSON {
    let names = checks.flatMap { check -> [String] in
      if case .gitHubChecks(let names) = check.kind { names.map(\.value) } else { [] }
    }
    let unique = names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    var state: JSON = [
      "repository": .string(repository), "default_branch": "main",
      "commits": .object([
        Scenario.commit: [
          "check_runs": .array(unique.map { ["name": .string($0)] }), "pulls": [12], "statuses": .array(statuses),
        ], Scenario.commitBefore: [:],
      ]),
      "pulls": [
        "12": [
          "head_sha": .string(Scenario.commit),
          "reviews": .array((1...6).map { ["user": .string("reviewer-\($0)")] }), "comments": .array(comments),
        ]
      ],
      "issues": .array(issues), "deployments": .array(deployments + extra), "runs": .object(runs),
      "approvals": [
        Scenario.run: .array(
          people.approved.map { ["user": .string($0.person), "environments": [.string($0.environment)]] })
      ],
      "teams": .object(people.teams.mapValues { .array($0.map { .string($0) }) }),
    ]
    if ref.isTag {
      state["tags"] = .object([ref.name: ["sha": .string(Scenario.commit)]])
      state["rulesets"] = [
        [
          "id": 7, "name": "tags", "target": "tag", "enforcement": "active",
          "conditions": ["ref_name": ["include": ["~ALL"], "exclude": []]],
          "rules": [["type": "deletion"], ["type": "update"]],
        ]
      ]
    }
    return state
  }

  /// How long ago what gates ask for was recorded: longer than anything has to have been live.
  private var age: JSON {
    let soak =
      environment.gates.map { gate -> TimeSpan in
        if case .soaked(_, let time) = gate.question { time } else { .zero }
      }.max() ?? .zero
    return .string("-\(soak.seconds + 3600)s")
  }

  private var upstreams: [String] {
    environment.gates.compactMap { gate -> String? in
      switch gate.question {
      case .released(let name), .soaked(let name, _): name
      case .recorded(_, let name): name
      case .check: nil
      }
    }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private var statuses: [JSON] {
    var contexts = upstreams.map { "\(plan.service)/\($0)" }
    for gate in environment.gates {
      guard case .recorded(let check, let name) = gate.question else { continue }
      contexts.append("\(plan.service)/\(name)/\(check.name)")
    }
    return contexts.map { ["context": .string($0), "created_at": age] }
  }

  private var deployments: [JSON] {
    let upstream = upstreams.map { name -> JSON in
      [
        "environment": .string(name), "sha": .string(Scenario.commit), "created_at": age,
        "statuses": [["state": "success"]],
      ]
    }
    let stable = checks.compactMap { check -> JSON? in
      guard case .stableFor(let name, let time) = check.kind else { return nil }
      return [
        "environment": .string(name.value), "sha": .string(Scenario.commitBefore),
        "created_at": .string("-\(time.seconds + 3600)s"),
      ]
    }
    return upstream + stable
  }

  private var comments: [JSON] {
    checks.compactMap { check -> JSON? in
      guard case .comment(let text, let role) = check.kind else { return nil }
      let known = plan.spec.roles[role.value]
      let person = known?.people.first?.value ?? known?.reviewers.first.flatMap { people.teams[$0.value]?.first }
      return ["user": .string(person ?? People.actor), "body": .string(text), "created_at": "-1h"]
    }
  }

  private var issues: [JSON] {
    checks.compactMap { check -> JSON? in
      guard case .releaseIssue(let open) = check.kind else { return nil }
      let boxes = ReleaseIssueText.boxes(environment).map { "- [x] \($0)" }.joined(separator: "\n")
      return [
        "title": .string("Release \(ref.name) of \(plan.service) to \(environment.name)"),
        "created_at": .string("-\((open?.seconds ?? 0) + 3600)s"), "association": "MEMBER", "body": .string(boxes),
      ]
    }
  }

  private var runs: [String: JSON] {
    var runs: [String: JSON] = [
      Scenario.run: [
        "workflow": .string("\(plan.service)-\(environment.name).yml"), "head_sha": .string(Scenario.commit),
        "created_at": "-1h",
      ]
    ]
    for (index, check) in checks.enumerated() {
      guard case .workflowRun(let file, _) = check.kind else { continue }
      runs["\(900 + index)"] = [
        "workflow": .string(file), "status": "completed", "conclusion": "success", "created_at": "-1h",
        "updated_at": "-1h", "event": "schedule",
      ]
    }
    return runs
  }
}
