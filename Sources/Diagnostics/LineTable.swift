/// Where the lines of a text start. Line ends are LF, CR LF and a lone CR, as YAML has them.
final class LineTable: Sendable {
  /// Offset of each line's first byte; never empty. The first line starts behind a byte order mark.
  let starts: [Int]

  init(_ text: [UInt8]) {
    starts = text.withUnsafeBufferPointer { bytes in
      var starts = [UTF8Text.byteOrderMarkLength(bytes)]
      for index in bytes.indices {
        let byte = bytes[index]
        guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
        let isFirstOfPair =
          byte == UInt8(ascii: "\r") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
        if !isFirstOfPair { starts.append(index + 1) }
      }
      return starts
    }
  }

  /// Index of the line that holds the byte at `offset`.
  func index(ofLineAt offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}
