/// How much a document may hold before it is refused. The limits keep a hostile file from taking time or memory.
public struct YAMLLimits: Hashable, Sendable {
  /// Size of the file in bytes.
  public var bytes: Int
  /// Mappings and sequences inside each other, with aliases followed.
  public var depth: Int
  /// Scalars, mappings and sequences, with every alias counted as all that it stands for.
  public var nodes: Int
  /// Length of one scalar in bytes of UTF-8.
  public var scalarBytes: Int
  /// Problems reported before reading stops.
  public var problems: Int

  /// 16 MiB, 64 levels, a million nodes, 64 KiB a scalar, 100 problems: room for a spec of some hundred thousand lines.
  public static let `default` = YAMLLimits()

  /// Makes limits; what is not given has its default.
  public init(
    bytes: Int = 1 << 24, depth: Int = 64, nodes: Int = 1_000_000, scalarBytes: Int = 1 << 16, problems: Int = 100
  ) {
    // Offsets are stored in 32 bits.
    self.bytes = min(max(bytes, 0), 1 << 30)
    self.depth = depth
    self.nodes = min(max(nodes, 1), 1 << 28)
    self.scalarBytes = scalarBytes
    self.problems = problems
  }
}
