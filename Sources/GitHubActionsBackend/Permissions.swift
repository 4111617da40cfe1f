import GitHubWorkflow
import ReleaseModel

/// What each job's token may do, each with the reason that stands beside it in the file.
enum Permissions {
  private static let contents = Permission("contents", .read, reason: "fetch the generated scripts")
  private static let approvals = Permission("actions", .read, reason: "see who approved this run")

  /// For questions about commits, issues, deployments and pull requests: only the kinds that these gates ask.
  static func gates(_ gates: [Gate]) -> [Permission] {
    func asks(_ isAsked: (Check.Kind) -> Bool) -> Bool {
      gates.contains { gate in
        if case .check(let check) = gate.question { return isAsked(check.check.kind) }
        return false
      }
    }
    let asksChecks = asks { if case .gitHubChecks = $0 { true } else { false } }
    let asksIssues = asks {
      switch $0 {
      case .noOpenIssues, .releaseIssue, .comment: true
      default: false
      }
    }
    let asksSoak = gates.contains { if case .soaked = $0.question { true } else { false } }
    let asksDeployments = asksSoak || asks { if case .stableFor = $0 { true } else { false } }
    let asksRuns = asks { if case .workflowRun = $0 { true } else { false } }
    let asksPullRequest = asks {
      switch $0 {
      case .pullRequestReviews, .confirm, .comment: true
      default: false
      }
    }
    let asksRecords = gates.contains { gate in
      switch gate.question {
      case .recorded, .released, .soaked: true
      case .check: false
      }
    }
    var permissions: [Permission] = []
    if asksRuns { permissions.append(Permission("actions", .read, reason: "ask how other workflows ended")) }
    if asksChecks { permissions.append(Permission("checks", .read, reason: "ask which checks the commit passed")) }
    permissions.append(contents)
    if asksDeployments {
      permissions.append(Permission("deployments", .read, reason: "ask when the last release was and how it ended"))
    }
    if asksIssues { permissions.append(Permission("issues", .read, reason: "read incidents and the release issue")) }
    if asksPullRequest {
      permissions.append(Permission("pull-requests", .read, reason: "read reviews, comments and the description"))
    }
    if asksRecords {
      permissions.append(Permission("statuses", .read, reason: "ask what earlier environments recorded"))
    } else if asksChecks {
      permissions.append(Permission("statuses", .read, reason: "some checks report as commit statuses"))
    }
    return permissions
  }

  /// For a pull request: which files it changes decides whether the gates are asked at all.
  static func beforeMerge(_ gates: [Gate]) -> [Permission] {
    let scope = "pull-requests"
    let reading = Permission(scope, .read, reason: "read the pull request: files, reviews, description")
    return (self.gates(gates).filter { $0.scope != scope } + [reading]).sorted { $0.scope < $1.scope }
  }

  private static let commenting = Permission("pull-requests", .write, reason: "tell of the release on its pull request")

  private static func comments(_ environment: EnvironmentPlan, _ events: [NotificationChannel.Event]) -> Bool {
    environment.channels.contains { named in
      guard case .pullRequest = named.channel.kind else { return false }
      return events.contains(where: named.channel.hears)
    }
  }

  static let approval: [Permission] = [approvals, contents]

  static let releaseIssue: [Permission] = [contents, Permission("issues", .write, reason: "open the release issue")]

  static func housekeeping(_ task: HousekeepingTask) -> [Permission] {
    switch task {
    case .expire: [Permission("actions", .write, reason: "cancel runs that have waited too long"), contents]
    case .reopen:
      [
        Permission("actions", .write, reason: "start runs again that stopped because the window was closed"), contents,
        Permission("statuses", .write, reason: "read which runs stopped for that, and note what was done"),
      ]
    case .announce:
      [contents, Permission("issues", .write, reason: "announce a window, and see what was announced")]
    }
  }

  static func rollout(_ environment: EnvironmentPlan, artifact: Artifact) -> [Permission] {
    var permissions = rollback(environment)
    if !(environment.duties(.release) + environment.duties(.hotfix)).isEmpty {
      permissions = permissions.adding(Permission("issues", .write, reason: "open the follow-up duties"))
    }
    if comments(environment, [.started, .succeeded, .failed, .resting]) {
      permissions = permissions.adding(commenting)
    }
    if !environment.approvals.isEmpty { permissions.append(approvals) }
    if case .github = artifact.registry {
      permissions.append(
        ArtifactVerb(environment, artifact) == .build
          ? Permission("packages", .write, reason: "push the image")
          : Permission("packages", .read, reason: "find the image"))
    }
    return permissions.sorted { $0.scope < $1.scope }
  }

  /// For a rollback wherever it runs. Only a spec with an incident note lets it write issues and comments.
  static func rollback(_ environment: EnvironmentPlan) -> [Permission] {
    var permissions = [contents]
    if environment.spec.target.capabilities.markerOnGitHub {
      permissions.append(
        Permission("deployments", .write, reason: "note the state of the release where it survives the run"))
    }
    if case .azure = environment.spec.target.login {
      permissions.append(Permission("id-token", .write, reason: "log in to Azure without a stored password"))
    }
    if environment.spec.rollback?.incident != nil {
      permissions.append(Permission("issues", .write, reason: "open the incident of a rollback"))
      permissions.append(Permission("pull-requests", .write, reason: "leave the rollback's note on the pull request"))
    }
    if !(environment.duties(.rollback) + environment.duties(.hotfix)).isEmpty {
      permissions = permissions.adding(Permission("issues", .write, reason: "open the follow-up duties"))
    }
    if comments(environment, [.rolledBack, .rollbackFailed]) { permissions = permissions.adding(commenting) }
    permissions.append(Permission("statuses", .write, reason: "record what was proved or taken back, for promotions"))
    return permissions
  }

  /// For an exercise: what the target needs, and nothing on GitHub but the marker where GitHub keeps it.
  static func drill(_ drill: Drill, _ environment: EnvironmentPlan) -> [Permission] {
    guard case .environments = drill.kind else { return [contents] }
    var permissions = [contents]
    if environment.spec.target.capabilities.markerOnGitHub {
      permissions.append(
        Permission("deployments", .write, reason: "keep the marker, which this target has no place for"))
    }
    if case .azure = environment.spec.target.login {
      permissions.append(Permission("id-token", .write, reason: "log in to Azure without a stored password"))
    }
    return permissions
  }

  private static let artifacts = Permission("actions", .read, reason: "read reports that runs left as artifacts")

  static let evaluation: [Permission] = [
    artifacts, contents, Permission("issues", .write, reason: "open an issue about what needs attention"),
  ]

  static let readiness: [Permission] = [artifacts, contents]

  static let rotation: [Permission] = [
    contents, Permission("issues", .write, reason: "open an issue for each secret that is due"),
  ]
}

extension [Permission] {
  /// With the permission, unless there is one for its scope already.
  fileprivate func adding(_ permission: Permission) -> [Permission] {
    contains { $0.scope == permission.scope } ? self : self + [permission]
  }
}
