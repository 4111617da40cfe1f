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
  /// Named approvals, each by another person.
  case approvals([ApprovalRequirement])

  /// How much it asks: a later promotion must not ask less.
  public var strength: Int {
    switch self {
    case .notApplicable: 0
    case .optional: 1
    case .recommended: 2
    case .requiredForCandidates: 3
    case .required, .approvals: 4
    }
  }

  public var isBlocking: Bool { strength >= 3 }
}

/// One approval, by one person who has one of the roles.
public struct ApprovalRequirement: Sendable {
  public let anyOf: [Located<String>]
  public let span: Span

  public init(anyOf: [Located<String>], span: Span) {
    self.anyOf = anyOf
    self.span = span
  }

  public var roles: [String] { anyOf.map(\.value) }
}

/// The row of the matrix that holds people instead of a check.
public let approvalsCriterion = "approvals"
