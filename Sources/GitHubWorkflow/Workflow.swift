/// A workflow file as typed values. ``WorkflowRenderer`` prints it, ``WorkflowProblems`` checks it, and
/// ``WorkflowInterpreter`` runs it in memory.
public struct Workflow: Sendable, Hashable {
  /// The name that GitHub shows. GitHub rejects a file with `${{` in it here, so that ``WorkflowProblems`` does, too.
  public var name: String
  /// The name of each run; GitHub takes the commit message without one.
  public var runName: Template?
  /// What starts a run.
  public var triggers: [Trigger]
  /// A comment on the line of `on:`, without `#`: it is where zizmor looks for remarks about the whole file.
  public var triggerComment: String?
  /// What every job may do unless it says so itself. Empty is printed as `permissions: {}`: nothing.
  public var permissions: [Permission]
  /// Which runs may not run at the same time.
  public var concurrency: Concurrency?
  /// Environment variables of every step: plain text only, for an expression here could hand a secret to every job.
  public var env: NamedValues<String>
  /// The jobs in the order in which they are printed.
  public var jobs: [Job]
  /// Lines of comment at the top of the file, without `#`.
  public var headerComment: [String]

  /// A workflow; what is not given is not printed, but for the empty permissions.
  public init(
    name: String, runName: Template? = nil, triggers: [Trigger], permissions: [Permission] = [],
    concurrency: Concurrency? = nil, env: NamedValues<String> = [:], jobs: [Job], headerComment: [String] = [],
    triggerComment: String? = nil
  ) {
    self.name = name
    self.runName = runName
    self.triggers = triggers
    self.permissions = permissions
    self.concurrency = concurrency
    self.env = env
    self.jobs = jobs
    self.headerComment = headerComment
    self.triggerComment = triggerComment
  }

  /// The ids of all jobs that this one needs, directly or through others, in the order of the file.
  public func ancestors(of id: String) -> [String] {
    var found: Set<String> = []
    var open = jobs.first { $0.id == id }?.needs ?? []
    while let next = open.popLast() {
      if found.insert(next).inserted { open += jobs.first { $0.id == next }?.needs ?? [] }
    }
    return jobs.map(\.id).filter(found.contains)
  }
}

/// What starts a run of a workflow.
public enum Trigger: Sendable, Hashable {
  /// A push to branches or tags that match, changing paths that match. Empty lists do not filter.
  case push(branches: [String] = [], tags: [String] = [], paths: [String] = [], pathsIgnore: [String] = [])
  /// Something that happens to a pull request. No types means opened, synchronize and reopened.
  case pullRequest(types: [String] = [], branches: [String] = [], paths: [String] = [])
  /// A review of a pull request.
  case pullRequestReview(types: [String] = [])
  /// A person or a program asking for it, with these inputs.
  case workflowDispatch(inputs: [DispatchInput] = [])
  /// Points in time, each as a cron line in UTC: `30 5 * * 1`.
  case schedule([String])
  /// A comment on an issue or a pull request.
  case issueComment(types: [String] = [])

  /// The event as GitHub writes it: `pull_request`.
  public var event: String {
    switch self {
    case .push: "push"
    case .pullRequest: "pull_request"
    case .pullRequestReview: "pull_request_review"
    case .workflowDispatch: "workflow_dispatch"
    case .schedule: "schedule"
    case .issueComment: "issue_comment"
    }
  }
}

/// A question that is asked when a person starts a run.
public struct DispatchInput: Sendable, Hashable {
  /// The kinds of answers.
  public enum Kind: Sendable, Hashable {
    /// Text.
    case string(default: String? = nil)
    /// A box to tick.
    case boolean(default: Bool? = nil)
    /// One of these.
    case choice([String], default: String? = nil)
    /// One of the repository's environments.
    case environment(default: String? = nil)
  }

  /// The name under which expressions find it: `inputs.name`.
  public var name: String
  /// The question.
  public var description: String
  /// The kind of answer.
  public var kind: Kind
  /// True when there is no run without an answer.
  public var isRequired: Bool

  /// A question.
  public init(name: String, description: String, kind: Kind, isRequired: Bool = false) {
    self.name = name
    self.description = description
    self.kind = kind
    self.isRequired = isRequired
  }
}

/// Something that the token of a job may do.
public struct Permission: Sendable, Hashable {
  /// How far a permission goes.
  public enum Access: String, Sendable, Hashable {
    /// Look, but not touch.
    case read
    /// Look and change.
    case write
    /// Not even look.
    case none
  }

  /// What it is about, as GitHub writes it: `id-token`.
  public var scope: String
  /// How far it goes.
  public var access: Access
  /// Why the job needs it, printed as a comment on the same line.
  public var reason: String?

  /// A permission with the reason for it.
  public init(_ scope: String, _ access: Access, reason: String? = nil) {
    self.scope = scope
    self.access = access
    self.reason = reason
  }
}

/// A group of runs or jobs of which GitHub runs one at a time and keeps one waiting.
public struct Concurrency: Sendable, Hashable {
  /// The name of the group.
  public var group: Template
  /// True when a newer run cancels one that is under way.
  public var cancelInProgress: Bool

  /// A group; what is under way is left alone unless said otherwise.
  public init(group: Template, cancelInProgress: Bool = false) {
    self.group = group
    self.cancelInProgress = cancelInProgress
  }
}
