import Diagnostics

/// One `release.yaml`, read and typed. Names that refer to other parts are located, so that rules can point at them.
public struct ReleaseSpec: Sendable {
  public var service: Located<String>
  public var summary: String?
  public var artifact: Artifact
  /// What a tag must look like to be a release candidate, as a shell pattern and as GitHub's filter.
  public var candidates: Located<TagPattern>?
  public var roles: NamedMap<Role>
  public var secrets: NamedMap<Secret>
  public var sources: NamedMap<MetricSource>
  public var metrics: NamedMap<Metric>
  public var checks: NamedMap<Check>
  public var beforeMerge: BeforeMerge?
  public var environments: NamedMap<EnvironmentSpec>
  public var promotion: NamedMap<PromotionRow>
  public var evidence: Evidence?
  public var notifications: NamedMap<NotificationChannel> = NamedMap()
  public var checklists: NamedMap<Checklist> = NamedMap()
  public var freezes: NamedMap<Freeze> = NamedMap()
  public var hotfix: Hotfix?
  public var drills: NamedMap<Drill> = NamedMap()
  public var readiness: NamedMap<Readiness> = NamedMap()
  public var rotation: Rotation?
  public var backup: Backup?
  public var guidance = Guidance()
  public var slos: NamedMap<ServiceLevelObjective> = NamedMap()
  public var alerts: NamedMap<Alert> = NamedMap()
  /// Fields that were written but could not be read: nobody may call them missing.
  public var broken: Set<BrokenField>

  public init(
    service: Located<String>, summary: String?, artifact: Artifact, candidates: Located<TagPattern>?,
    roles: NamedMap<Role>, secrets: NamedMap<Secret>, sources: NamedMap<MetricSource>, metrics: NamedMap<Metric>,
    checks: NamedMap<Check>, beforeMerge: BeforeMerge?, environments: NamedMap<EnvironmentSpec>,
    promotion: NamedMap<PromotionRow>, evidence: Evidence?, broken: Set<BrokenField> = []
  ) {
    self.service = service
    self.summary = summary
    self.artifact = artifact
    self.candidates = candidates
    self.roles = roles
    self.secrets = secrets
    self.sources = sources
    self.metrics = metrics
    self.checks = checks
    self.beforeMerge = beforeMerge
    self.environments = environments
    self.promotion = promotion
    self.evidence = evidence
    self.broken = broken
  }

  public func isBroken(_ field: String, of object: Span) -> Bool {
    broken.contains(BrokenField(object: object, field: field))
  }
}

/// What is built once and promoted unchanged.
public struct Artifact: Sendable {
  public enum Identity: String, Sendable { case digest }
  public enum Registry: Sendable {
    /// An Azure Container Registry, logged in to with the deploy identity.
    case azure(name: String)
    /// GitHub Packages, logged in to with the workflow's own token.
    case github
  }
  public struct Build: Sendable {
    public let context: String
    public let dockerfile: String
    public init(context: String, dockerfile: String) {
      self.context = context
      self.dockerfile = dockerfile
    }
  }

  public let image: Located<String>
  public let identity: Identity
  public let build: Build?
  public let registry: Registry?
  public let span: Span

  public init(image: Located<String>, identity: Identity, build: Build?, registry: Registry?, span: Span) {
    self.image = image
    self.identity = identity
    self.build = build
    self.registry = registry
    self.span = span
  }
}

/// People with one duty in a release.
public struct Role: Sendable {
  public let title: String?
  /// GitHub users, or teams as `organisation/team`.
  public let reviewers: [Located<String>]
  /// GitHub users who are in the teams among the reviewers: a workflow's own token may not ask who is.
  public let members: [Located<String>]
  public let duty: String?
  public let span: Span

  /// The users by name whose word counts where a workflow has to judge it.
  public var people: [Located<String>] { reviewers.filter { !$0.value.contains("/") } + members }

  public init(
    title: String?, reviewers: [Located<String>], members: [Located<String>] = [], duty: String?, span: Span
  ) {
    self.title = title
    self.reviewers = reviewers
    self.members = members
    self.duty = duty
    self.span = span
  }
}

public struct Secret: Sendable {
  /// Whether a text that should name a secret is an address, which no name can be.
  public static func isAddress(_ name: String) -> Bool { name.contains("://") }

  public enum Risk: String, Sendable { case standard, high }

  public let environments: [Located<String>]
  public let purpose: String
  public let risk: Risk
  public let rotation: Located<TimeSpan>?
  public let isOptional: Bool
  /// What happens without it, when it is optional.
  public let without: String?
  public let span: Span

  public init(
    environments: [Located<String>], purpose: String, risk: Risk, rotation: Located<TimeSpan>?, isOptional: Bool,
    without: String?, span: Span
  ) {
    self.environments = environments
    self.purpose = purpose
    self.risk = risk
    self.rotation = rotation
    self.isOptional = isOptional
    self.without = without
    self.span = span
  }
}

/// Checks that a pull request must pass before it is merged.
public struct BeforeMerge: Sendable {
  public let branches: [String]
  public let paths: [String]
  public let require: [Located<String>]
  public let span: Span

  public init(branches: [String], paths: [String], require: [Located<String>], span: Span) {
    self.branches = branches
    self.paths = paths
    self.require = require
    self.span = span
  }
}

/// The record that every release leaves.
public struct Evidence: Sendable {
  /// A markdown file of the repository in which `{{version}}` and the like are filled in.
  public let template: String?
  /// Where the record is archived, with the date before its name.
  public let directory: String
  /// The name under which the record is uploaded, with `{environment}` in it; `nil`: a name of each run's own.
  public var artifact: String?
  public let span: Span

  /// The name of one environment's record: `{environment}-report` → `staging-report`.
  public func artifactName(in environment: String) -> String? {
    guard var rest = artifact?[...] else { return nil }
    let mark = "{environment}"
    var result = ""
    while !rest.isEmpty {
      if rest.hasPrefix(mark) {
        result += environment
        rest = rest.dropFirst(mark.count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }

  public init(template: String?, directory: String, span: Span) {
    self.template = template
    self.directory = directory
    self.span = span
  }
}

/// Which tags are meant: GitHub's filter pattern, which is also what the scripts test (as an extended regular expression).
public struct TagPattern: Hashable, Sendable {
  /// As GitHub's `on.push.tags` reads it, such as `v[0-9]+.[0-9]+.[0-9]+-rc.[0-9]+`.
  public let filter: String

  public init(filter: String) { self.filter = filter }

  /// GitHub's `!v*-*`: refs that are left out again.
  public var isExclusion: Bool { filter.hasPrefix("!") }

  /// What is wrong with it, or `nil`. GitHub and bash would both take such a filter and match nothing, or not what it says.
  public var problem: String? {
    // What git refuses in names of refs, but for the signs of the pattern itself.
    if let bad = filter.unicodeScalars.first(where: {
      $0.value <= 32 || $0.value == 127 || "~^:".unicodeScalars.contains($0)
    }) {
      return "no tag can have `\(bad)` in its name"
    }
    var isRepeatable = false
    var rest = filter.dropFirst(isExclusion ? 1 : 0)
    if rest.isEmpty { return "there is nothing behind the `!`" }
    if rest.hasPrefix("refs/") { return "GitHub compares the name alone, without `refs/tags/`" }
    while let character = rest.popFirst() {
      switch character {
      case "\\":
        guard rest.popFirst() != nil else { return "nothing follows the last `\\`" }
        isRepeatable = true
      case "[":
        guard let end = rest.firstIndex(of: "]"), end > rest.startIndex else {
          return "this `[` opens no list of characters"
        }
        rest = rest[rest.index(after: end)...]
        isRepeatable = true
      case "]": return "this `]` closes nothing"
      case "?", "+":
        guard isRepeatable else { return "there is nothing before `\(character)` that it could repeat" }
        isRepeatable = false
      case "*": isRepeatable = false
      default: isRepeatable = true
      }
    }
    return nil
  }

  /// The same pattern for `[[ =~ ]]`. In GitHub's filters `*` matches anything but `/`, `**` anything, `?` and `+` repeat
  /// the character before them, `[]` is a class and all else stands for itself.
  /// Source: GitHub's docs, "Workflow syntax", filter pattern cheat sheet.
  public var regularExpression: String {
    var result = "^"
    var characters = Substring(isExclusion ? String(filter.dropFirst()) : filter)
    while let character = characters.popFirst() {
      switch character {
      case "*":
        if characters.first == "*" {
          characters.removeFirst()
          result += ".*"
        } else {
          result += "[^/]*"
        }
      case "[":
        // In a class nothing needs escaping, and a backslash would stand for itself.
        let end = characters.firstIndex(of: "]") ?? characters.endIndex
        result += "[" + characters[..<end] + "]"
        characters = characters[end...].dropFirst()
      case "?", "+": result.append(character)
      case "\\":
        if let escaped = characters.popFirst() { result += Self.escaped(escaped) }
      default: result += Self.escaped(character)
      }
    }
    return result + "$"
  }

  private static func escaped(_ character: Character) -> String {
    ".*?+()[]{}|^$\\".contains(character) ? "\\\(character)" : String(character)
  }
}
