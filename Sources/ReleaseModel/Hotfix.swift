import Diagnostics

/// A declared way around: what it leaves out, who may approve it, and what it creates to be done afterwards.
///
/// Each environment of it becomes an environment of its own, `prod-hotfix`, with the target of `prod`: workflows, scripts,
/// matrix and runbook treat it as any other, so that nothing about it is implied.
public struct Hotfix: Sendable {
  public struct Waiver: Sendable {
    public let criterion: Located<String>
    public let reason: String
    public init(criterion: Located<String>, reason: String) {
      self.criterion = criterion
      self.reason = reason
    }
  }

  public struct Environment: Sendable {
    /// Matrix rows that do not apply on this way.
    public let waives: [Waiver]
    public let approvals: [ApprovalRequirement]
    /// How long the hotfix must have been live in the environment before; `nil`: as in the matrix.
    public let soak: Located<TimeSpan>?
    /// Replaces the rollout; `nil`: as usual.
    public let rollout: Rollout?
    /// Replaces what is verified; `nil`: as usual.
    public let verify: [Located<String>]?
    /// Replaces what is checked before; `nil`: as usual.
    public let before: [Located<String>]?
    public let span: Span

    public init(
      waives: [Waiver], approvals: [ApprovalRequirement], soak: Located<TimeSpan>?, rollout: Rollout?,
      verify: [Located<String>]?, before: [Located<String>]?, span: Span
    ) {
      self.waives = waives
      self.approvals = approvals
      self.soak = soak
      self.rollout = rollout
      self.verify = verify
      self.before = before
      self.span = span
    }
  }

  public let tags: [Located<TagPattern>]
  public let environments: NamedMap<Environment>
  /// Why the change windows and freezes do not hold for it; `nil`: they do.
  public let outsideWindows: String?
  public let span: Span

  public init(
    tags: [Located<TagPattern>], environments: NamedMap<Environment>, outsideWindows: String?, span: Span
  ) {
    self.tags = tags
    self.environments = environments
    self.outsideWindows = outsideWindows
    self.span = span
  }
}

/// The name of the environment that a hotfix takes into `environment`.
public func hotfixEnvironment(_ environment: String) -> String { environment + "-hotfix" }
