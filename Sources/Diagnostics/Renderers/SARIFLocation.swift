/// Paths as SARIF wants them: URIs by RFC 3986.
enum SARIFLocation {
  /// The artifact location of a path. A relative one is read against the root of the checkout, and so is one in `folder`: code
  /// scanning shows nothing at an absolute place.
  static func artifact(_ given: String, in folder: String?) -> JSONValue {
    var path = given
    if let folder, folder.hasPrefix("/") {
      let start = folder.hasSuffix("/") ? folder : folder + "/"
      if path.hasPrefix(start), path != start { path = String(path.dropFirst(start.count)) }
    }
    if path.hasPrefix("/") {
      return .object([("uri", .string("file://" + percentEncoded(path)))])
    }
    let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return .object([("uri", .string(percentEncoded(relative))), ("uriBaseId", "%SRCROOT%")])
  }

  /// Encodes every byte but the unreserved ones and the slash.
  static func percentEncoded(_ path: String) -> String {
    var output = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "/"):
        output.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        output += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return output
  }
}
