import Diagnostics

/// One criterion of the matrix: a cell for every environment that is promoted into.
public struct PromotionRow: Sendable {
  public let cells: NamedMap<Located<PromotionCell>>

  public init(cells: NamedMap<Located<PromotionCell>>) { self.cells = cells }
}

public enum PromotionCell: Sendable {
  case required
  /// Required when the ref is a release candidate, otherwise optional.
  case requiredForCandidates
  case recommended
  case optional
  case notApplicable(reason: String)
  /// The version must have been live in the environment before for this long.
  case soak(TimeSpan, isRequired: Bool)
  /// Named approvals, each by another person.
  case approvals([ApprovalRequirement])

  /// How much it asks: a later promotion must not ask less.
  public var strength: Int {
    switch self {
    case .notApplicable: 0
    case .optional: 1
    case .recommended, .soak(_, isRequired: false): 2
    case .requiredForCandidates: 3
    case .required, .soak(_, isRequired: true), .approvals: 4
    }
  }

  public var isBlocking: Bool { strength >= 3 }
}

/// One approval, by one person who has one of the roles.
public struct ApprovalRequirement: Sendable {
  public let anyOf: [Located<String>]
  /// How long a run may wait for it before it counts as rejected.
  public var within: Located<TimeSpan>?
  public let span: Span

  public init(anyOf: [Located<String>], within: Located<TimeSpan>? = nil, span: Span) {
    self.anyOf = anyOf
    self.within = within
    self.span = span
  }

  public var roles: [String] { anyOf.map(\.value) }
}

/// The row of the matrix that holds people instead of a check.
public let approvalsCriterion = "approvals"
/// The row that holds times: how long a version must have been live in the environment before.
public let soakCriterion = "soak"
