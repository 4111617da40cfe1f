import Diagnostics
import ReleaseModel

/// Every rule. A new one is a file in `Rules/` and a line here.
public enum RuleCatalogue {
  /// The rules, in the order of the reference page: the matrix, the rollout, the rollback, time, secrets, people, alerts.
  public static let all: [any Rule.Type] = [
    EmptyCellRule.self,
    UnboundCriterionRule.self,
    VacuousGateRule.self,
    UnreachablePassRule.self,
    UnusedCheckRule.self,
    WeakerDownstreamRule.self,
    PromotionBypassRule.self,
    HotfixWaivesEverythingRule.self,
    EnvironmentOrderRule.self,
    AlreadyBlockingRule.self,
    MissingVerificationRule.self,
    RisingWeightsRule.self,
    FallbackNotEarlierRule.self,
    LooserStepRule.self,
    UnjudgedStepRule.self,
    DriverCapabilityRule.self,
    CanaryNotAddressedRule.self,
    MissingRollbackRule.self,
    StagesNotRisingRule.self,
    DeadRollbackConditionRule.self,
    ZeroBaselineRule.self,
    UnknownPlaceholderRule.self,
    BlindCanaryRule.self,
    RepeatedAddressRule.self,
    RegistryMismatchRule.self,
    UnreachableLatencyRule.self,
    WindowBeyondRetentionRule.self,
    UncountedEventsRule.self,
    UnusedMetricRule.self,
    UnusedSourceRule.self,
    ConstantRatioRule.self,
    ContradictingThresholdsRule.self,
    DetectionBudgetRule.self,
    ExposureBudgetRule.self,
    InvertedComparisonRule.self,
    DistantLimitsRule.self,
    UnwatchedMetricRule.self,
    LooserDownstreamRule.self,
    CoarseTicksRule.self,
    DestructiveMigrationRule.self,
    WindowExceedsHoldRule.self,
    ChangeWindowRule.self,
    WindowInsideFreezeRule.self,
    EmptyWindowRule.self,
    NoticeWithoutChannelRule.self,
    JobTimeLimitRule.self,
    LoginOutlivesHoldRule.self,
    SecretScopeRule.self,
    NeedlessSecretScopeRule.self,
    UnusedSecretRule.self,
    SecretLiteralRule.self,
    SecretRotationRule.self,
    OptionalSecretWithoutRule.self,
    SameApproverRule.self,
    ApprovalOutlivesPlatformRule.self,
    UnusedRoleRule.self,
    DrillExerciseRule.self,
    ScheduleTooOftenRule.self,
    NeverRunningScheduleRule.self,
    AlertWithoutPrometheusRule.self,
    AlertConditionRule.self,
    LateAlertRule.self,
    ObjectiveWithoutRatioRule.self,
    QuietObjectiveRule.self,
    ChecklistCheckUnboundRule.self,
    CommentByTeamRule.self,
    ReleaseIssueWithoutChecklistRule.self,
    UnopenedChecklistRule.self,
    DeafChannelRule.self,
  ]

  /// What every rule finds, in file order and without repetitions.
  ///
  /// The rules run on incomplete specs as well, so that one run tells all. `scalars` are the keys and texts of the file
  /// with their places (quotes included); without them the rules about raw text find nothing.
  public static func check(
    _ spec: ReleaseSpec, _ plan: ReleasePlan, scalars: [Located<String>] = []
  ) -> [Diagnostic] {
    let context = RuleContext(spec: spec, plan: plan, scalars: scalars)
    var sink = DiagnosticSink()
    for rule in all { rule.check(context) { sink.report($0) } }
    return sink.sorted()
  }

  /// Whether a diagnostic is about text that must not be shown again, wherever it is read.
  public static func isConfidential(_ diagnostic: Diagnostic) -> Bool { diagnostic.code == SecretLiteralRule.name }

  /// Why errors of this code are a judgement and can be allowed; `nil` when they cannot.
  static func judgement(of code: String) -> String? { all.first { $0.name == code }?.judgement }

  /// What `liftlock explain` says of each rule, in the order of `all`.
  public static let explanations: [Explanation] = all.map { rule in
    Explanation(
      name: rule.name, severity: rule.severity, summary: rule.summary, rationale: rule.rationale,
      failing: rule.failingExample, passing: rule.passingExample, judgement: rule.judgement)
  }
}
