/// A name in which `*` stands for any text, also for none: `prod*`, `*smoke*`.
public struct Wildcard: Hashable, Sendable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = text }

  /// Everything.
  public static let every = Wildcard("*")

  /// Whether it is a plain name.
  public var isName: Bool { !text.utf8.contains(UInt8(ascii: "*")) }

  /// Takes time in proportion to the two lengths multiplied at worst, whatever the pattern.
  public func matches(_ name: String) -> Bool {
    let pattern = Array(text.utf8)
    let bytes = Array(name.utf8)
    var index = 0
    var position = 0
    // Where to go on when a literal part does not fit: behind the last star, one byte further in the name.
    var star: (index: Int, position: Int)?
    while position < bytes.count {
      if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
        star = (index, position)
        index += 1
      } else if index < pattern.count, pattern[index] == bytes[position] {
        index += 1
        position += 1
      } else if let last = star {
        star = (last.index, last.position + 1)
        index = last.index + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  public var description: String { text }
}
