/// A Mermaid flowchart. Names of nodes are numbers with a letter, since a name such as `end` breaks the diagram.
public struct Flowchart: Sendable {
  public enum Shape: Sendable { case box, rounded, question }
  public enum Line: Sendable { case solid, dotted }
  public struct Node: Sendable { fileprivate let name: String }

  private let direction: String
  private var count = 0
  private var nodes: [String] = []
  private var edges: [String] = []

  /// Makes an empty chart; `direction` is Mermaid's: `TD`, `LR`.
  public init(direction: String) { self.direction = direction }

  /// The text of the diagram.
  public var source: String { (["flowchart \(direction)"] + nodes + edges).joined(separator: "\n") }

  /// Adds a node.
  public mutating func node(_ text: String, _ shape: Shape = .box) -> Node {
    count += 1
    let name = "n\(count)"
    let label = mermaidText(text)
    switch shape {
    case .box: nodes.append("  \(name)[\(label)]")
    case .rounded: nodes.append("  \(name)([\(label)])")
    case .question: nodes.append("  \(name){{\(label)}}")
    }
    return Node(name: name)
  }

  /// Adds an arrow.
  public mutating func connect(_ from: Node, _ to: Node, _ label: String? = nil, _ line: Line = .solid) {
    let arrow = line == .solid ? "-->" : "-.->"
    let text = label.map { "|\(mermaidText($0))|" } ?? ""
    edges.append("  \(from.name) \(arrow)\(text) \(to.name)")
  }
}
